// Enter continues a list or quote in a text area; on an empty item it ends it.
import { replace } from "./markdown-tools.js";

const ITEM = /^(\s*(?:> ?)*)(?:([-*+] )(\[[ xX]\] )?|(\d{1,9})([.)] ))?/;
const isFenceLine = (line) => /^\s*(?:> ?)*(?:```|~~~)/.test(line);

/** Whether what follows `text` is within a block of code. */
export const isInFence = (text) => text.split("\n").filter(isFenceLine).length % 2 === 1;

function nextMark([, outer, bullet, task, number, dot]) {
  if (bullet) return `${outer}${bullet}${task ? "[ ] " : ""}`;
  return number ? `${outer}${Number(number) + 1}${dot}` : outer;
}

export function continueList(event) {
  const area = event.target;
  const { value, selectionStart: at, selectionEnd } = area;
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || at !== selectionEnd) return;
  const start = value.lastIndexOf("\n", at - 1) + 1;
  const line = value.slice(start).split("\n", 1)[0];
  const item = line.match(ITEM);
  const [mark, outer, bullet, , number] = item;
  const isItem = bullet || number || outer.includes(">");
  if (!isItem || at < start + mark.length) return;
  if (isInFence(value.slice(0, start))) return;
  event.preventDefault();
  if (line.slice(mark.length).trim()) {
    const text = `\n${nextMark(item)}`;
    replace(area, text, at, at, at + text.length);
  } else {
    const rest = (bullet || number) && outer.includes(">") ? outer : "";
    replace(area, rest, start, start + line.length, start + rest.length);
  }
}
