// What the daemon knows, and how it arrives: one stream of server-sent events, and the GPUs' history.

const STREAM = "v1/page/stream";
const HISTORY = "v1/page/history";

/** The server sends something every 15 s, also where nothing changes. */
const SILENCE_MILLIS = 40_000;
const RETRY_MILLIS = 2_000;

/** After a longer gap points are missing, which only the whole history has. */
const GAP_MILLIS = 60_000;

/** Points age from fine to coarse on the server; the whole history is fetched again for that. */
const HISTORY_MILLIS = 3_600_000;

const COLUMNS = ["draw", "requested", "enforced", "floor", "original", "capped"];

/** The daemon as seen from here. `onChange` is called with the names of the sections that changed. */
export class DaemonState {
  constructor(onChange) {
    this.onChange = onChange;
    /** The sections of /v1/page by name; empty until the first event. */
    this.sections = {};
    /** The GPUs' past: `time` in epoch seconds and columns for each UUID. */
    this.history = { time: [], gpus: {} };
    /** Whether events arrive. */
    this.live = false;
    this.heard = null;
    this.fetched = 0;
  }

  /** Follows the daemon until the page is closed. */
  start() {
    this.open();
    setInterval(() => this.watch(), 1_000);
    document.addEventListener("visibilitychange", () => this.watch());
  }

  /** The server's time now, in epoch milliseconds: the browser's clock may be wrong, its ticks are not. */
  now() {
    return this.heard === null ? Date.now() : this.heard.at + performance.now() - this.heard.ticks;
  }

  /** How far the browser's clock is ahead of the server's, in milliseconds. */
  skew() {
    return this.heard === null ? 0 : Date.now() - this.now();
  }

  open() {
    this.stream?.close();
    this.opened = performance.now();
    this.stream = new EventSource(STREAM);
    this.stream.addEventListener("state", (event) => this.merge(JSON.parse(event.data)));
    this.stream.addEventListener("points", (event) => this.append(JSON.parse(event.data)));
    this.stream.addEventListener("end", () => this.lose());
    this.stream.addEventListener("error", () => this.lose());
  }

  /** Notices a stream that has gone silent, and opens one anew that the browser has given up. */
  watch() {
    const since = performance.now() - Math.max(this.opened, this.heard?.ticks ?? 0);
    const givenUp = this.stream.readyState === EventSource.CLOSED && since > RETRY_MILLIS;
    if (givenUp || since > SILENCE_MILLIS) {
      this.lose();
      this.open();
    }
  }

  lose() {
    if (this.live) {
      this.live = false;
      this.onChange(new Set(["connection"]));
    }
  }

  merge(sections) {
    const before = this.sections.server;
    const gap = this.heard === null ? Infinity : performance.now() - this.heard.ticks;
    this.heard = { at: Date.parse(sections.at), ticks: performance.now() };
    const changed = new Set(Object.keys(sections));
    for (const [name, section] of Object.entries(sections)) {
      if (section === null) {
        delete this.sections[name];
      } else {
        this.sections[name] = section;
      }
    }
    if (!this.live) {
      this.live = true;
      changed.add("connection");
    }
    const server = this.sections.server;
    if (before && before.version !== server.version) {
      // Another version has other files.
      location.reload();
      return;
    }
    const restarted = before?.instance !== server.instance;
    if (restarted || gap > GAP_MILLIS || performance.now() - this.fetched > HISTORY_MILLIS) {
      this.fetchHistory();
    }
    this.onChange(changed);
  }

  async fetchHistory() {
    this.fetched = performance.now();
    try {
      const answer = await fetch(HISTORY);
      if (answer.ok) {
        this.history = await answer.json();
        this.onChange(new Set(["history"]));
      }
    } catch {
      // The daemon went away; the next stream asks again.
      this.fetched = -HISTORY_MILLIS;
    }
  }

  append(points) {
    if (points.instance !== this.history.instance) {
      return;
    }
    const { time, gpus } = this.history;
    points.time.forEach((at, i) => {
      const last = time.length - 1;
      if (last >= 0 && at < time[last]) {
        return;
      }
      const to = last >= 0 && at === time[last] ? last : time.push(at) - 1;
      for (const uuid of new Set([...Object.keys(gpus), ...Object.keys(points.gpus)])) {
        gpus[uuid] ??= Object.fromEntries(COLUMNS.map((name) => [name, new Array(to).fill(null)]));
        COLUMNS.forEach((name) => (gpus[uuid][name][to] = points.gpus[uuid]?.[name]?.[i] ?? null));
      }
    });
    const from = Date.parse(this.sections.window?.from ?? 0) / 1000;
    const old = time.findIndex((at) => at >= from);
    if (old > 0) {
      time.splice(0, old);
      Object.values(gpus).forEach((columns) => COLUMNS.forEach((name) => columns[name].splice(0, old)));
    }
    this.onChange(new Set(["history"]));
  }
}
