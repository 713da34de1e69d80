// Helpers of all modules: find elements, listen to events, translated texts.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Calls `handle(event, element)` for events on elements that match, now or later. */
export function on(type, selector, handle, options) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) handle(event, element);
  }, options);
}

/** Calls `setUp(element)` for each match now, and in each fragment that htmx loads later. */
export function enhance(selector, setUp) {
  const done = new WeakSet();
  const enhanceIn = (root) => {
    for (const element of [...(root.matches?.(selector) ? [root] : []), ...$$(selector, root)]) {
      if (done.has(element)) continue;
      done.add(element);
      setUp(element);
    }
  };
  enhanceIn(document);
  document.addEventListener("htmx-after-process", (event) => enhanceIn(event.target));
}

/** A text in the reader's language, which the server has printed into the page. */
export const words = (name) => $("#words").dataset[name];

export function debounce(run, wait) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), wait);
  };
}

/** The key in lower case; of a layout without Latin letters, or during input methods, the letter at its place. */
export function latinKey({ key, code }) {
  if (key.length === 1 && key <= "~") return key.toLowerCase();
  return code?.match(/^Key([A-Z])$/)?.[1].toLowerCase() ?? key;
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
