// Forms: submitted once, confirmed if the action cannot be undone, and guarded against leaving with unsaved input.
import { $, $$, enhance, on, isMac } from "./dom.js";
import { confirmAction } from "./confirm.js";

const submitting = new WeakSet();
const unsaved = new Set();
const buttonsOf = (form) => $$("button[type=submit], button:not([type])", form);

function markBusy(form, isBusy) {
  for (const button of buttonsOf(form)) {
    if (isBusy) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

function lock(form) {
  submitting.add(form);
  unsaved.delete(form);
  markBusy(form, true);
  // After the browser has collected the fields: a disabled button would not send its own value.
  setTimeout(() => buttonsOf(form).forEach((button) => (button.disabled = true)));
}

function unlock(form) {
  if (!submitting.delete(form)) return;
  markBusy(form, false);
  for (const button of buttonsOf(form)) button.disabled = false;
}

// The buttons of an htmx form stay enabled to keep the focus; data-hx-sync drops a second submit.
const isHtmxForm = (form) => form.hasAttribute("data-hx-post");

function submitOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || isHtmxForm(form)) return;
  if (submitting.has(form)) event.preventDefault();
  else lock(form);
}

function onHtmxRequest({ target, detail }) {
  if (!target.matches?.("form")) return;
  markBusy(target, true);
  if (detail.ctx.request.method !== "GET") unsaved.delete(target);
}

async function confirmSubmit(event) {
  const { target: form, submitter } = event;
  const text = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!text || form.dataset.confirmed !== undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const { confirmOk, confirmMild } = submitter?.dataset ?? {};
  if (!(await confirmAction(text, confirmOk ?? submitter?.textContent, confirmMild !== undefined))) return;
  if (form.elements.confirmed) form.elements.confirmed.value = "1";
  form.dataset.confirmed = "";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}

async function confirmLink(event, link) {
  event.preventDefault();
  if (!(await confirmAction(link.dataset.confirm, link.dataset.confirmOk))) return;
  const form = document.createElement("form");
  form.method = "post";
  form.action = link.href;
  const token = document.createElement("input");
  Object.assign(token, { type: "hidden", name: "csrf_token", value: $("meta[name=csrf-token]")?.content ?? "" });
  form.append(token);
  document.body.append(form);
  form.submit();
}

function showSecret(box) {
  const [input, button] = [$("input", box), $("button", box)];
  button.hidden = false;
  button.addEventListener("click", () => {
    const isVisible = input.type === "password";
    input.type = isVisible ? "text" : "password";
    button.setAttribute("aria-pressed", String(isVisible));
  });
}

// A form that is accepted only after some seconds: its button counts them down.
function wait(form) {
  const button = $("button[type=submit]", form);
  const text = button.textContent;
  let seconds = Number(form.dataset.wait);
  const show = () => {
    button.disabled = seconds > 0;
    button.textContent = seconds > 0 ? `${text} (${seconds})` : text;
    if (seconds-- > 0) setTimeout(show, 1000);
  };
  show();
}

function submitByKey(event, area) {
  if (event.key !== "Enter" || event.isComposing || !(isMac ? event.metaKey : event.ctrlKey) || !area.form) return;
  event.preventDefault();
  area.form.requestSubmit();
}

export function start() {
  document.addEventListener("submit", confirmSubmit, { capture: true });
  document.addEventListener("submit", submitOnce);
  on("click", "a[data-confirm]", confirmLink);
  on("keydown", "textarea", submitByKey);
  on("input", "form[data-guard]", (event, form) => unsaved.add(form));
  on("draft-saved", "form[data-guard]", (event, form) => unsaved.delete(form));
  enhance("[data-secret]", showSecret);
  enhance("form[data-wait]", wait);
  document.addEventListener("htmx-before-request", onHtmxRequest);
  document.addEventListener("htmx-finally-request", ({ target }) => target.matches?.("form") && markBusy(target, false));
  document.addEventListener("htmx-response-error", ({ target }) => target.matches?.("form[data-guard]") && unsaved.add(target));
  addEventListener("pageshow", () => $$("form").forEach(unlock));
  addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });
}
