// To-dos: ticked off in place, and moved by dragging or by buttons without losing the focus.
import { $$, enhance, on } from "./dom.js";
import { post } from "./server.js";
import { toast } from "./toast.js";

const itemOf = (element) => element.closest("[data-todo]");
const send = (item, action, fields) => post(`/todos/${item.dataset.todo}/${action}`, new URLSearchParams(fields));

async function tick(event, button) {
  event.preventDefault();
  const value = button.value;
  const show = (done) => {
    button.setAttribute("aria-pressed", String(done));
    button.value = done ? "0" : "1";
  };
  show(value === "1");
  try {
    const { counts } = await (await send(itemOf(button), "done", { value })).json();
    for (const count of $$("[data-open-count]")) count.textContent = counts[count.dataset.openCount];
  } catch (error) {
    show(value === "0");
    toast(error.message);
  }
}

/** Saves the new position of an item; if that fails, the item moves back before `formerNext`. */
async function savePosition(item, formerNext) {
  const [next, previous] = [item.nextElementSibling, item.previousElementSibling];
  try {
    await send(item, "move", next ? { before: next.dataset.todo } : { after: previous.dataset.todo });
  } catch (error) {
    item.parentElement.insertBefore(item, formerNext);
    toast(error.message);
  }
}

// The neighbours move instead of the item, which would lose the focus and the pointer capture.
const moveUp = (item) => item.previousElementSibling && !item.after(item.previousElementSibling);
const moveDown = (item) => item.nextElementSibling && !item.before(item.nextElementSibling);

function step(event, button) {
  event.preventDefault();
  const item = itemOf(button);
  const formerNext = item.nextElementSibling;
  if ((button.dataset.move === "before" ? moveUp : moveDown)(item)) savePosition(item, formerNext);
}

const middle = (element) => {
  const box = element?.getBoundingClientRect();
  return box && box.top + box.height / 2;
};

function drag(event) {
  if (event.button) return;
  event.preventDefault();
  const handle = event.currentTarget;
  const item = itemOf(handle);
  const formerNext = item.nextElementSibling;
  const moveTo = ({ clientY }) => {
    while (clientY > middle(item.nextElementSibling)) moveDown(item);
    while (clientY < middle(item.previousElementSibling)) moveUp(item);
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", moveTo);
  handle.addEventListener("lostpointercapture", () => {
    handle.removeEventListener("pointermove", moveTo);
    if (item.nextElementSibling !== formerNext) savePosition(item, formerNext);
  }, { once: true });
}

export function start() {
  on("click", "[data-tick]", tick);
  on("click", "[data-sortable] [data-move]", step);
  enhance("[data-drag]", (handle) => {
    handle.hidden = false;
    handle.addEventListener("pointerdown", drag);
  });
}
