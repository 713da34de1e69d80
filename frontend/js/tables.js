// A table's box can be focused to be scrolled by keyboard, so it is a stop only while it has something to scroll to.
import { $$ } from "./dom.js";

function measure(box) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

export function start() {
  const observer = new ResizeObserver((entries) => new Set(entries.map(({ target }) => target.closest(".table-box"))).forEach(measure));
  for (const box of $$(".table-box[tabindex]")) [box, ...box.children].forEach((part) => observer.observe(part));
}
