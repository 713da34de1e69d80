// htmx: forms that ask for a fragment and put it in place. Loaded here, so that its rules stand together.
import htmx from "htmx.org";
import { $, $$, words } from "./dom.js";
import { csrfHeader, sentenceOf } from "./server.js";
import { toast } from "./toast.js";

const idOf = (comment) => Number(comment.id.split("-")[1]);
const isAsked = ({ ctx }) => ctx.request.method !== "GET";
let newest = 0;

/** Lets what a script has put into the page ask for fragments too. */
export const process = (element) => htmx.process(element);

/** What was refused is said where it was typed, or else in passing. */
function refuse({ ctx }) {
  const sentence = sentenceOf(ctx.text, ctx.response.headers.get("Content-Type") ?? "");
  const place = $("[data-problem]", ctx.sourceElement);
  if (place) place.textContent = sentence;
  else toast(sentence);
}

/** Stands at the comment that has just been written, as the page does that is loaded anew without a script. */
function standAtNewComment({ ctx }) {
  if (!ctx.request.form?.matches(".comment-form")) return;
  const written = $$(".comment").find((comment) => idOf(comment) > newest);
  if (!written) return;
  written.tabIndex = -1;
  written.focus();
}

export function start() {
  document.addEventListener("htmx-config-request", ({ detail }) => {
    if (detail.ctx.request.method !== "GET") Object.assign(detail.ctx.request.headers, csrfHeader());
    newest = Math.max(0, ...$$(".comment").map(idOf));
  });
  document.addEventListener("htmx-response-error", ({ detail }) => isAsked(detail) && refuse(detail));
  document.addEventListener("htmx-after-swap", ({ detail }) => standAtNewComment(detail));
  document.addEventListener("htmx-error", ({ detail }) => {
    // What the page fetches by itself is no loss to anybody who did not ask for it.
    if (detail.ctx && !detail.ctx.response && isAsked(detail)) toast(words("offline"));
  });
}
