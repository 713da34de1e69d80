// The composer of a conversation: saves unsent text in the tab, and keeps the focus after sending.
import { $, enhance } from "./dom.js";

const storageKeyOf = (form) => `madang.message:${form.getAttribute("action")}`;

function saveUnsentText(form) {
  const area = $("textarea", form);
  area.value ||= sessionStorage.getItem(storageKeyOf(form)) ?? "";
  form.addEventListener("input", () => {
    sessionStorage.setItem(storageKeyOf(form), area.value);
    form.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true }));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(storageKeyOf(form)));
}

export function start() {
  enhance(".composer", saveUnsentText);
  document.addEventListener("htmx-after-swap", ({ detail }) => {
    if (detail.ctx.request.form?.matches(".composer")) $(".composer textarea")?.focus();
  });
}
