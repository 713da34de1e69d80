// Markdown tables of rows of cells. It needs no page, only texts.

const ADDRESS = /(https?:\/\/\S+)/;
const escapeMarks = (text) => text.replace(/[\\`*[\]<~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");

/** A text as Markdown that shows exactly these characters; addresses stay links. */
export const escapeMarkdown = (text) => text.split(ADDRESS).map((part, index) => (index % 2 ? part : escapeMarks(part))).join("");

const cellOf = (text) => escapeMarkdown(text.replace(/\s+/g, " ").trim()).replaceAll("|", "\\|");

/** The table; its first row is the header. Rows that are too short get empty cells. */
export function tableOf(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells) => `| ${Array.from({ length: width }, (_empty, index) => cells[index] ?? "").join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row.map(cellOf)));
  return [head, line(Array(width).fill("---")), ...body].join("\n");
}

/** The table of lines whose cells are separated by tabs; null for another text. */
export function tableOfText(text) {
  const lines = text.replace(/\s+$/, "").split("\n");
  return lines.every((line) => line.includes("\t")) ? tableOf(lines.map((line) => line.split("\t"))) : null;
}
