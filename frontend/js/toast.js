// Short messages in a corner of the page.
import Toast from "bootstrap/js/src/toast.js";
import { $ } from "./dom.js";

export function toast(text) {
  const box = $("#toast").content.firstElementChild.cloneNode(true);
  $(".toast-body", box).textContent = text;
  box.addEventListener("hidden.bs.toast", () => box.remove());
  $("#toasts").append(box);
  new Toast(box, { delay: 7000 }).show();
}

export function start() {
  // The server may send one in a header: HX-Trigger: {"toast": {"message": "..."}}.
  document.addEventListener("toast", (event) => toast(event.detail.message ?? event.detail.value));
}
