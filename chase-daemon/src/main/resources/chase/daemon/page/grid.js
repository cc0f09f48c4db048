// The grid: what electricity emits and costs now, the next clean and dirty hours, and a chart of the
// past and the outlook with the GPUs' limits over it.

import { join, steps, TimeChart } from "./chart.js";
import { byId, make, rebuild } from "./dom.js";
import { clock, clockNear, clockSeconds, lasting, number, percent } from "./text.js";
import { colour } from "./theme.js";

/** How far the signal has fallen back (docs/signals.md). */
const LEVELS = {
  live: "the provider’s number for now",
  "provider-forecast": "the provider’s forecast for now",
  "own-forecast": "Chase’s own forecast for now",
  "last-value": "the last number, whose period is over",
  static: "a long-term mean",
  "no-signal": "nothing to act on",
};

/** A shorter period is told by the second. */
const SHORT_MILLIS = 600_000;

/** The first section of the page. */
export class GridSection {
  constructor() {
    this.host = byId("grid-chart");
    this.chart = new TimeChart(this.host, {
      label: "Carbon intensity of the grid and the GPUs’ limits over time",
      height: 260,
      axes: [
        { scale: "grams", range: (min, max) => [0, Math.max(50, (max ?? 0) * 1.12)] },
        { scale: "share", unit: " %", range: () => [0, 112], side: 1 },
      ],
      lines: [
        {
          name: "intensity", scale: "grams", path: "step", colour: "--grid", width: 2,
          fill: (u) => this.shade(u), format: (value) => number(value) + " gCO2/kWh",
        },
        { name: "outlook", scale: "grams", path: "step", colour: "--grid", width: 2, dash: "dashed", format: (value) => number(value) + " gCO2/kWh" },
        { name: "low", scale: "grams", path: "step", colour: "--grid", hidden: true, format: number },
        { name: "high", scale: "grams", path: "step", colour: "--grid", hidden: true, format: number },
        { name: "limits of all GPUs", scale: "share", path: "step", colour: "--limit", width: 2, format: (value) => percent(value / 100) },
        { name: "planned limits", scale: "share", path: "step", colour: "--limit", width: 2, dash: "dashed", format: (value) => percent(value / 100) },
      ],
      bands: [{ series: [3, 2], colour: "--band" }],
      under: (u, context) => this.drawWindows(u, context),
    });
    this.price = null;
  }

  /** The figures of now. */
  showTiles(view) {
    const { state, now } = view;
    const tiles = [intensityTile(state, now), priceTile(state, now), ...windowTiles(state, now)];
    rebuild(byId("tiles"), tiles, () => tiles.map(tile));
  }

  /** The charts. */
  showChart(view) {
    const { state, history, now, range } = view;
    this.state = state;
    const { past, ahead } = state;
    const measured = steps(past.from, past.to, past.grams);
    const outlook = steps(ahead.from, ahead.to, ahead.grams, ahead.low, ahead.high);
    const limits = limitShares(history);
    const plan = planShares(state);
    const columns = join(measured, outlook, limits, plan);
    this.chart.show({ columns: fill(columns), range, now: now / 1000, summary: summary(state, limits, plan) });
    this.showPrices(view);
  }

  showPrices({ state, now, range }) {
    const prices = state.prices;
    if (!prices) {
      return;
    }
    this.price ??= new TimeChart(this.host, {
      label: `Price of electricity in ${prices.currency} for a megawatt hour over time`,
      height: 110,
      aligned: true,
      axes: [{ scale: "price", range: (min, max) => [Math.min(0, min ?? 0), Math.max(10, (max ?? 0) * 1.12)] }],
      lines: [
        { name: "price", scale: "price", path: "step", colour: "--price", width: 2, format: (value) => `${number(value)} ${prices.currency}/MWh` },
      ],
    });
    const line = steps(prices.from, prices.to, prices.price);
    const seen = prices.price;
    this.price.show({
      columns: [line.times, ...line.columns],
      range,
      now: now / 1000,
      summary: seen.length === 0
        ? "No settled price is known."
        : `Settled prices between ${number(Math.min(...seen))} and ${number(Math.max(...seen))} ${prices.currency}/MWh.`,
    });
  }

  /** Clean hours are shaded in one colour and dirty ones in another, by their height in the range. */
  shade(u) {
    const { past, ahead } = this.state;
    const values = [...past.grams, ...ahead.grams];
    const top = u.valToPos(Math.max(...values), "grams", true);
    const bottom = u.valToPos(Math.min(...values), "grams", true);
    if (!(bottom > top)) {
      return colour("--middle-shade");
    }
    const gradient = u.ctx.createLinearGradient(0, bottom, 0, top);
    gradient.addColorStop(0, colour("--clean-shade"));
    gradient.addColorStop(0.5, colour("--middle-shade"));
    gradient.addColorStop(1, colour("--dirty-shade"));
    return gradient;
  }

