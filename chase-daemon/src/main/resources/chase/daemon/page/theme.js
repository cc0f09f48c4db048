// Light and dark: the system's choice, unless the reader makes one, which the browser keeps.

import { byId } from "./dom.js";

const KEY = "chase-theme";
const CHOICES = ["system", "light", "dark"];
const DARK = window.matchMedia("(prefers-color-scheme: dark)");

const changed = [];

/** Called back whenever colours have changed; charts draw anew then. */
export function onThemeChange(callback) {
  changed.push(callback);
}

/** The value of a colour of page.css, such as "--draw". */
export function colour(name) {
  if (!colours.has(name)) {
    colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  }
  return colours.get(name);
}

const colours = new Map();

/** Makes the switch work. Without storage (a private window) the choice lasts as long as the page. */
export function startTheme() {
  const select = byId("theme");
  const kept = read();
  select.value = kept;
  apply(kept);
  select.addEventListener("change", () => {
    apply(select.value);
    try {
      localStorage.setItem(KEY, select.value);
    } catch {
      // Nothing is kept then.
    }
  });
  DARK.addEventListener("change", () => apply(select.value));
}

function read() {
  try {
    const kept = localStorage.getItem(KEY);
    return CHOICES.includes(kept) ? kept : "system";
  } catch {
    return "system";
  }
}

function apply(choice) {
  const dark = choice === "dark" || (choice === "system" && DARK.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  colours.clear();
  changed.forEach((callback) => callback());
}
