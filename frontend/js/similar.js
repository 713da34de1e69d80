// Suggests similar questions while a title is typed, below the editor so that it stays where it is.
import { debounce, enhance } from "./dom.js";
import { get } from "./server.js";

function setUp(field) {
  const place = Object.assign(document.createElement("div"), { className: "similar" });
  place.setAttribute("aria-live", "polite");
  (field.form.querySelector(".actions") ?? field.closest(".field")).before(place);
  let request;
  const suggest = debounce(async () => {
    request?.abort();
    request = new AbortController();
    const title = field.value.trim();
    try {
      const url = `${field.dataset.similar}?title=${encodeURIComponent(title)}`;
      place.innerHTML = title ? await (await get(url, { signal: request.signal })).text() : "";
    } catch {
      // Keep the suggestions for the previous title.
    }
  }, 400);
  field.addEventListener("input", suggest);
}

export const start = () => enhance("input[data-similar]", setUp);
