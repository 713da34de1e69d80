// The position of the caret in a text area, measured with a hidden copy of the same width and font.

const COPIED_STYLES = ["font", "letterSpacing", "lineHeight", "padding", "border", "tabSize", "wordBreak", "overflowWrap"];

/** {left, top} of the line below the caret, relative to the top left corner of the area. */
export function belowCaret(area) {
  const style = getComputedStyle(area);
  const copy = document.createElement("div");
  const caret = document.createElement("span");
  for (const name of COPIED_STYLES) copy.style[name] = style[name];
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", width: `${area.clientWidth}px`, boxSizing: "border-box" });
  caret.textContent = "\u200b";
  copy.append(area.value.slice(0, area.selectionStart), caret);
  area.after(copy);
  const [left, top] = [caret.offsetLeft, caret.offsetTop + caret.offsetHeight];
  copy.remove();
  return { left, top: Math.min(top - area.scrollTop, area.clientHeight) };
}