  /** The next clean and dirty hours as named bars at the top. */
  drawWindows(u, context) {
    for (const [name, ink] of [["clean", "--clean"], ["dirty", "--dirty"]]) {
      const hours = this.state[name];
      if (!hours) {
        continue;
      }
      const { left, top, width } = u.bbox;
      const from = Math.max(left, u.valToPos(Date.parse(hours.from) / 1000, "x", true));
      const to = Math.min(left + width, u.valToPos(Date.parse(hours.to) / 1000, "x", true));
      if (to <= from) {
        continue;
      }
      const scale = devicePixelRatio;
      context.fillStyle = colour(ink);
      context.fillRect(from, top, to - from, 3 * scale);
      context.font = `${11 * scale}px system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillStyle = colour("--ink");
      if (context.measureText(name).width < to - from + 16 * scale) {
        context.fillText(name, (from + to) / 2, top + 6 * scale);
      }
    }
  }
}

/** {name, before, figure, unit, mark, lines, scale} of one tile. */
function tile({ name, before, figure, unit, mark, lines, scale }) {
  return make(
    "div.tile.card",
    {},
    make("h3", {}, name),
    make("p.figure", {}, before ? make("span.unit", {}, before + " ") : null, figure, unit ? make("span.unit", {}, " " + unit) : null, mark ? make("span", { class: "chip " + mark.kind }, mark.text) : null),
    scale ? scaleBar(scale) : null,
    ...lines.map((line) => make("p.basis", {}, line)),
  );
}

/** Where the number stands in its recent range. */
function scaleBar({ low, high, value, plain }) {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  const marker = make("span.marker");
  marker.style.left = share * 100 + "%";
  return make(
    "div.range",
    { "aria-hidden": "true" },
    make("span", {}, number(low)),
    make("span", { class: plain ? "track plain" : "track" }, marker),
    make("span", {}, number(high)),
  );
}

const MARKS = { steady: { text: "◆ steady", kind: "middle" }, low: { text: "▼ low", kind: "clean" }, middle: { text: "◆ middle", kind: "middle" }, high: { text: "▲ high", kind: "dirty" } };

function intensityTile(state, now) {
  const { signal, intensity } = state;
  const current = signal.current;
  if (!current) {
    return {
      name: "Carbon intensity now",
      figure: "unknown",
      lines: [
        signal.provider === "none" ? "no provider is configured" : trouble(signal, "no number has come in"),
        levelWords(signal),
        ...sources(signal),
      ],
    };
  }
  const range = intensity && intensity.high_grams > intensity.low_grams;
  return {
    name: "Carbon intensity now",
    figure: number(current.carbon_intensity_grams_per_kwh),
    unit: "gCO2/kWh",
    mark: MARKS[intensity?.word],
    scale: range ? { low: intensity.low_grams, high: intensity.high_grams, value: current.carbon_intensity_grams_per_kwh } : null,
    lines: [
      intensity?.text.replace(/^\w+: /, ""),
      `${current.origin}, ${current.margin}, ${current.scope}; ${current.provider}, ${current.region}` +
        (current.estimation_method ? ` (${current.estimation_method})` : ""),
      `for ${period(current, now)}, ${age(current, now)}`,
      levelWords(signal),
      signal.trouble && trouble(signal, ""),
      ...sources(signal),
    ].filter(Boolean),
  };
}

/** What providers announce, and what the licences of their data want shown. */
function sources(signal) {
  const data = signal.attributions ?? [];
  return [...(signal.notices ?? []), ...(data.length > 0 ? ["data: " + data.join("; ")] : [])];
}

function levelWords(signal) {
  const words = LEVELS[signal.level.name];
  return `level ${signal.level.number}, ${signal.level.name}${words ? ": " + words : ""}` +
    (signal.trusted ? "" : "; it is not acted on");
}

function trouble(signal, otherwise) {
  return signal.trouble ? signal.trouble.message : otherwise;
}

function period({ valid_from: from, valid_to: to }, now) {
  return hours(Date.parse(from), Date.parse(to), now);
}

/** "10:00–11:00"; of a recording that is played fast with the seconds. */
function hours(from, to, now) {
  return to - from < SHORT_MILLIS
    ? `${clockSeconds(from)}–${clockSeconds(to)}`
    : `${clockNear(from, now)}–${clock(to)}`;
}

/** How old it is: by the end of its period, and by when it came. */
function age(current, now) {
  const over = (now - Date.parse(current.valid_to)) / 1000;
  const fetched = lasting((now - Date.parse(current.fetched_at)) / 1000);
  return over > 0 ? `over for ${lasting(over)}` : `fetched ${fetched} ago`;
}

function priceTile(state, now) {
  const price = state.signal.price;
  if (!price?.current) {
    return {
      name: "Price now",
      figure: price ? "unknown" : "none",
      lines: [price ? trouble(price, "no price has come in") : "no provider of prices is configured"],
    };
  }
  const { current } = price;
  const seen = state.prices?.price ?? [];
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  return {
    name: "Price now",
    figure: number(current.price_per_mwh),
    unit: current.currency + "/MWh",
    scale: high > low ? { low, high, value: current.price_per_mwh, plain: true } : null,
    lines: [
      `${current.origin === "measured" ? "settled" : current.origin}; ${price.provider}, ${price.region}`,
      `for ${period(current, now)}`,
      price.trouble && trouble(price, ""),
      price.trusted ? null : "not acted on",
    ].filter(Boolean),
  };
}

function windowTiles(state, now) {
  return [["clean", "Next clean hours", "low"], ["dirty", "Next dirty hours", "high"]].map(([key, name, word]) => {
    const next = state[key];
    if (!next) {
      return { name, figure: "unknown", lines: ["no outlook that shows any"] };
    }
    const [from, to] = [Date.parse(next.from), Date.parse(next.to)];
    const begun = from <= now;
    return {
      name,
      figure: to - from < SHORT_MILLIS ? clockSeconds(begun ? to : from) : begun ? clockNear(to, now) : hours(from, to, now),
      before: begun ? "until" : to - from < SHORT_MILLIS ? "from" : "",
      mark: { ...MARKS[word], text: MARKS[word].text.slice(0, 1) + " " + key },
      lines: [
        `${begun ? "now, for" : `in ${lasting((from - now) / 1000)}, for`} ${lasting((to - Math.max(from, now)) / 1000)}`,
        `${number(next.grams_per_kwh)} gCO2/kWh on average`,
      ],
    };
  });
}

/** What all GPUs were limited to, as a share of their original limits, in percent. */
function limitShares(history) {
  const gpus = Object.values(history.gpus);
  const shares = history.time.map((_, i) => {
    let now = 0;
    let original = 0;
    for (const gpu of gpus) {
      if (gpu.requested[i] !== null && gpu.original[i] !== null) {
        now += gpu.requested[i];
        original += gpu.original[i];
      }
    }
    return original > 0 ? (100 * now) / original : null;
  });
  return { times: history.time, columns: [shares] };
}

/** The limit that is planned for a period; a share of it that is paused counts as 0 W. */
export function working({ columns }, i) {
  return columns.limit[i] * (1 - (columns.paused[i] ?? 0));
}

/**
 * The same for what is planned, as far as every plan of more than a period reaches. A GPU without
 * one counts with its limit of now.
 */
function planShares(state) {
  const known = state.gpus.filter((gpu) => gpu.power_limit.original_watts !== undefined && gpu.power_limit.requested_watts !== undefined);
  const original = known.reduce((sum, gpu) => sum + gpu.power_limit.original_watts, 0);
  const plans = Object.values(state.plans ?? {});
  const end = Math.min(...plans.filter((plan) => plan.columns.to.length > 1).map((plan) => plan.columns.to.at(-1)));
  const bounds = plans.flatMap((plan) => [...plan.columns.from, ...plan.columns.to]).filter((time) => time <= end);
  const times = original > 0 ? [...new Set(bounds)].sort((a, b) => a - b) : [];
  const shares = times.map((time) => {
    const limits = known.map((gpu) => plannedAt(state.plans[gpu.uuid], time) ?? gpu.power_limit.requested_watts);
    return (100 * limits.reduce((sum, limit) => sum + limit, 0)) / original;
  });
  return { times, columns: [shares] };
}

function plannedAt(plan, time) {
  const i = plan ? plan.columns.from.findLastIndex((start, n) => start <= time && time <= plan.columns.to[n]) : -1;
  return i < 0 ? null : working(plan, i);
}

/**
 * Where sources were joined, a stepped line has no value at the others' times: it holds its last
 * one, as a limit or a period does, up to the end of its own.
 */
function fill(columns) {
  return columns.map((column, n) => (n === 0 ? column : held(column)));
}

function held(column) {
  const last = column.findLastIndex((value) => value !== undefined);
  let value = null;
  return column.map((here, i) => {
    if (here !== undefined) {
      value = here;
    }
    return i > last ? null : value;
  });
}

function summary(state, limits, plan) {
  const { past, ahead } = state;
  const parts = [];
  if (past.grams.length > 0) {
    parts.push(`${extremes(past)} in the past ${lasting(past.to.at(-1) - past.from[0])}`);
  }
  if (ahead.grams.length > 0) {
    parts.push(`${extremes(ahead)} in the outlook of ${lasting(ahead.to.at(-1) - ahead.from[0])}`);
  }
  const words = parts.length === 0 ? ["Nothing is known of the grid."] : [`Electricity emits ${parts.join(", and ")} (gCO2/kWh).`];
  const banded = ahead.low.some((value) => value !== null);
  if (banded) {
    words.push("Four in five values lie in the band.");
  }
  if (state.clean || state.dirty) {
    words.push(state.windows_rule);
  }
  const shares = limits.columns[0].filter((value) => value !== null);
  if (shares.length > 0) {
    words.push(`The limits stood at ${percent(mean(shares) / 100)} of the original ones on average` +
      (plan.columns[0].some((value) => value !== null) ? `, and are planned at ${percent(mean(plan.columns[0].filter((value) => value !== null)) / 100)}.` : "; there is no plan ahead."));
  }
  return words.join(" ");
}

function extremes({ grams }) {
  return `${number(Math.min(...grams))} to ${number(Math.max(...grams))}`;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
