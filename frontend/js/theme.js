// The colour theme: light, dark, or the system's. It is stored in a cookie, so that the server can print it.
import { $$, on } from "./dom.js";

const YEAR = 365 * 24 * 60 * 60;

function choose(theme) {
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  for (const meta of $$('meta[name="theme-color"]')) meta.content = paper; // the browser's own bars
  show();
}

function show() {
  const now = document.documentElement.dataset.theme ?? "";
  for (const button of $$("[data-theme-set]")) button.setAttribute("aria-pressed", String(button.dataset.themeSet === now));
}

export function start() {
  for (const group of $$(".theme")) group.hidden = false;
  on("click", "[data-theme-set]", (event, button) => choose(button.dataset.themeSet));
  show();
}
