// Charts over time. They share the time axis and the cursor; each has a line of values under the
// cursor, arrow keys that move it, a sentence of summary, and a table of the same values.

import { draw, make, rebuild, row, setText, table } from "./dom.js";
import { clock, clockNear, clockSeconds, day, lasting } from "./text.js";
import { colour, onThemeChange } from "./theme.js";

/** uPlot comes as a plain script, which index.html loads first. */
const uPlot = window.uPlot;

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** The width of an axis of values. */
const AXIS = 46;
const TABLE_ROWS = 48;

/** A key moves by a share of the time axis, or by several. */
const KEY_STEPS = 96;
const KEYS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -8, PageUp: 8 };
const SYNC = uPlot.sync("chase");

/**
 * Line patterns beside the colours, so that no line is known by its colour alone: [on, off] in
 * pixels.
 */
const DASHES = { solid: [], dashed: [6, 4], dotted: [2, 3] };

/** How a line runs from point to point. */
const PATHS = {
  line: uPlot.paths.linear(),
  step: uPlot.paths.stepped({ align: 1 }),
};

/**
 * One chart.
 *
 * options.label: what it shows, for people who hear it
 * options.height: of the plot, in pixels
 * options.axes: [{scale, unit, range(min, max), side}], the first at the left
 * options.aligned: whether it stands below a chart with an axis at the right
 * options.lines: [{name, scale, path, dash, colour, width, fill(u), format(value), hidden}]
 * options.bands: [{series: [high, low], colour}] by index of a line, from 0
 * options.under(u, context): draws below the lines
 * options.note(at): what else to say about a moment, in a word or two
 */
export class TimeChart {
  constructor(host, options) {
    this.options = options;
    this.shown = null;
    this.readout = make("div.readout");
    this.plot = make("div.plot", {
      tabindex: "0",
      role: "slider",
      "aria-label": options.label + ". Arrow keys move through time.",
      "aria-valuemin": "0",
      "aria-valuemax": "0",
      "aria-valuenow": "0",
      "aria-valuetext": "no values yet",
    });
    this.summary = make("figcaption.summary");
    this.rows = make("div.scroll", { tabindex: "0", role: "region", "aria-label": "Table: " + options.label });
    this.details = make("details", {}, make("summary", {}, "Values as a table"), this.rows);
    host.append(make("figure.chart", {}, this.readout, this.plot, this.summary), this.details);
    this.values = this.makeReadout();
    this.details.addEventListener("toggle", () => this.fillTable());
    this.plot.addEventListener("keydown", (event) => this.move(event));
    this.plot.addEventListener("blur", () => this.point(null));
    new ResizeObserver(() => this.resize()).observe(this.plot);
    onThemeChange(() => this.uplot?.redraw(false, true));
  }

  /** The time under the cursor, and one value for each line beside a swatch of how it is drawn. */
  makeReadout() {
    this.when = make("span.when");
    this.readout.append(this.when);
    return this.options.lines.map((line) => {
      const value = make("b");
      if (line.hidden) {
        return value;
      }
      const swatch = draw("svg", { class: "swatch", viewBox: "0 0 22 8", "aria-hidden": "true" });
      swatch.append(
        draw("line", {
          x1: 0, x2: 22, y1: 4, y2: 4, class: "stroke " + line.colour.slice(2),
          "stroke-dasharray": DASHES[line.dash ?? "solid"].join(" "), "stroke-width": line.width ?? 2,
        }),
      );
      this.readout.append(make("span", { class: "value " + line.name }, swatch, line.name + " ", value));
      return value;
    });
  }

  /**
   * Shows values.
   *
   * @param data.columns epoch seconds, then one column for each line; null for a gap
   * @param data.range [from, to] of the time axis in epoch seconds
   * @param data.now the present in epoch seconds
   * @param data.summary a sentence
   */
  show(data) {
    this.shown = data;
    setText(this.summary, data.summary);
    if (this.uplot) {
      this.uplot.setData(data.columns);
    } else if (this.plot.clientWidth > 0) {
      this.create();
    }
    this.plot.setAttribute("aria-valuemax", String(Math.max(0, data.columns[0].length - 1)));
    this.read();
    this.fillTable();
  }

