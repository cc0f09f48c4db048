// The top of the page: whether the daemon is there, what is out of the ordinary, and one sentence
// that says what Chase does now and why.

import { byId, make, rebuild, setShown, setText } from "./dom.js";
import { clockNear, clockSeconds, count, day, lasting, localTimes, number, percent, watts, zone } from "./text.js";

/** A word that is read before the sentence; the colour only repeats it. */
const LABELS = {
  simulated: "SIMULATED",
  observing: "OBSERVING",
  paused: "PAUSED",
  override: "OVERRIDE",
  lease: "LEASE",
  signal: "SIGNAL",
  no_provider: "NO PROVIDER",
  gpu: "GPU",
  stopping: "STOPPING",
  no_ledger: "NO LEDGER",
};

/** A browser's clock that is further off is worth a word. */
const SKEW_MILLIS = 60_000;

/** Shows everything above the grid, and the foot of the page. */
export function showStatus(daemon) {
  showConnection(daemon);
  const state = daemon.sections;
  if (!state.server) {
    return;
  }
  setText(byId("host"), state.server.host_name ?? "");
  document.title = title(state);
  showNotices(state, daemon);
  setText(byId("lead"), sentence(state, daemon.now()));
  showFooter(state, daemon);
}

function showConnection(daemon) {
  const node = byId("connection");
  node.classList.toggle("lost", !daemon.live && daemon.heard !== null);
  node.classList.toggle("live", daemon.live);
  if (daemon.live) {
    setText(node, "live");
  } else if (daemon.heard !== null) {
    const at = clockSeconds(daemon.heard.at);
    setText(node, `connection lost, showing the state of ${at}; trying again`);
  }
}

function title(state) {
  const now = state.signal?.current?.carbon_intensity_grams_per_kwh;
  return (now === undefined ? "" : number(now) + " g/kWh · ") + "Chase" + (state.server.host_name ? " on " + state.server.host_name : "");
}

function showNotices(state, daemon) {
  const notices = gathered(state.notices ?? []);
  const host = byId("notices");
  setShown(host, notices.length > 0);
  rebuild(host, notices, () =>
    notices.map((notice) =>
      make(
        "li",
        { class: "notice " + notice.severity + " " + notice.kind },
        make("b", {}, LABELS[notice.kind] ?? notice.kind.toUpperCase()),
        " " + localTimes(notice.text, daemon.now()),
      ),
    ),
  );
}

/** One banner for all that is simulated: two of the same name are read as one. */
function gathered(notices) {
  const simulated = notices.filter((notice) => notice.kind === "simulated");
  return simulated.length < 2
    ? notices
    : [
        ...notices.filter((notice) => notice.kind !== "simulated"),
        { ...simulated[0], text: simulated.map((notice) => notice.text).join(" ") },
      ];
}

/** What Chase does now and why. */
export function sentence(state, now) {
  const { control, gpus, signal } = state;
  if (control.stopping) {
    return "Chase is stopping and puts every original limit back.";
  }
  if (gpus.length === 0) {
    return "Chase sees no GPU on this host, so it only watches the grid" + grid(state, ": ") + ".";
  }
  if (control.paused) {
    const until = control.paused_until ? " until " + clockNear(Date.parse(control.paused_until), now) : "";
    return `Chase is paused${until}: the original limits are back on ${all(gpus)}, whatever the grid does.`;
  }
  if (control.mode === "observe") {
    return observed(state);
  }
  const limited = gpus.filter((gpu) => below(gpu));
  const what =
    limited.length === 0
      ? `Chase leaves ${all(gpus)} at ${gpus.length === 1 ? "its original limit" : "their original limits"}`
      : `Chase holds ${limited.length === gpus.length ? all(gpus) : `${limited.length} of ${count(gpus.length, "GPU")}`} at ${limits(limited)}`;
  if (!signal?.trusted) {
    return what + ": there is no signal of the grid that it may act on.";
  }
  return what + grid(state, ": ") + "." + next(state, now) + exceptions(gpus);
}

