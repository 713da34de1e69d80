// The toolbar's Markdown commands. Each keeps the selection, so that pressing its button again reverts it.
import { words } from "./dom.js";

function replace(area, text, start, end, selectFrom, selectTo) {
  area.focus();
  area.setSelectionRange(start, end);
  // execCommand preserves the browser's undo history; setRangeText does not.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, start, end, "end");
  area.setSelectionRange(selectFrom, selectTo);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const wrap = (mark) => (area) => {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const [before, after] = [start - mark.length, end + mark.length];
  const isWrapped = value.slice(before < 0 ? 0 : before, start) === mark && value.slice(end, after) === mark;
  if (isWrapped) return replace(area, value.slice(start, end), before, after, before, before + end - start);
  const text = value.slice(start, end) || words("linkText");
  return replace(area, mark + text + mark, start, end, start + mark.length, start + mark.length + text.length);
};

const prefix = (mark) => (area) => {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const lines = area.value.slice(start, area.selectionEnd).split("\n");
  const isMarked = lines.every((line) => line.startsWith(mark));
  const text = lines.map((line) => (isMarked ? line.slice(mark.length) : mark + line)).join("\n");
  replace(area, text, start, area.selectionEnd, start, start + text.length);
};

function code(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const text = value.slice(start, end);
  if (!text.includes("\n")) return wrap("`")(area);
  const fence = "\n```\n";
  return replace(area, fence + text + fence, start, end, start + fence.length, start + fence.length + text.length);
}

function link(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const selected = value.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(selected);
  const [text, address] = isAddress ? [words("linkText"), selected] : [selected || words("linkText"), "https://"];
  const from = isAddress ? start + 1 : start + text.length + 3;
  replace(area, `[${text}](${address})`, start, end, from, from + (isAddress ? text : address).length);
}

export const tools = { bold: wrap("**"), italic: wrap("*"), code, quote: prefix("> "), list: prefix("- "), link };
