// Errors of fields: in the reader's words at the field instead of the browser's bubbles, with the focus on the first
// wrong field, until the field is right. Forms that are folded show their field when they open.
import { $, on, words } from "./dom.js";

const FIELDS = "input, textarea, select";
const WRITABLE = "input:not([type=hidden], [type=file], [readonly]), textarea:not([readonly]), select";
let isReporting = false;

const errorsOf = (field) =>
  (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)).filter((each) => each?.matches(".field-error"));

/** The sentence about what the browser found wrong. */
function sentenceOf({ validity, type }) {
  if (validity.valueMissing) return words(["radio", "checkbox", "select-one"].includes(type) ? "choose" : "required");
  return words(type === "email" ? "notAddress" : "unreadable");
}

/** A new element for the error, below the field and its hint; the buttons of one choice share theirs. */
function placeError(field) {
  const id = `${field.type === "radio" ? field.name : field.id}-error`;
  const shared = document.getElementById(id);
  if (shared) return shared;
  const error = $("#field-error").content.firstElementChild.cloneNode(true);
  error.id = id;
  const line = field.closest(".inline-form");
  if (line) line.after(error);
  else (field.closest(".field") ?? field.parentElement).append(error);
  return error;
}

export function showFieldError(field, sentence, place) {
  const error = place ?? errorsOf(field)[0] ?? placeError(field);
  ($("span", error) ?? error).textContent = sentence;
  error.hidden = false;
  error.id ||= `${field.id}-error`;
  const said = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)).add(error.id);
  field.setAttribute("aria-describedby", [...said].join(" "));
  if (field.type !== "radio") field.setAttribute("aria-invalid", "true"); // a radio button cannot be invalid alone
}

/** Shows an error of the whole form at its first field, which gets the focus. */
export function showFormError(form, sentence, place) {
  const field = $(WRITABLE, form);
  showFieldError(field, sentence, place);
  field.focus();
}

function reportInvalid(event) {
  const field = event.target;
  event.preventDefault();
  if (!isReporting) {
    for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    field.focus();
    isReporting = true;
    setTimeout(() => (isReporting = false));
  }
  showFieldError(field, sentenceOf(field));
}

function isRight({ validity, value, maxLength, required, dataset }) {
  const least = Math.max(required ? 1 : 0, Number(dataset.least ?? 0));
  return validity.valid && value.trim().length >= least && (maxLength < 0 || value.length <= maxLength);
}

function clearIfRight(event, field) {
  const errors = errorsOf(field).filter((error) => !error.hidden && error.textContent);
  if (!errors.length || !isRight(field)) return;
  field.removeAttribute("aria-invalid");
  for (const error of errors) {
    if (error.matches("[data-problem]")) error.textContent = "";
    else error.hidden = true;
  }
}

/** Opens a folded form at once, so that what is typed next goes into its field and is no shortcut. */
function openAtField(event, summary) {
  const box = summary.parentElement;
  const field = box.open || box.matches("[data-menu]") ? null : $(WRITABLE, box);
  if (!field) return;
  event.preventDefault();
  box.open = true;
  field.focus();
}

export function start() {
  document.addEventListener("invalid", reportInvalid, { capture: true });
  on("input", FIELDS, clearIfRight);
  on("change", FIELDS, clearIfRight);
  on("click", "details > summary", openAtField);
  // The browser itself does not where the address leads to a part of the page.
  if (document.activeElement === document.body) $("[autofocus]")?.focus();
}
