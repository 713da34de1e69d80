// To-dos: ticked in place, and moved by dragging or by the arrows without losing the focus.
import { enhance, on } from "./dom.js";
import { post } from "./server.js";
import { toast } from "./toast.js";

const itemOf = (element) => element.closest("[data-todo]");
const send = (item, what, fields) => post(`/todos/${item.dataset.todo}/${what}`, new URLSearchParams(fields));

async function tick(event, button) {
  event.preventDefault();
  const value = button.value;
  const show = (done) => {
    button.setAttribute("aria-pressed", String(done));
    button.value = done ? "0" : "1";
  };
  show(value === "1");
  try {
    await send(itemOf(button), "done", { value });
  } catch (error) {
    show(value === "0");
    toast(error.message);
  }
}

/** Tells the server where an item stands now; where it refuses, the item goes home before `home`. */
async function settle(item, home) {
  const [next, former] = [item.nextElementSibling, item.previousElementSibling];
  try {
    await send(item, "move", next ? { before: next.dataset.todo } : { after: former.dataset.todo });
  } catch (error) {
    item.parentElement.insertBefore(item, home);
    toast(error.message);
  }
}

// The others move around the item, which stays in the document: it would lose the focus and the pointer.
const above = (item) => item.previousElementSibling && !item.after(item.previousElementSibling);
const below = (item) => item.nextElementSibling && !item.before(item.nextElementSibling);

function step(event, button) {
  event.preventDefault();
  const item = itemOf(button);
  const home = item.nextElementSibling;
  if ((button.dataset.move === "before" ? above : below)(item)) settle(item, home);
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
  const home = item.nextElementSibling;
  const follow = ({ clientY }) => {
    while (clientY > middle(item.nextElementSibling)) below(item);
    while (clientY < middle(item.previousElementSibling)) above(item);
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("lostpointercapture", () => {
    handle.removeEventListener("pointermove", follow);
    if (item.nextElementSibling !== home) settle(item, home);
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
