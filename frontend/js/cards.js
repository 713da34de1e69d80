// A small card over a name: by pointer, by keyboard (arrow down), by a long touch. The pointer may move into it,
// Escape closes it, and it stays until the reader leaves (WCAG 1.4.13).
import { $, enhance } from "./dom.js";
import { process } from "./fragments.js";
import { get } from "./server.js";

const OPEN_MS = 300;
const CLOSE_MS = 250;
const TOUCH_MS = 500;
const pages = new Map();

let open = null;

function fetchCard(username) {
  if (!pages.has(username)) {
    const page = get(`/users/${encodeURIComponent(username)}/card`).then((response) => response.text());
    page.catch(() => pages.delete(username));
    pages.set(username, page);
  }
  return pages.get(username);
}

function place(link, card) {
  const at = link.getBoundingClientRect();
  const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 12);
  const isAbove = at.bottom + card.offsetHeight + 12 > innerHeight && at.top > card.offsetHeight + 12;
  card.classList.toggle("above", isAbove);
  card.style.left = `${Math.max(12, left) + scrollX}px`;
  card.style.top = `${(isAbove ? at.top - card.offsetHeight - 8 : at.bottom + 8) + scrollY}px`;
}

function close({ refocus = false } = {}) {
  if (!open) return;
  const { link, card } = open;
  open = null;
  card.remove();
  link.setAttribute("aria-expanded", "false");
  if (refocus) link.focus();
}

async function show(link, { focus = false } = {}) {
  if (open?.link === link) return;
  close();
  const card = document.createElement("div");
  card.className = "card-pop";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", link.textContent);
  card.append($("#skeleton").content.cloneNode(true));
  const now = (open = { link, card });
  link.setAttribute("aria-expanded", "true");
  try {
    const page = await fetchCard(link.dataset.card ?? link.dataset.user);
    if (open !== now) return;
    card.innerHTML = page;
  } catch {
    if (open === now) close();
    return;
  }
  document.body.append(card);
  process(card);
  card.addEventListener("submit", () => pages.delete(link.dataset.card ?? link.dataset.user));
  keepOpen(card);
  place(link, card);
  if (focus) $("a, button", card)?.focus();
}

let leaving;
const leave = () => {
  clearTimeout(leaving);
  leaving = setTimeout(close, CLOSE_MS);
};

function keepOpen(card) {
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  card.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !card.contains(event.relatedTarget)) close();
  });
}

function setUp(link) {
  let waiting;
  const wait = (time, options) => {
    clearTimeout(leaving);
    waiting = setTimeout(() => show(link, options), time);
  };
  const stop = () => clearTimeout(waiting);
  link.setAttribute("aria-haspopup", "dialog");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && wait(OPEN_MS));
  link.addEventListener("pointerleave", (event) => {
    stop();
    if (event.pointerType === "mouse") leave();
  });
  link.addEventListener("pointerdown", (event) => event.pointerType === "touch" && wait(TOUCH_MS));
  for (const type of ["pointerup", "pointercancel", "click"]) link.addEventListener(type, stop);
  link.addEventListener("contextmenu", (event) => open?.link === link && event.preventDefault());
  link.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    show(link, { focus: true });
  });
}

export function start() {
  enhance("a[data-card], a.mention[data-user]", setUp);
  document.addEventListener("keydown", (event) => event.key === "Escape" && close({ refocus: open?.card.contains(document.activeElement) }));
  document.addEventListener("pointerdown", (event) => open && !open.card.contains(event.target) && !open.link.contains(event.target) && close());
}
