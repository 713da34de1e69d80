// Profile cards over names: shown by hovering, the arrow-down key or a long touch. The pointer may move into the card,
// Escape closes it, and it stays open until the pointer or the focus leaves it (WCAG 1.4.13).
import { $, enhance } from "./dom.js";
import { process } from "./fragments.js";
import { get } from "./server.js";

const OPEN_MS = 300;
const CLOSE_MS = 250;
const TOUCH_MS = 500;
const cardRequests = new Map();

let open = null;

function fetchCard(username) {
  if (!cardRequests.has(username)) {
    const request = get(`/users/${encodeURIComponent(username)}/card`).then((response) => response.text());
    request.catch(() => cardRequests.delete(username));
    cardRequests.set(username, request);
  }
  return cardRequests.get(username);
}

function place(link, card) {
  const box = link.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 12);
  const isAbove = box.bottom + card.offsetHeight + 12 > innerHeight && box.top > card.offsetHeight + 12;
  card.classList.toggle("above", isAbove);
  card.style.left = `${Math.max(12, left) + scrollX}px`;
  card.style.top = `${(isAbove ? box.top - card.offsetHeight - 8 : box.bottom + 8) + scrollY}px`;
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
  const opening = (open = { link, card });
  link.setAttribute("aria-expanded", "true");
  try {
    const html = await fetchCard(link.dataset.card ?? link.dataset.user);
    if (open !== opening) return;
    card.innerHTML = html;
  } catch {
    if (open === opening) close();
    return;
  }
  document.body.append(card);
  process(card);
  card.addEventListener("submit", () => cardRequests.delete(link.dataset.card ?? link.dataset.user));
  keepOpen(card);
  place(link, card);
  if (focus) $("a, button", card)?.focus();
}

let closeTimer;
const closeLater = () => {
  clearTimeout(closeTimer);
  closeTimer = setTimeout(close, CLOSE_MS);
};

function keepOpen(card) {
  card.addEventListener("pointerenter", () => clearTimeout(closeTimer));
  card.addEventListener("pointerleave", closeLater);
  card.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !card.contains(event.relatedTarget)) close();
  });
}

function setUp(link) {
  let openTimer;
  const showLater = (delay, options) => {
    clearTimeout(closeTimer);
    openTimer = setTimeout(() => show(link, options), delay);
  };
  const cancel = () => clearTimeout(openTimer);
  link.setAttribute("aria-haspopup", "dialog");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && showLater(OPEN_MS));
  link.addEventListener("pointerleave", (event) => {
    cancel();
    if (event.pointerType === "mouse") closeLater();
  });
  link.addEventListener("pointerdown", (event) => event.pointerType === "touch" && showLater(TOUCH_MS));
  for (const type of ["pointerup", "pointercancel", "click"]) link.addEventListener(type, cancel);
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
