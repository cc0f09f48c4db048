// The page: it draws what the daemon sends, at most once a frame, and changes nothing there.

import { byId, make, rebuild } from "./dom.js";
import { EventList } from "./events.js";
import { GpuCards } from "./gpus.js";
import { GridSection } from "./grid.js";
import { JobList } from "./jobs.js";
import { DaemonState } from "./state.js";
import { showStatus } from "./status.js";
import { startTheme } from "./theme.js";
import { TotalCards } from "./totals.js";

/** Sections that move the charts. */
const CHARTED = ["history", "past", "ahead", "prices", "plans", "window", "signal"];

/** Charts are drawn anew at most that often. */
const CHART_MILLIS = 500;

/** Parts of the time that the server's window covers: past and outlook in seconds. */
const SPANS = [
  { name: "all", words: "all" },
  { name: "6h", words: "6 h", past: 6 * 3600, ahead: 3 * 3600 },
  { name: "1h", words: "1 h", past: 3600, ahead: 1800 },
];

const daemon = new DaemonState((changed) => schedule(changed));
const grid = new GridSection();
const gpus = new GpuCards();
const jobs = new JobList();
const totals = new TotalCards();
const events = new EventList();

const pending = new Set();
let span = SPANS[0];
let charted = -CHART_MILLIS;
let charts = true;

function schedule(changed) {
  if (pending.size === 0) {
    requestAnimationFrame(render);
  }
  changed.forEach((name) => pending.add(name));
  charts ||= CHARTED.some((name) => changed.has(name));
}

function render() {
  const changed = new Set(pending);
  pending.clear();
  const state = daemon.sections;
  if (!state.server) {
    showStatus(daemon);
    return;
  }
  const view = { state, history: daemon.history, now: daemon.now(), range: range(state), changed };
  showStatus(daemon);
  grid.showTiles(view);
  gpus.showFigures(view);
  jobs.show(view);
  totals.show(view);
  events.show(view);
  if (charts) {
    drawCharts(view);
  }
  if (document.documentElement.dataset.ready !== "true") {
    document.documentElement.dataset.ready = "true";
    performance.mark("ready");
  }
}

/** Draws now, or as soon as the last drawing is old enough. */
function drawCharts(view) {
  const wait = charted + CHART_MILLIS - performance.now();
  if (wait > 0) {
    setTimeout(() => schedule(new Set(["time"])), wait);
    return;
  }
  charts = false;
  charted = performance.now();
  grid.showChart(view);
  gpus.showCharts(view);
}

/** The time axis of all charts, in epoch seconds. */
function range(state) {
  const from = Date.parse(state.window.from) / 1000;
  const to = Date.parse(state.window.to) / 1000;
  showSpans(daemon.now() / 1000 - from);
  if (!span.past) {
    return [from, to];
  }
  const now = daemon.now() / 1000;
  return [Math.max(from, now - span.past), Math.min(to, now + span.ahead)];
}

/** Offers what is shorter than the whole; a recording played fast has no hours to choose from. */
function showSpans(past) {
  const offered = SPANS.filter((one) => !one.past || one.past < past * 0.9);
  const host = byId("span");
  host.hidden = offered.length < 2;
  if (!offered.includes(span)) {
    span = SPANS[0];
  }
  rebuild(host, offered, () => [
    host.querySelector("legend"),
    ...offered.map((one) => {
      const input = make("input", { type: "radio", name: "span", value: one.name, checked: one === span });
      input.addEventListener("change", () => {
        span = one;
        charts = true;
        charted = -CHART_MILLIS;
        schedule(new Set(["window"]));
      });
      return make("label", {}, input, make("span", {}, one.words));
    }),
  ]);
}

startTheme();
daemon.start();
// Ages and what is past move on without the daemon.
setInterval(() => schedule(new Set(["time"])), 1_000);
