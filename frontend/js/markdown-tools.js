// The toolbar's Markdown commands. Each keeps the selection, so that pressing its button again reverts it.
import { words } from "./dom.js";
import { tableOfText } from "./markdown-table.js";

/** Replaces a range, in the browser's undo history, and selects another. */
export function replace(area, text, start, end, selectFrom, selectTo = selectFrom) {
  area.focus();
  area.setSelectionRange(start, end);
  // execCommand preserves the browser's undo history; setRangeText does not.
  const isDone = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
  if (!isDone) area.setRangeText(text, start, end, "end");
  area.setSelectionRange(selectFrom, selectTo);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const LINE_MARKS = /^\s*(?:> ?|[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] |#{1,6} )*/;

/** The selected words of each line, without spaces and the marks of lists, quotes and headings around them. */
function selectedRanges(value, start, end) {
  const ranges = [];
  let from = start;
  for (const part of value.slice(start, end).split("\n")) {
    const isWholeLine = from === 0 || value[from - 1] === "\n";
    const text = isWholeLine ? part.replace(LINE_MARKS, "") : part.trimStart();
    const first = from + part.length - text.length;
    if (text.trim()) ranges.push([first, first + text.trimEnd().length]);
    from += part.length + 1;
  }
  return ranges;
}

const runAtEnd = (text, character) => text.length - text.replace(new RegExp(`\\${character}+$`), "").length;
const runAtStart = (text, character) => text.match(new RegExp(`^\\${character}*`))[0].length;

/** Where a range has the mark: "outside", "inside" its ends, or not at all. One asterisk of two is no mark. */
function placeOfMark(value, [start, end], mark) {
  const [character, text] = [mark[0], value.slice(start, end)];
  const isMark = (count) => (mark === "*" ? count % 2 === 1 : count >= mark.length);
  const line = value.slice(value.lastIndexOf("\n", start - 1) + 1, start);
  if (isMark(Math.min(runAtEnd(line, character), runAtStart(value.slice(end), character)))) return "outside";
  const isInside = isMark(Math.min(runAtStart(text, character), runAtEnd(text, character)));
  return isInside && text.length > 2 * mark.length ? "inside" : null;
}

function insertMarked(area, mark) {
  const { value, selectionEnd: at } = area;
  const isAround = placeOfMark(value, [at, at], mark) === "outside";
  if (isAround) return replace(area, "", at - mark.length, at + mark.length, at - mark.length);
  const text = words("linkText");
  return replace(area, mark + text + mark, at, at, at + mark.length, at + mark.length + text.length);
}

const wrap = (mark) => (area) => {
  const { value } = area;
  const size = mark.length;
  const ranges = selectedRanges(value, area.selectionStart, area.selectionEnd);
  if (!ranges.length) return insertMarked(area, mark);
  const places = ranges.map((range) => placeOfMark(value, range, mark));
  const isMarked = places.every(Boolean);
  const margin = isMarked && places[0] === "outside" ? size : 0;
  const begin = ranges[0][0] - margin;
  const within = isMarked || ranges.length > 1 ? 0 : size; // of several marked lines the marks are selected too
  let [text, at, from, to] = ["", begin, 0, 0];
  ranges.forEach(([start, end], index) => {
    const place = places[index];
    const outer = isMarked && place === "outside" ? size : 0;
    const inner = isMarked && place === "inside" ? size : 0;
    const added = !isMarked && !place ? mark : "";
    text += value.slice(at, start - outer);
    if (!index) from = begin + text.length + within;
    text += added + value.slice(start + inner, end - inner) + added;
    to = begin + text.length - within;
    at = end + outer;
  });
  return replace(area, text, begin, at, from, to);
};

const isBlank = (line) => !line.trim();

/** Marks the selected lines, or takes the mark away if all have it. `mark(line, number)` returns the marked line. */
const markLines = (has, strip, mark, { marksBlank = false } = {}) => (area) => {
  const { value, selectionStart, selectionEnd } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const isEndOfLine = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n";
  const end = isEndOfLine ? selectionEnd - 1 : selectionEnd;
  const lines = value.slice(start, end).split("\n");
  const marked = lines.filter((line) => marksBlank || lines.length === 1 || !isBlank(line));
  const isMarked = marked.every((line) => has.test(line));
  let number = 0;
  const changed = lines.map((line) => {
    if (!marked.includes(line)) return line;
    return isMarked ? line.replace(strip, "$1") : mark(line, (number += 1));
  });
  const text = changed.join("\n");
  if (selectionStart === selectionEnd) {
    const caret = Math.max(start, selectionEnd + text.length - (end - start));
    return replace(area, text, start, end, caret);
  }
  return replace(area, text, start, end, start, start + text.length);
};

const LIST_MARK = /^(\s*)(?:[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] )?/;
const list = markLines(/^\s*[-*+] /, LIST_MARK, (line) => line.replace(LIST_MARK, "$1- "));
const numbers = markLines(/^\s*\d{1,9}[.)] /, LIST_MARK, (line, number) => line.replace(LIST_MARK, `$1${number}. `));
const heading = markLines(/^## /, /^()#{1,6} +/, (line) => line.replace(/^(?:#{1,6} +)?/, "## "));
const quote = markLines(/^>/, /^()> ?/, (line) => `> ${line}`, { marksBlank: true });

const longestRun = (text) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

function code(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const text = value.slice(start, end);
  if (!text.includes("\n")) return codeSpan(area, text);
  const fence = `\n${"`".repeat(Math.max(3, longestRun(text) + 1))}\n`;
  const [before, after] = [start - fence.length, end + fence.length];
  if (value.slice(Math.max(0, before), start) === fence && value.slice(end, after) === fence) {
    return replace(area, text, before, after, before, before + text.length);
  }
  return replace(area, fence + text + fence, start, end, start + fence.length, start + fence.length + text.length);
}

function codeSpan(area, selected) {
  const text = selected.trim();
  if (!text.includes("`") || /^`[^`]+`$/.test(text)) return wrap("`")(area);
  const start = area.selectionStart + selected.indexOf(text);
  const mark = "`".repeat(longestRun(text) + 1);
  const from = start + mark.length + 1;
  return replace(area, `${mark} ${text} ${mark}`, start, start + text.length, from, from + text.length);
}

function link(area) {
  const selected = area.value.slice(area.selectionStart, area.selectionEnd);
  const trimmed = selected.trim();
  const start = area.selectionStart + selected.indexOf(trimmed);
  const isAddress = /^https?:\/\/\S+$/.test(trimmed);
  const [text, address] = isAddress ? [words("linkText"), trimmed] : [trimmed || words("linkText"), "https://"];
  const from = isAddress ? start + 1 : start + text.length + 3;
  replace(area, `[${text}](${address})`, start, start + trimmed.length, from, from + (isAddress ? text : address).length);
}

/** A table of the selected lines whose cells are separated by tabs, or one to fill in. */
function table(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const name = words("column");
  const rows = tableOfText(value.slice(start, end)) ?? `| ${name} 1 | ${name} 2 |\n| --- | --- |\n|  |  |`;
  const before = value.slice(0, start);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const from = start + gap.length + 2;
  replace(area, `${gap}${rows}\n`, start, end, from, from + rows.slice(2).indexOf(" |"));
}

export const tools = {
  bold: wrap("**"), italic: wrap("*"), strike: wrap("~~"), heading, code, quote, list, numbers, table, link,
};
