// htmx: forms that replace a fragment of the page. All rules for htmx are in this module.
import htmx from "htmx.org";
import { $, $$, words } from "./dom.js";
import { showFormError } from "./field-errors.js";
import { csrfHeader, errorMessageOf } from "./server.js";
import { toast } from "./toast.js";

const idOf = (comment) => Number(comment.id.split("-")[1]);
const isFromReader = ({ ctx }) => ctx.request.method !== "GET";
let newestCommentId = 0;

/** Activates the htmx attributes of elements that a script has added. */
export const process = (element) => htmx.process(element);

/** Shows the error message beside the form, or else as a toast. */
function showError({ ctx }) {
  const message = errorMessageOf(ctx.text, ctx.response.headers.get("Content-Type") ?? "");
  const place = $("[data-problem]", ctx.sourceElement);
  if (place) showFormError(ctx.sourceElement, message, place);
  else toast(message);
}

/** Moves the focus to the new comment, as reloading the page does without a script. */
function focusNewComment({ ctx }) {
  if (!ctx.request.form?.matches(".comment-form")) return;
  const comment = $$(".comment").find((each) => idOf(each) > newestCommentId);
  if (!comment) return;
  comment.tabIndex = -1;
  comment.focus();
}

/** Moves the focus to what replaced the form that had it, unless htmx found the same field or button there. */
function keepFocus({ ctx }) {
  const part = isFromReader({ ctx }) && document.activeElement === document.body && document.getElementById(ctx.target?.id);
  if (!part) return;
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

export function start() {
  document.addEventListener("htmx-config-request", ({ detail }) => {
    if (detail.ctx.request.method !== "GET") Object.assign(detail.ctx.request.headers, csrfHeader());
    newestCommentId = Math.max(0, ...$$(".comment").map(idOf));
  });
  document.addEventListener("htmx-response-error", ({ detail }) => isFromReader(detail) && showError(detail));
  document.addEventListener("htmx-after-swap", ({ detail }) => {
    focusNewComment(detail);
    keepFocus(detail);
  });
  document.addEventListener("htmx-error", ({ detail }) => {
    // Requests that the page makes by itself fail silently.
    if (detail.ctx && !detail.ctx.response && isFromReader(detail)) toast(words("offline"));
  });
}
