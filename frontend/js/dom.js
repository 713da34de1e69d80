// What every module leans on: finding, listening, the server's words.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Calls `handle(event, element)` for events on elements that match, now or later. */
export function on(type, selector, handle, options) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) handle(event, element);
  }, options);
}

/** Enhances every match now, and in each fragment that htmx brings. */
export function enhance(selector, setUp) {
  const done = new WeakSet();
  const look = (root) => {
    for (const element of [...(root.matches?.(selector) ? [root] : []), ...$$(selector, root)]) {
      if (done.has(element)) continue;
      done.add(element);
      setUp(element);
    }
  };
  look(document);
  document.addEventListener("htmx-after-process", (event) => look(event.target));
}

/** A sentence in the reader's language, printed by the server. */
export const words = (name) => $("#words").dataset[name];

export function debounce(run, wait) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), wait);
  };
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
