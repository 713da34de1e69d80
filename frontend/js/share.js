// "Share" copies the address; without a script it is a link to it.
import { on, words } from "./dom.js";
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

export const start = () => on("click", "a[data-copy]", copy);
