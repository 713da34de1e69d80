// "Share" copies the address of its link; "Copy" copies the text of a field.
import { $, enhance, on, words } from "./dom.js";
import { toast } from "./toast.js";

async function copy(event, link) {
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    toast(words("copied"));
  } catch {
    location.hash = new URL(link.href).hash;
    toast(words("copyFailed"));
  }
}

async function copyField(_event, button) {
  const field = $(`#${button.dataset.copy}`);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  } catch {
    field.focus(); // its text is selected, so the reader can copy it
  }
}

export function start() {
  on("click", "a[data-copy]", copy);
  on("click", "button[data-copy]", copyField);
  enhance("button[data-copy]", (button) => { button.hidden = false; });
}
