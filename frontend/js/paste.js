// Paste into a text area: text wins over the picture of it that word processors and spreadsheets add; tables are converted.
import { isInFence } from "./list-continuation.js";
import { replace } from "./markdown-tools.js";
import { markdownOfHtml, plainTextOfHtml } from "./pasted-html.js";

/** File managers add the names of copied files as text. */
function isNamesOf(text, files) {
  const lines = text.trim().split(/\r?\n/);
  return files.length > 0 && lines.every((line) => files.some(({ name }) => name && decodeURI(line).endsWith(name)));
}

function namesOnly(text, files) {
  try {
    return isNamesOf(text, files);
  } catch {
    return false; // a percent sign that is no code
  }
}

/** `upload(files)` is null where the text takes no pictures. */
export function acceptPaste(area, upload) {
  area.addEventListener("paste", (event) => {
    const { clipboardData: data } = event;
    const files = [...data.files];
    const plain = data.getData("text/plain");
    const hasText = plain.trim() && !namesOnly(plain, files);
    const html = isInFence(area.value.slice(0, area.selectionStart)) ? "" : data.getData("text/html");
    const converted = html && (markdownOfHtml(html) ?? (hasText ? "" : plainTextOfHtml(html)));
    if (converted && (hasText || !plain)) {
      event.preventDefault();
      const { selectionStart: start, selectionEnd: end } = area;
      replace(area, converted, start, end, start + converted.length);
    } else if (!hasText && files.length && upload) {
      event.preventDefault();
      upload(files);
    }
  });
}
