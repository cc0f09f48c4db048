// Figures and times in words. Times are the reader's own, by the daemon's clock; units are kept.

const LOCALE = "en-GB";
const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, { weekday: "short" });
const DAY = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const ZONE = new Intl.DateTimeFormat(LOCALE, { timeZoneName: "short" });

/** The name of the reader's zone, such as "CET". */
export function zone() {
  return ZONE.formatToParts(new Date()).find((part) => part.type === "timeZoneName").value;
}

/** "14:05" */
export function clock(millis) {
  return CLOCK.format(millis);
}

/** "14:05:09" */
export function clockSeconds(millis) {
  return SECONDS.format(millis);
}

/** "Mon 30 Nov" */
export function day(millis) {
  return WEEKDAY.format(millis) + " " + DAY.format(millis);
}

/** "14:05", or "Tue 14:05" where that is another day than now's. */
export function clockNear(millis, now) {
  return sameDay(millis, now) ? clock(millis) : WEEKDAY.format(millis) + " " + clock(millis);
}

function sameDay(one, other) {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** "45 s", "28 min", "3 h 5 min", "2 d 4 h" */
export function lasting(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) {
    return s + " s";
  }
  const min = Math.round(s / 60);
  if (min < 60) {
    return min + " min";
  }
  const hours = Math.floor(min / 60);
  if (hours < 48) {
    return hours + " h" + (min % 60 > 0 ? " " + (min % 60) + " min" : "");
  }
  return Math.floor(hours / 24) + " d" + (hours % 24 > 0 ? " " + (hours % 24) + " h" : "");
}

/** Three significant digits at most and no exponent: "0.042", "3.14", "412", "12,300". */
export function number(value) {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString(LOCALE, { maximumFractionDigits: digits });
}

/** "420 W", "1.84 kW" */
export function watts(value) {
  return Math.abs(value) >= 10_000 ? number(value / 1000) + " kW" : Math.round(value).toLocaleString(LOCALE) + " W";
}

/** "0.42 kWh", "1.2 MWh" */
export function kilowattHours(joules) {
  const kwh = joules / 3.6e6;
  return Math.abs(kwh) >= 10_000 ? number(kwh / 1000) + " MWh" : number(kwh) + " kWh";
}

/** "412 g", "1.3 kg", "2.4 t", of CO2 or its equivalent */
export function grams(value) {
  const size = Math.abs(value);
  if (size >= 1e6) {
    return number(value / 1e6) + " t";
  }
  return size >= 1000 ? number(value / 1000) + " kg" : number(value) + " g";
}

/** "3.1 %" */
export function percent(ratio) {
  const value = ratio * 100;
  return value.toLocaleString(LOCALE, { maximumFractionDigits: Math.abs(value) >= 10 ? 0 : 1 }) + " %";
}

/** "4.20 EUR" */
export function money(amount, currency) {
  const digits = Math.abs(amount) >= 0.1 ? 2 : 4;
  return amount.toLocaleString(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: digits }) + " " + currency;
}

/** "1 GPU", "2 GPUs" */
export function count(n, word) {
  return n + " " + word + (n === 1 ? "" : "s");
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the daemon's, whose instants are in UTC, in the reader's time. */
export function localTimes(text, now) {
  return text.replace(INSTANT, (instant) => {
    const at = Date.parse(instant);
    return sameDay(at, now) ? clockSeconds(at) : clockNear(at, now);
  });
}
