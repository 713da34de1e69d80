// Shows questions that resemble the title while it is typed.
import { debounce, enhance } from "./dom.js";
import { get } from "./server.js";

const SHORTEST_TITLE = 5;

function suggest(field) {
  const box = document.createElement("div");
  box.className = "similar";
  box.setAttribute("aria-live", "polite");
  (field.closest(".field") ?? field).after(box);
  let request;
  const look = async () => {
    request?.abort();
    const title = field.value.trim();
    if (title.length < SHORTEST_TITLE) return box.replaceChildren();
    request = new AbortController();
    try {
      const response = await get(`${field.dataset.similar}?title=${encodeURIComponent(title)}`, { signal: request.signal });
      box.innerHTML = await response.text();
    } catch {
      // What was found for an earlier title may stay: it is only a hint.
    }
  };
  field.addEventListener("input", debounce(look, 400));
  if (field.value) look();
}

export const start = () => enhance("[data-similar]", suggest);
