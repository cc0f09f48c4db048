// The GPUs: a card for each, with its figures, why its limit is what it is, and its past and plan on
// the grid's time axis. More than a handful of GPUs get small cards.

import { join, steps, TimeChart } from "./chart.js";
import { byId, draw, make, rebuild, setShown, setText } from "./dom.js";
import { working } from "./grid.js";
import { clockNear, count, lasting, localTimes, percent, watts } from "./text.js";

const MANY = 4;

/** Words for reasons: [what is so, how it is marked]. The mark has a sign, not only a colour. */
const REASONS = {
  chosen: ["set by the policy", "fine"],
  dwelling: ["stays for a moment", "fine"],
  overridden: ["held by an operator", "held"],
  leased: ["leased to a client of Zeus", "held"],
  paused: ["paused", "held"],
  no_signal: ["no signal", "held"],
  no_profile: ["no profile yet", "wait"],
  no_choice: ["only one limit allowed", "fine"],
  measuring: ["measuring full speed", "wait"],
  profiling: ["measuring limits", "wait"],
  no_answer: ["does not answer", "bad"],
  hung: ["hangs", "bad"],
  lost: ["lost", "bad"],
  released: ["driver released", "held"],
  hands_off: ["left alone", "held"],
  writes_spent: ["no write left this hour", "held"],
  hardware_slowdown: ["slowed by its hardware", "held"],
  refused: ["write refused", "bad"],
  retrying: ["write failed, trying again", "bad"],
  without_effect: ["writes without effect", "bad"],
  unwritable: ["only observed", "held"],
  stopping: ["being put back", "held"],
};

const SIGNS = { fine: "●", held: "■", wait: "◌", bad: "✖" };

/** The section of GPUs. */
export class GpuCards {
  constructor() {
    this.host = byId("gpus");
    this.cards = new Map();
  }

  /** The figures of now. */
  showFigures(view) {
    const { gpus } = view.state;
    const key = gpus.map((gpu) => gpu.uuid).join();
    if (this.key !== key) {
      this.key = key;
      this.build(gpus);
    }
    setText(byId("gpus-sum"), total(gpus));
    gpus.forEach((gpu) => this.cards.get(gpu.uuid).showFigures(gpu, view));
  }

  build(gpus) {
    const many = gpus.length > MANY;
    this.host.classList.toggle("many", many);
    this.host.classList.toggle("one", gpus.length === 1);
    this.cards = new Map(gpus.map((gpu) => [gpu.uuid, new GpuCard(gpu, many)]));
    this.host.replaceChildren(...[...this.cards.values()].map((card) => card.node));
    if (gpus.length === 0) {
      this.host.append(make("p.empty.card", {}, "No GPU is known. chase doctor says what the driver allows."));
    }
  }

  /** The charts. */
  showCharts(view) {
    view.state.gpus.forEach((gpu) => this.cards.get(gpu.uuid)?.showChart(gpu, view));
  }
}

function total(gpus) {
  if (gpus.length === 0) {
    return "";
  }
  const draws = gpus.map((gpu) => gpu.reading?.power_watts).filter((draw) => draw !== undefined);
  const sum = draws.reduce((all, draw) => all + draw, 0);
  const missing = gpus.length - draws.length;
  return `${count(gpus.length, "GPU")} ${gpus.length === 1 ? "draws" : "draw"} ${watts(sum)} now` +
    (missing > 0 ? `; ${missing} without a reading` : "");
}

/** One GPU. */
class GpuCard {
  constructor(gpu, small) {
    this.small = small;
    this.chip = make("span.chip");
    this.figures = make("dl.figures");
    this.gauge = make("div.gauge");
    this.why = make("p.why");
    this.facts = make("p.basis");
    this.title = make("h3");
    this.node = make("article.card.gpu", { "data-uuid": gpu.uuid }, make("div.head", {}, this.title, this.chip), this.gauge, this.figures);
    if (!small) {
      this.node.append(this.why, this.facts);
    }
    this.chart = new TimeChart(this.node, {
      label: `Draw and limits of GPU ${gpu.index} in watts over time`,
      height: small ? 96 : 170,
      axes: [{ scale: "watts", unit: " W", range: (min, max) => [0, Math.max(50, (max ?? 0) * 1.06)] }],
      lines: [
        { name: "draw", scale: "watts", path: "line", colour: "--draw", width: 1.5, format: watts },
        { name: "limit", scale: "watts", path: "step", colour: "--limit", width: 2, format: watts },
        { name: "plan", scale: "watts", path: "step", colour: "--limit", width: 2, dash: "dashed", format: watts },
        { name: "floor", scale: "watts", path: "step", colour: "--bound", width: 1.5, dash: "dotted", format: watts },
        { name: "original", scale: "watts", path: "step", colour: "--bound", width: 1.5, format: watts },
        { name: "time held back by the limit", scale: "watts", path: "step", colour: "--bound", hidden: true, format: percent },
      ],
    });
    if (small) {
      this.node.append(make("details", {}, make("summary", {}, "Why this limit"), this.why, this.facts));
    }
  }

