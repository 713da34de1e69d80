// The composer of a conversation: what is being typed survives a visit elsewhere, and the caret stays after sending.
import { $, enhance } from "./dom.js";

const placeOf = (form) => `madang.message:${form.getAttribute("action")}`;

function keepWords(form) {
  const area = $("textarea", form);
  area.value ||= sessionStorage.getItem(placeOf(form)) ?? "";
  form.addEventListener("input", () => {
    sessionStorage.setItem(placeOf(form), area.value);
    form.dispatchEvent(new CustomEvent("draft-kept", { bubbles: true }));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(placeOf(form)));
}

export function start() {
  enhance(".composer", keepWords);
  document.addEventListener("htmx-after-swap", ({ detail }) => {
    if (detail.ctx.request.form?.matches(".composer")) $(".composer textarea")?.focus();
  });
}
