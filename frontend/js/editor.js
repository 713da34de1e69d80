// The Markdown editor: toolbar, preview by the server, pictures, mentions, drafts.
import { $, $$, enhance, words } from "./dom.js";
import { completeMentions, completePeople, completeTags } from "./completion.js";
import { keepDraft } from "./draft.js";
import { tools } from "./markdown-tools.js";
import { acceptPictures } from "./pictures.js";
import { post } from "./server.js";

async function preview(area, pane) {
  if (!area.value.trim()) {
    pane.textContent = words("nothing");
    return;
  }
  pane.setAttribute("aria-busy", "true");
  try {
    pane.innerHTML = await (await post("/posts/preview", new URLSearchParams({ body: area.value }))).text();
  } catch (error) {
    pane.textContent = error.message;
  }
  pane.removeAttribute("aria-busy");
}

function setUpTabs(editor, area) {
  const tabs = $$("[role=tab]", editor);
  const panes = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const select = (index) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      panes[i].hidden = i !== index;
    });
    $("[role=group]", editor).hidden = index === 1;
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
}

function setUpTools(editor, area, pickPicture) {
  for (const button of $$("[data-tool]", editor)) {
    const name = button.dataset.tool;
    button.addEventListener("click", () => (name === "picture" ? pickPicture() : tools[name](area)));
  }
  area.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && { b: "bold", i: "italic", k: "link" }[event.key];
    if (!name) return;
    event.preventDefault();
    tools[name](area);
  });
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
  setUpTabs(editor, area);
  setUpTools(editor, area, acceptPictures(editor, area, state));
  completeMentions(area);
  if (editor.dataset.draft) keepDraft(area.form, editor, state);
}

export function start() {
  enhance("[data-editor]", setUp);
  enhance("[data-mentions] textarea", completeMentions);
  enhance("[data-tags] input", completeTags);
  enhance("[data-people] input", completePeople);
}