  create() {
    this.uplot = new uPlot(this.uplotOptions(), this.shown.columns, this.plot);
    SYNC.sub(this.uplot);
  }

  resize() {
    if (this.shown === null || this.plot.clientWidth === 0) {
      return;
    }
    if (this.uplot) {
      this.uplot.setSize({ width: this.plot.clientWidth, height: this.options.height });
    } else {
      this.create();
    }
  }

  uplotOptions() {
    const { axes, lines, bands = [], height } = this.options;
    const scales = { x: { time: true, range: () => this.shown.range } };
    axes.forEach((axis) => (scales[axis.scale] = { range: (u, min, max) => axis.range(min, max) }));
    return {
      width: this.plot.clientWidth,
      height,
      // Without an axis at the right, its place stays free where the chart above has one.
      padding: [10, axes.length > 1 ? 0 : this.options.aligned ? AXIS : 8, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 7, width: 2 },
        sync: { key: SYNC.key, setSeries: false },
      },
      scales,
      axes: [timeAxis(), ...axes.map(valueAxis)],
      series: [
        {},
        ...lines.map((line) => ({
          scale: line.scale,
          show: true,
          stroke: line.hidden ? "transparent" : () => colour(line.colour),
          width: line.hidden ? 0 : line.width ?? 2,
          dash: DASHES[line.dash ?? "solid"],
          fill: line.fill,
          paths: PATHS[line.path],
          points: { show: false },
        })),
      ],
      bands: bands.map((band) => ({
        series: band.series.map((index) => index + 1),
        fill: () => colour(band.colour),
      })),
      hooks: {
        drawClear: [(u) => this.drawUnder(u)],
        draw: [(u) => this.drawNow(u)],
        setCursor: [() => this.read()],
      },
    };
  }

  /** What lies ahead stands on another ground. */
  drawUnder(u) {
    const { ctx, bbox } = u;
    ctx.save();
    const now = Math.max(bbox.left, u.valToPos(this.shown.now, "x", true));
    const right = bbox.left + bbox.width;
    if (now < right) {
      ctx.fillStyle = colour("--ahead");
      ctx.fillRect(now, bbox.top, right - now, bbox.height);
    }
    this.options.under?.(u, ctx);
    ctx.restore();
  }

  drawNow(u) {
    const { ctx, bbox } = u;
    const x = Math.round(u.valToPos(this.shown.now, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) {
      return;
    }
    ctx.save();
    ctx.strokeStyle = colour("--ink");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  /** Shows the values under the cursor; without one, the present's. */
  read() {
    if (this.shown === null) {
      return;
    }
    const { columns, now } = this.shown;
    const under = this.uplot?.cursor.idx ?? null;
    const at = under ?? presentIndex(columns[0], now);
    const time = columns[0][at];
    const when = under === null || time === undefined ? "now" : moment(time, now);
    setText(this.when, when);
    const words = [when];
    this.options.lines.forEach((line, i) => {
      const value = columns[i + 1][at];
      const text = value === null || value === undefined ? "" : line.format(value);
      setText(this.values[i], text);
      if (text !== "") {
        words.push(line.name + " " + text);
      }
    });
    this.plot.setAttribute("aria-valuenow", String(at));
    this.plot.setAttribute("aria-valuetext", words.length > 1 ? words.join(", ") : when + ": no values");
  }

  move(event) {
    if (!this.uplot || this.shown.columns[0].length === 0) {
      return;
    }
    const { range, now, columns } = this.shown;
    const at = columns[0][this.uplot.cursor.idx ?? presentIndex(columns[0], now)];
    const step = (range[1] - range[0]) / KEY_STEPS;
    const to = { Home: range[0], End: range[1] }[event.key] ?? at + step * KEYS[event.key];
    if (event.key === "Escape") {
      this.point(null);
    } else if (Number.isFinite(to)) {
      event.preventDefault();
      this.point(Math.min(range[1], Math.max(range[0], to)));
    }
  }

  /** Moves the cursor of all charts to a moment of this one, or away. */
  point(time) {
    if (this.uplot) {
      const left = time === null ? -10 : this.uplot.valToPos(time, "x");
      this.uplot.setCursor({ left, top: time === null ? -10 : 4 }, true, true);
    }
  }

  /** Fills the table while it is open: some dozens of rows, at even distances in time. */
  fillTable() {
    if (!this.details.open || this.shown === null) {
      return;
    }
    const { columns, now, range } = this.shown;
    const distance = (range[1] - range[0]) / TABLE_ROWS;
    const picked = [];
    columns[0].forEach((time, i) => {
      if (time >= range[0] && time <= range[1] && (picked.length === 0 || time >= columns[0][picked.at(-1)] + distance)) {
        picked.push(i);
      }
    });
    const lines = this.options.lines;
    const rows = picked.map((i) => [
      moment(columns[0][i], now),
      ...lines.map((line, n) => {
        const value = columns[n + 1][i];
        return value === null || value === undefined ? "–" : line.format(value);
      }),
    ]);
    const caption = `${this.options.label}, at most one row for each ${lasting(distance)}. – is unknown.`;
    rebuild(this.rows, [caption, rows], () => [
      table(caption, ["Time", ...lines.map((line) => line.name)], rows.map((cells) => row(cells)), "figures"),
    ]);
  }
}

/** The last moment that has begun. */
function presentIndex(times, now) {
  let at = 0;
  times.forEach((time, i) => {
    if (time <= now) {
      at = i;
    }
  });
  return at;
}

function moment(seconds, now) {
  const millis = seconds * 1000;
  return Math.abs(seconds - now) < 600 ? clockSeconds(millis) : clockNear(millis, now * 1000);
}

function timeAxis() {
  return {
    stroke: () => colour("--soft"),
    font: FONT,
    size: 26,
    gap: 4,
    space: 64,
    grid: { show: false },
    ticks: { stroke: () => colour("--line"), width: 1, size: 5 },
    values: (u, splits, index, space, step) => splits.map((at) => tick(at, step)),
  };
}

/** Midnight names the day. */
function tick(seconds, step) {
  const date = new Date(seconds * 1000);
  if (step < 60) {
    return clockSeconds(date);
  }
  return date.getHours() === 0 && date.getMinutes() === 0 ? day(date) : clock(date);
}

function valueAxis(axis, i) {
  return {
    scale: axis.scale,
    side: axis.side ?? (i === 0 ? 3 : 1),
    stroke: () => colour("--soft"),
    font: FONT,
    size: AXIS,
    gap: 4,
    space: 28,
    grid: { show: i === 0, stroke: () => colour("--line"), width: 1 },
    ticks: { show: false },
    values: (u, splits) => splits.map((value) => (value === null ? "" : value.toLocaleString("en-GB") + (axis.unit ?? ""))),
  };
}

/**
 * Puts columns of several origins on one time axis: the union of all times, with null where a
 * source says nothing.
 *
 * @param sources [{times, columns}] with ascending times
 */
export function join(...sources) {
  const times = [...new Set(sources.flatMap((source) => source.times))].sort((a, b) => a - b);
  const index = new Map(times.map((time, i) => [time, i]));
  return [
    times,
    ...sources.flatMap((source) =>
      source.columns.map((column) => {
        const joined = new Array(times.length).fill(undefined);
        source.times.forEach((time, i) => (joined[index.get(time)] = column[i]));
        return joined;
      }),
    ),
  ];
}

/**
 * The points of periods that a stepped line goes through: each start, and each end after which
 * nothing follows at once, where the line breaks.
 */
export function steps(from, to, ...columns) {
  const times = [];
  const values = columns.map(() => []);
  const push = (time, pick) => {
    times.push(time);
    columns.forEach((column, n) => values[n].push(pick(column)));
  };
  from.forEach((start, i) => {
    push(start, (column) => column[i]);
    if (i === from.length - 1) {
      push(to[i], (column) => column[i]);
    } else if (from[i + 1] > to[i]) {
      push(to[i], () => null);
    }
  });
  return { times, columns: values };
}
