// Shows questions like the one whose title is being typed.
import { debounce, enhance } from "./dom.js";
import { get } from "./server.js";

function setUp(field) {
  const place = Object.assign(document.createElement("div"), { className: "similar" });
  place.setAttribute("aria-live", "polite");
  field.closest(".field").append(place);
  let request;
  const look = debounce(async () => {
    request?.abort();
    request = new AbortController();
    const title = field.value.trim();
    try {
      const url = `${field.dataset.similar}?title=${encodeURIComponent(title)}`;
      place.innerHTML = title ? await (await get(url, { signal: request.signal })).text() : "";
    } catch {
      // What was found for an earlier title still helps.
    }
  }, 400);
  field.addEventListener("input", look);
}

export const start = () => enhance("input[data-similar]", setUp);
