// The confirmation dialog before an action that cannot be undone, or that one may have chosen by mistake.
import { $ } from "./dom.js";

/** Resolves to whether the reader confirmed; a mild action has no red button. */
export function confirmAction(text, ok, isMild = false) {
  const dialog = $("#confirm");
  $("p", dialog).textContent = text;
  const button = $("button[value=ok]", dialog);
  button.textContent = ok.trim();
  button.classList.toggle("danger", !isMild);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    // The event of an earlier closing may come only now; its question then stays unanswered.
    dialog.onclose = () => dialog.open || resolve(dialog.returnValue === "ok");
  });
}
