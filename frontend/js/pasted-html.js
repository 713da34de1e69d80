// What spreadsheets and word processors put on the clipboard as HTML, as text with Markdown tables.
import { tableOf } from "./markdown-table.js";

const IGNORED = new Set(["HEAD", "STYLE", "SCRIPT", "TITLE", "META", "LINK", "TEMPLATE", "NOSCRIPT"]);
const APART = new Set(["P", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "BLOCKQUOTE", "PRE", "TABLE"]);
const LINES = new Set(["DIV", "LI", "TR", "SECTION", "ARTICLE", "CAPTION", "DT", "DD", "FIGURE", "FIGCAPTION"]);
const MAX_CELLS = 5_000;
const MAX_SPAN = 1_000;

const isHidden = (element) => /display:\s*none|mso-hide:\s*all/i.test(element.getAttribute("style") ?? "");

function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || IGNORED.has(node.tagName) || isHidden(node)) return "";
  if (node.tagName === "BR") return "\n";
  const inner = node.tagName === "TABLE" ? markdownOfTable(node) : [...node.childNodes].map(textOf).join("");
  if (APART.has(node.tagName)) return `\n\n${inner}\n\n`;
  if (LINES.has(node.tagName)) return `\n${node.tagName === "LI" ? "- " : ""}${inner}\n`;
  return inner;
}

const tidy = (text) => text.replace(/[ \t\u00a0]*\n[ \t\u00a0]*/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
const span = (cell, name) => Math.min(MAX_SPAN, Math.max(1, Number(cell.getAttribute(name)) || 1));

/** The texts of the cells, row by row; a cell that spans several is followed by empty ones. */
function rowsOf(table) {
  const rows = [];
  let count = 0;
  const shown = [...table.rows].filter((row) => !isHidden(row));
  shown.forEach((row, y) => {
    rows[y] ??= [];
    let x = 0;
    for (const cell of row.cells) {
      while (rows[y][x] !== undefined) x += 1;
      for (let down = 0; down < Math.min(span(cell, "rowspan"), shown.length - y); down += 1) {
        for (let right = 0; right < span(cell, "colspan"); right += 1) {
          if ((count += 1) > MAX_CELLS) return;
          (rows[y + down] ??= [])[x + right] ??= "";
        }
      }
      rows[y][x] = tidy([...cell.childNodes].map(textOf).join(""));
    }
  });
  return count > MAX_CELLS ? null : trimmed(rows);
}

/** Without empty rows and columns at the end: whole columns of a spreadsheet are long. */
function trimmed(rows) {
  const width = Math.max(0, ...rows.map((row) => row.findLastIndex(Boolean) + 1));
  const height = rows.findLastIndex((row) => row.some(Boolean)) + 1;
  return rows.slice(0, height).map((row) => Array.from({ length: width }, (_empty, index) => row[index] ?? ""));
}

function markdownOfTable(table) {
  const rows = rowsOf(table) ?? [];
  const caption = table.caption ? `${table.caption.textContent.trim()}\n\n` : "";
  return rows.length ? caption + tableOf(rows) : caption;
}

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** The text with its tables; null without a table of several cells, where the plain text says the same. */
export function markdownOfHtml(html) {
  const page = parse(html);
  const tables = [...page.querySelectorAll("table")];
  const isLayout = page.querySelector("table table");
  if (isLayout || !tables.some((table) => (rowsOf(table) ?? []).flat().length > 1)) return null;
  return tables.every(rowsOf) ? tidy(textOf(page.body)) : null;
}

/** The words of HTML without its marks. */
export const plainTextOfHtml = (html) => tidy(textOf(parse(html).body));
