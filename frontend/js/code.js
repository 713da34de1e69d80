// Code in texts: a button that copies it, and one that shows a long block whole. Without a script the block scrolls.
import { enhance, words } from "./dom.js";

function button(text, act) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: text });
  element.addEventListener("click", () => act(element));
  return element;
}

async function copy(pre, element) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
    element.textContent = words("codeCopied");
  } catch {
    getSelection().selectAllChildren(pre); // so the reader can copy it
  }
}

function setUp(pre) {
  const box = Object.assign(document.createElement("div"), { className: "code" });
  const tools = document.createElement("div");
  const isCut = pre.scrollHeight > pre.clientHeight + 1 && getComputedStyle(pre).maxHeight !== "none";
  pre.before(box);
  if (isCut) {
    tools.append(button(words("showAll"), (element) => {
      pre.classList.add("whole");
      element.remove();
      pre.focus();
    }));
  }
  tools.append(button(words("copyCode"), (element) => copy(pre, element)));
  box.append(pre, tools);
}

export const start = () => enhance(".text pre", setUp);