  showFigures(gpu, { state, now }) {
    const name = `GPU ${gpu.index}`;
    rebuild(this.title, [name, gpu.model, gpu.simulated], () => [
      name,
      make("span.model", {}, " " + gpu.model.replace(/^(Simulated )?(NVIDIA )?/, "") + (gpu.simulated ? " (simulated)" : "")),
    ]);
    const [words, kind] = REASONS[gpu.reason] ?? [gpu.reason, "wait"];
    this.chip.className = "chip " + kind;
    setText(this.chip, `${SIGNS[kind]} ${words}${gpu.until ? " until " + clockNear(Date.parse(gpu.until), now) : ""}`);
    const limit = gpu.power_limit;
    const shown = [
      ["Draw", gpu.reading?.power_watts, "draw"],
      ["Limit", limit.requested_watts, "limit"],
      ["Floor", limit.allowed_min_watts, "bound"],
      ["Original", limit.original_watts, "bound"],
    ];
    if (state.control.mode === "observe") {
      shown.splice(2, 0, ["Would set", limit.target_watts, "limit"]);
    }
    rebuild(this.figures, shown, () =>
      shown.map(([term, value, colour]) =>
        make("div", { class: colour }, make("dt", {}, term), make("dd", {}, value === undefined ? "unknown" : watts(value))),
      ),
    );
    rebuild(this.gauge, shown, () => [gauge(gpu)]);
    setText(this.why, localTimes(gpu.explanation ?? "", now));
    setText(this.facts, facts(gpu, now));
    this.node.classList.toggle("gone", gpu.contact.state !== "answering");
  }

  showChart(gpu, { state, history, now, range }) {
    const past = history.gpus[gpu.uuid];
    const plan = state.plans?.[gpu.uuid];
    const recorded = past
      ? { times: history.time, columns: [past.draw, past.requested, past.floor, past.original, past.capped] }
      : { times: [], columns: [[], [], [], [], []] };
    const planned = plan
      ? steps(plan.columns.from, plan.columns.to, plan.columns.limit.map((_, i) => working(plan, i)))
      : { times: [], columns: [[]] };
    const [times, draws, limits, floors, originals, capped, plans] = join(recorded, planned).map((column, n) =>
      n === 0 ? column : column.map((value) => value ?? null),
    );
    setShown(this.chart.plot.parentElement, times.length > 0);
    setShown(this.chart.details, times.length > 0);
    this.chart.show({
      columns: [times, draws, limits, plans, floors, originals, capped],
      range,
      now: now / 1000,
      summary: summary(past, plan, state, now),
    });
  }
}

/** Draw, floor, limit and original limit on one scale. The figures beside it say the same. */
function gauge(gpu) {
  const limit = gpu.power_limit;
  const most = limit.original_watts ?? limit.max_watts ?? limit.requested_watts ?? 1;
  const top = Math.max(most, gpu.reading?.power_watts ?? 0);
  const x = (value) => (200 * Math.max(0, value)) / top;
  const parts = [draw("rect", { class: "track", x: 0, y: 5, width: x(most), height: 8, rx: 2 })];
  if (limit.allowed_min_watts !== undefined) {
    parts.push(draw("rect", { class: "allowed", x: x(limit.allowed_min_watts), y: 5, width: x(most - limit.allowed_min_watts), height: 8 }));
  }
  if (gpu.reading?.power_watts !== undefined) {
    parts.push(draw("rect", { class: "draw", x: 0, y: 6.5, width: x(gpu.reading.power_watts), height: 5, rx: 1.5 }));
  }
  if (limit.requested_watts !== undefined) {
    parts.push(draw("rect", { class: "limit", x: Math.min(198, x(limit.requested_watts) - 1), y: 1.5, width: 2, height: 15 }));
  }
  return draw("svg", { viewBox: "0 0 200 18", preserveAspectRatio: "none", "aria-hidden": "true" }, ...parts);
}

function facts(gpu, now) {
  const reading = gpu.reading;
  if (!reading) {
    const since = gpu.contact.since ? ` since ${clockNear(Date.parse(gpu.contact.since), now)}` : "";
    return `No reading: ${gpu.contact.state}${since}${gpu.contact.why ? ", " + gpu.contact.why : ""}.`;
  }
  const job = gpu.job_name ?? gpu.job;
  return [
    job && "job " + job,
    gpu.throttle?.text,
    reading.utilization_ratio !== undefined && percent(reading.utilization_ratio) + " busy",
    reading.sm_clock_megahertz !== undefined && reading.sm_clock_megahertz.toLocaleString("en-GB") + " MHz",
    reading.temperature_celsius !== undefined && reading.temperature_celsius + " °C",
    gpu.energy && `energy from ${gpu.energy.basis === "counter" ? "the GPU’s counter" : "power samples"}`,
    gpu.throughput_source && `work counted by ${gpu.throughput_source === "reported" ? "the job’s reports" : gpu.throughput_source}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function summary(past, plan, state, now) {
  const words = [];
  const draws = past?.draw.filter((value) => value !== null) ?? [];
  if (draws.length > 0) {
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    words.push(`Drew ${between(draws)}, ${watts(mean)} on average (${lasting(now / 1000 - Date.parse(state.server.started_at) / 1000)} since the start).`);
  } else {
    words.push("Nothing is recorded yet.");
  }
  const ahead = plan?.columns.limit ?? [];
  words.push(ahead.length > 0 ? `Planned: ${between(ahead)}${plan.columns.paused.some((share) => share > 0) ? " and pauses, drawn as 0 W" : ""}. ${plan.text}` : "There is no plan ahead.");
  return words.join(" ");
}

/** "420 W to 640 W", or the one value that all have */
function between(values) {
  const [least, most] = [watts(Math.min(...values)), watts(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}
