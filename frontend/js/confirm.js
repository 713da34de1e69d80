// The confirmation dialog before an action that cannot be undone.
import { $ } from "./dom.js";

/** Resolves to whether the reader confirmed. */
export function confirmAction(text, ok) {
  const dialog = $("#confirm");
  $("p", dialog).textContent = text;
  $("button[value=ok]", dialog).textContent = ok.trim();
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}
