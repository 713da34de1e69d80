// Menus are <details>, which open without a script. This module closes them on outside clicks and adds arrow keys. It
// also scrolls to the current tab if the tabs do not fit, and fades them where they go on.
import { $, $$, enhance, on } from "./dom.js";

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

function showMoreTabs(tabs) {
  const current = $("[aria-current]", tabs);
  if (current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
  const fade = () => {
    tabs.classList.toggle("more-before", tabs.scrollLeft > 1);
    tabs.classList.toggle("more-after", tabs.scrollLeft + tabs.clientWidth < tabs.scrollWidth - 1);
  };
  tabs.addEventListener("scroll", fade, { passive: true });
  new ResizeObserver(fade).observe(tabs);
}

export function start() {
  enhance(".tabs", showMoreTabs);
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
