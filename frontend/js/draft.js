// Saves drafts on the server, a moment after the last key and when the page is left.
import { debounce, words } from "./dom.js";
import { csrfHeader, post } from "./server.js";

const SAVE_DELAY_MS = 2500;

function fieldsOf(form, key) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrf_token") fields.append(name, value);
  fields.set("key", key);
  return fields;
}

export function autosaveDraft(form, key, state) {
  let saved = String(fieldsOf(form, key));
  let isSent = false;
  const save = async () => {
    const fields = fieldsOf(form, key);
    if (isSent || String(fields) === saved) return;
    try {
      await post("/posts/drafts", fields);
      saved = String(fields);
      state.textContent = words("saved");
      if (String(fieldsOf(form, key)) === saved) form.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true }));
    } catch {
      state.textContent = words("notSaved");
    }
  };
  form.addEventListener("input", debounce(save, SAVE_DELAY_MS));
  form.addEventListener("submit", () => (isSent = true));
  addEventListener("pageshow", () => (isSent = false));
  document.addEventListener("visibilitychange", () => {
    const fields = fieldsOf(form, key);
    if (document.visibilityState !== "hidden" || isSent || String(fields) === saved) return;
    saved = String(fields);
    fetch("/posts/drafts", { method: "POST", body: fields, headers: csrfHeader(), keepalive: true }).catch(() => {});
  });
}
