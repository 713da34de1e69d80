// The Markdown editor: toolbar, preview by the server, pictures, mentions, drafts.
import { $, $$, debounce, enhance, isMac, latinKey, words } from "./dom.js";
import { completeMentions, completePeople, completeTags, pickQuestion } from "./completion.js";
import { keepDraft } from "./draft.js";
import { continueList } from "./list-continuation.js";
import { tools } from "./markdown-tools.js";
import { acceptPaste } from "./paste.js";
import { acceptPictures } from "./pictures.js";
import { post } from "./server.js";

const VIEW_KEY = "madang.editor."; // the views that somebody has chosen in this browser
const PREVIEW_DELAY_MS = 800;
const WIDE = matchMedia("(min-width: 900px)");
const SHORTCUTS = { b: "bold", i: "italic", k: "link", e: "code", "shift x": "strike", "shift 7": "numbers", "shift 8": "list", "shift 9": "quote" };

const requests = new WeakMap(); // of the previews that are under way

async function preview(area, pane) {
  requests.get(pane)?.abort();
  if (!area.value.trim()) {
    pane.textContent = words("nothing");
    return;
  }
  const request = new AbortController();
  requests.set(pane, request);
  pane.setAttribute("aria-busy", "true");
  try {
    const board = area.form.elements.board?.value ?? area.closest("[data-editor]").dataset.board ?? "";
    const response = await post("/posts/preview", new URLSearchParams({ body: area.value, board }), { signal: request.signal });
    pane.innerHTML = await response.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    pane.textContent = error.message;
  }
  pane.removeAttribute("aria-busy");
}

/** Returns a function that shows the pane of a number. */
function setUpTabs(editor, area) {
  const tabs = $$("[role=tab]", editor);
  const panes = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const select = (index) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      panes[i].hidden = i !== index;
    });
    $("[role=toolbar]", editor).hidden = index === 1;
    if (index === 1) preview(area, panes[1]);
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => select(index));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      select(1 - index);
      tabs[1 - index].focus();
    });
  });
  return select;
}

/** Arrow keys move between the buttons, of which one at a time is reached by Tab (ARIA toolbar pattern). */
function setUpToolbar(bar) {
  const buttons = $$("button", bar);
  const reach = (button) => buttons.forEach((each) => (each.tabIndex = each === button ? 0 : -1));
  reach(buttons[0]);
  bar.addEventListener("focusin", (event) => reach(event.target.closest("button")));
  bar.addEventListener("keydown", (event) => {
    const shown = buttons.filter((button) => button.offsetParent);
    const at = shown.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + shown.length, Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    shown[next % shown.length].focus();
  });
}

function setUpTools(editor, area, pictures) {
  setUpToolbar($("[role=toolbar]", editor));
  for (const button of $$("[data-tool]", editor)) {
    const name = button.dataset.tool;
    if (isMac) button.title = button.title.replace("Ctrl+", "⌘").replace("Shift+", "⇧");
    button.addEventListener("click", () => (name === "picture" ? pictures.pick() : tools[name](area)));
  }
  area.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || !(isMac ? event.metaKey : event.ctrlKey)) return;
    const key = event.code?.match(/^Digit(\d)$/)?.[1] ?? latinKey(event);
    const name = SHORTCUTS[event.shiftKey ? `shift ${key}` : key];
    if (!name) return;
    event.preventDefault();
    tools[name](area);
  });
}

/** The button of a view that the browser remembers: `show(isOn)` changes it. */
function setUpView(editor, name, show) {
  const button = $(`[data-view=${name}]`, editor);
  const set = (isOn) => {
    button.setAttribute("aria-pressed", String(isOn));
    $(".editor", editor).classList.toggle(name, isOn);
    show?.(isOn);
  };
  button.addEventListener("click", () => {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    try {
      localStorage.setItem(VIEW_KEY + name, isOn ? "on" : "off");
    } catch { /* then it lasts for this page */ }
    set(isOn);
  });
  try {
    if (localStorage.getItem(VIEW_KEY + name) === "on") set(true);
  } catch { /* as above */ }
}

/** Text and preview side by side, where there is room. */
function setUpSplit(editor, area, select) {
  const pane = $(".preview", editor);
  let isOn = false;
  const isShown = () => isOn && WIDE.matches;
  const refresh = debounce(() => isShown() && preview(area, pane), PREVIEW_DELAY_MS);
  const show = () => {
    select(0);
    $("[role=tablist]", editor).hidden = isShown();
    if (!isShown()) return;
    pane.hidden = false;
    preview(area, pane);
  };
  setUpView(editor, "split", (value) => {
    isOn = value;
    show();
  });
  area.addEventListener("input", refresh);
  area.form.elements.board?.addEventListener("change", refresh);
  WIDE.addEventListener("change", () => isOn && show());
}

// Hides the file field that works without a script, unless it shows an error.
function hidePlainUpload(form) {
  for (const part of $$("[data-plain]", form)) part.hidden = !$(".field-error", part);
  const fileInput = $("[data-plain] input", form);
  if (fileInput) fileInput.removeAttribute("name");
}

function setUp(editor) {
  const area = $("textarea", editor);
  const state = $("[data-state]", editor);
  $(".editor-bar", editor).hidden = false;
  hidePlainUpload(area.form);
  const select = setUpTabs(editor, area);
  const pictures = acceptPictures(editor, area, state);
  setUpTools(editor, area, pictures);
  acceptPaste(area, pictures?.upload ?? null);
  completeMentions(area);
  area.addEventListener("keydown", continueList); // after completion, which takes Enter for itself
  if (editor.dataset.draft) keepDraft(area.form, editor, state);
  setUpView(editor, "mono");
  setUpSplit(editor, area, select);
}

export function start() {
  enhance("[data-editor]", setUp);
  enhance("[data-mentions] textarea", completeMentions);
  enhance("[data-tags] input", completeTags);
  enhance("[data-people] input", completePeople);
  enhance("[data-question-picker]", pickQuestion);
}
