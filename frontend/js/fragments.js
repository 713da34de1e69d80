// htmx: forms that ask for a fragment and put it in place. Loaded here, so that its rules stand together.
import "htmx.org";
import { words } from "./dom.js";
import { csrfHeader, sentenceOf } from "./server.js";
import { toast } from "./toast.js";

const swaps = (detail) => detail.ctx.sourceElement.hasAttribute(`data-hx-status-${detail.ctx.response.status}`);

export function start() {
  document.addEventListener("htmx-config-request", ({ detail }) => {
    if (detail.ctx.request.method !== "GET") Object.assign(detail.ctx.request.headers, csrfHeader());
  });
  document.addEventListener("htmx-response-error", ({ detail }) => {
    const { text, response } = detail.ctx;
    if (!swaps(detail)) toast(sentenceOf(text, response.headers.get("Content-Type") ?? ""));
  });
  document.addEventListener("htmx-error", ({ detail }) => {
    if (detail.ctx && !detail.ctx.response) toast(words("offline"));
  });
}
