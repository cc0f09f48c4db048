// What was used, emitted and paid today, this week and this month, and what other plans would have
// taken for the same work.

import { byId, make, rebuild, setText } from "./dom.js";
import { day, grams, kilowattHours, lasting, money, percent } from "./text.js";

const NAMES = { today: "Today", week: "This week", month: "This month" };

/** The section of totals. */
export class TotalCards {
  /** Shows them, or why there are none. */
  show({ state }) {
    const totals = state.totals ?? { unavailable: "There is no ledger." };
    setText(byId("totals-sum"), totals.unavailable ? "" : `days of ${totals.time_zone}, the host’s time zone`);
    rebuild(byId("totals"), totals, () =>
      totals.unavailable ? [make("p.empty.card", {}, capital(totals.unavailable))] : [...totals.spans.map(card), method(totals)].filter(Boolean),
    );
  }
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function method(totals) {
  return totals.method && make("details.method", {}, make("summary", {}, "How savings are computed"), make("p.basis", {}, totals.method));
}

function card({ span, from, simulated, line }) {
  const { used, basis } = line;
  return make(
    "article.card.total",
    { "data-span": span },
    make("div.head", {}, make("h3", {}, NAMES[span] ?? span, simulated ? make("span.model", {}, " (simulated)") : ""), make("span.sum", {}, span === "today" ? day(Date.parse(from)) : "since " + day(Date.parse(from)))),
    make("dl.figures", {},
      figure("Energy", used.joules, kilowattHours, used.joules_with_host),
      figure("CO2", used.grams, grams, used.grams_with_host),
      ...(used.money ?? []).map((paid) => figure("Cost", paid.amount, (amount) => money(amount, paid.currency), paid.amount_with_host)),
      used.money ? null : figure("Cost", undefined),
    ),
    comparison(line),
    make("p.basis", {}, basisWords(basis)),
    ...gaps(line).map((text) => make("p.basis", {}, text)),
  );
}

function figure(term, value, format, withHost) {
  return make("div", {}, make("dt", {}, term), make("dd", {}, value === undefined ? "unknown" : format(value), withHost === undefined ? null : make("small", {}, `${format(withHost)} with the host`)));
}

/** Three bars: what was used, and what the blind plan and full power would have taken. */
function comparison(line) {
  const full = line.full_power?.grams ?? line.full_power?.joules;
  const unit = line.full_power?.grams ? grams : kilowattHours;
  if (!full) {
    return make("p.why", {}, "Nothing can be compared yet: that takes a measured profile of the work.");
  }
  const blind = line.blind?.grams ?? line.blind?.joules;
  const most = Math.max(full.would, full.used, blind?.would ?? 0);
  return make(
    "div.compared",
    {},
    make("p.why", {}, (line.full_power.grams ? "CO2: " : "Energy: ") + verdict(full, blind, line)),
    make("dl.bars", {},
      bar("used", full.used, unit, most, "used"),
      blind ? bar("carbon-blind plan", blind.would, unit, most, "blind") : null,
      bar("full power", full.would, unit, most, "full"),
    ),
    make("p.basis", {}, saved(line)),
  );
}

function verdict(full, blind, line) {
  const slow = line.slowdown_ratio === undefined ? "" : `, at a slowdown of ${percent(line.slowdown_ratio)}`;
  return `${saving(full)} full power${blind ? `, ${saving(blind).toLowerCase()} a carbon-blind plan` : ""}${slow}.`;
}

/** "4.9 % less than", "5.5 % more than" */
function saving({ saved_ratio: ratio }) {
  return ratio === undefined ? "Not comparable with" : `${percent(Math.abs(ratio))} ${ratio < 0 ? "more" : "less"} than`;
}

function bar(term, value, format, most, kind) {
  const fill = make("span", { class: kind });
  fill.style.width = (most > 0 ? (100 * value) / most : 0) + "%";
  return make("div", {}, make("dt", {}, term), make("dd", {}, make("span.track", { "aria-hidden": "true" }, fill), format(value)));
}

/** The same in energy and money, where those were compared too. */
function saved(line) {
  const part = (name, words) => {
    const full = line.full_power?.[name]?.saved_ratio;
    const blind = line.blind?.[name]?.saved_ratio;
    return full === undefined ? null : `${words} ${percent(full)}` + (blind === undefined ? "" : ` (against blind ${percent(blind)})`);
  };
  const parts = [part("joules", "energy"), part("money", "cost"), part("grams_with_host", "CO2 with the host")].filter(Boolean);
  return parts.length === 0 ? "" : "Saved against full power: " + parts.join(", ");
}

function basisWords(basis) {
  return [
    ["GPUs", basis.gpus],
    ["energy", basis.energy],
    ["carbon", basis.carbon],
    ["price", basis.price],
    ["host", basis.host],
    ["work", basis.work],
  ]
    .filter(([, words]) => words?.length > 0)
    .map(([name, words]) => `${name}: ${words.join(", ")}`)
    .join("; ");
}

/** What is in no figure. */
function gaps(line) {
  return [
    line.joules_without_signal && `${kilowattHours(line.joules_without_signal)} without a signal are in no grams.`,
    line.joules_without_price && `${kilowattHours(line.joules_without_price)} without a price are in no money.`,
    line.seconds_without_host && `${lasting(line.seconds_without_host)} of GPU time without a known draw of the host.`,
  ].filter(Boolean);
}
