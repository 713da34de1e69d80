// Single-key shortcuts. They can be turned off, because speech input types letters (WCAG 2.1.4).
import { $, $$, latinKey } from "./dom.js";

const STORAGE_KEY = "madang.keys";
const SEQUENCE_MS = 1200;

const isTyping = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog");
const isOn = () => localStorage.getItem(STORAGE_KEY) !== "off";

function press(keys) {
  const element = $(`[data-key="${CSS.escape(keys)}"]`);
  if (!element) return false;
  if (element.matches("input")) element.focus();
  else element.click();
  return true;
}

function moveBetweenRows(step) {
  const rows = $$("[data-row]");
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  rows[next].focus();
  return true;
}

function openHelp() {
  $("#keys").showModal();
  return true;
}

const builtIn = { "?": openHelp, j: () => moveBetweenRows(1), k: () => moveBetweenRows(-1) };

export function start() {
  let first = "";
  let pressedAt = 0;
  const choice = $("#keys-on");
  choice.checked = isOn();
  choice.addEventListener("change", () => localStorage.setItem(STORAGE_KEY, choice.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const latin = latinKey(event);
    const key = event.shiftKey && /^[a-z]$/.test(latin) ? event.key : latin; // Shift is none of the shortcuts of letters
    if (!isOn() && key !== "?") return;
    const pair = first && Date.now() - pressedAt < SEQUENCE_MS ? `${first} ${key}` : "";
    if ((pair && press(pair)) || builtIn[key]?.() || press(key)) event.preventDefault();
    first = pair ? "" : key;
    pressedAt = Date.now();
  });
}
