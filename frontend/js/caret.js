// Where the caret of a text area stands: a twin of the same width and type holds the text before it.

const COPIED = ["font", "letterSpacing", "lineHeight", "padding", "border", "tabSize", "wordBreak", "overflowWrap"];

/** {left, top} of the line under the caret, from the corner of the area. */
export function belowCaret(area) {
  const style = getComputedStyle(area);
  const twin = document.createElement("div");
  const caret = document.createElement("span");
  for (const name of COPIED) twin.style[name] = style[name];
  Object.assign(twin.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", width: `${area.clientWidth}px`, boxSizing: "border-box" });
  caret.textContent = "\u200b";
  twin.append(area.value.slice(0, area.selectionStart), caret);
  area.after(twin);
  const [left, top] = [caret.offsetLeft, caret.offsetTop + caret.offsetHeight];
  twin.remove();
  return { left, top: Math.min(top - area.scrollTop, area.clientHeight) };
}
