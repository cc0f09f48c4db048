// What happened, newest first.

import { byId, make, rebuild, setText } from "./dom.js";
import { clockSeconds, day, localTimes } from "./text.js";

/** The section of events. */
export class EventList {
  /** Shows them all; the list scrolls in itself. */
  show({ state, now }) {
    const events = state.events ?? [];
    rebuild(byId("events"), events, () => (events.length === 0 ? [make("li.empty", {}, "Nothing has happened yet.")] : events.map((event) => item(event, now))));
    setText(byId("events-sum"), events.length === 0 ? "" : `the last ${events.length}, newest first`);
  }
}

function item(event, now) {
  const at = Date.parse(event.at);
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return make(
    "li",
    { class: event.kind },
    make("time", { datetime: event.at }, (today ? "" : day(at) + " ") + clockSeconds(at)),
    make("span.kind", {}, event.kind.replaceAll("_", " ")),
    make("span", {}, localTimes(event.text, now)),
  );
}