function observed(state) {
  const { gpus } = state;
  const wanted = gpus.filter((gpu) => below(gpu, "target_watts"));
  const which = wanted.length < gpus.length ? count(wanted.length, "GPU") : gpus.length === 1 ? "it" : "them";
  const would = wanted.length === 0 ? "leave the original limits" : `hold ${which} at ${limits(wanted, "target_watts")}`;
  return `Chase only observes ${all(gpus)} and sets no limit${grid(state, ": ")}. It would ${would}.`;
}

function all(gpus) {
  return gpus.length === 1 ? "the GPU" : gpus.length === 2 ? "both GPUs" : `all ${gpus.length} GPUs`;
}

/** Whether its limit is clearly below the original one. */
function below(gpu, which = "requested_watts") {
  const { [which]: now, original_watts: original } = gpu.power_limit;
  return now !== undefined && original !== undefined && now < original - 0.5;
}

function limits(gpus, which = "requested_watts") {
  const now = gpus.map((gpu) => gpu.power_limit[which]);
  const [low, high] = [Math.min(...now), Math.max(...now)];
  const share = sum(now) / sum(gpus.map((gpu) => gpu.power_limit.original_watts));
  const range = watts(low) === watts(high) ? watts(low) : `${Math.round(low)} to ${watts(high)}`;
  return `${range}, ${percent(share)} of the original ${gpus.length === 1 ? "limit" : "limits"}`;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** Such as ": electricity in DE is at 379 gCO2/kWh, at the high end of its recent range". */
function grid(state, before) {
  const now = state.signal?.current?.carbon_intensity_grams_per_kwh;
  if (now === undefined) {
    return "";
  }
  const place = { low: "at the low end", middle: "in the middle", high: "at the high end" }[state.intensity?.word];
  return `${before}electricity in ${state.signal.region} is at ${number(now)} gCO2/kWh${place ? `, ${place} of its recent range` : ""}`;
}

function next(state, now) {
  const from = state.clean && Date.parse(state.clean.from);
  return from && from > now ? ` Cleaner hours begin in ${lasting((from - now) / 1000)}.` : "";
}

/** GPUs about which something other than the grid decides. */
const EXCEPTIONS = [
  [["overridden"], "held by an operator"],
  [["leased"], "leased to a client of Zeus"],
  [["measuring", "profiling"], "being measured"],
  [["lost", "hung", "no_answer"], "not answering"],
  [["released"], "left to others: their driver is released"],
  [["hands_off", "refused", "retrying", "without_effect"], "left alone after trouble"],
];

function exceptions(gpus) {
  const clauses = EXCEPTIONS.map(([reasons, text]) => {
    const some = gpus.filter((gpu) => reasons.includes(gpu.reason));
    return some.length === 0 ? "" : `${named(some)} ${some.length === 1 ? "is" : "are"} ${text}`;
  }).filter((clause) => clause !== "");
  return clauses.length === 0 ? "" : ` ${clauses.join("; ")}.`;
}

/** "GPU 0", "GPUs 0 and 1", "7 GPUs" */
function named(gpus) {
  const indices = gpus.map((gpu) => gpu.index);
  return gpus.length === 1
    ? "GPU " + indices[0]
    : gpus.length <= 3
      ? "GPUs " + indices.slice(0, -1).join(", ") + " and " + indices.at(-1)
      : count(gpus.length, "GPU");
}

function showFooter(state, daemon) {
  const { server, control } = state;
  const skew = daemon.skew();
  const lines = [
    `Chase ${server.version}, running since ${day(Date.parse(server.started_at))} ${clockNear(Date.parse(server.started_at), Date.parse(server.started_at))}. ` +
      `Policy ${control.policy}${control.promise ? " (" + control.promise + ")" : ""}. ` +
      `The host counts with ${watts(control.host.watts_per_gpu)} for each GPU (${control.host.basis}).`,
    `Times are ${zone()}, by the daemon’s clock.` +
      (Math.abs(skew) > SKEW_MILLIS
        ? ` This browser’s clock is ${lasting(Math.abs(skew) / 1000)} ${skew > 0 ? "ahead" : "behind"}.`
        : ""),
  ];
  rebuild(byId("footer"), lines.join(), () => [
    ...lines.map((line) => make("p", {}, line)),
    make("p", {}, link("metrics", "Metrics"), " · ", link("v1/page", "this page as JSON"), " · ", link("readyz", "ready?")),
  ]);
}

function link(href, text) {
  return make("a", { href }, text);
}
