// Menus are <details>, which open without a script. This module closes them on outside clicks and adds arrow keys. It
// also scrolls to the current tab if the tabs do not fit.
import { $, $$, on } from "./dom.js";

const others = (menu) => $$("details[data-menu][open]").filter((open) => open !== menu && !open.contains(menu));
const entries = (menu) => $$("a[href], button:not([disabled])", menu).filter((entry) => entry.offsetParent);

function close(menu) {
  menu.open = false;
  $("summary", menu).focus();
}

function moveFocus(event, menu) {
  const list = entries(menu);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !list.length) return;
  event.preventDefault();
  menu.open = true;
  const at = list.indexOf(document.activeElement);
  list[at < 0 && step < 0 ? list.length - 1 : (at + step + list.length) % list.length].focus();
}

export function start() {
  for (const tab of $$(".tabs [aria-current]")) {
    const tabs = tab.parentElement;
    tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }
  document.addEventListener("click", (event) => {
    const inside = event.target.closest?.("details[data-menu]");
    for (const menu of others(inside)) menu.open = false;
  });
  on("keydown", "details[data-menu]", (event, menu) => {
    if (event.key === "Escape" && menu.open) close(menu);
    else moveFocus(event, menu);
  });
  on("focusout", "details[data-menu][open]", (event, menu) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
