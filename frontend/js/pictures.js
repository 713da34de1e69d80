// Picture upload by paste, drop or file chooser: sends each file to /files and inserts its Markdown at the caret.
import { $, words } from "./dom.js";
import { post } from "./server.js";

let uploadCount = 0;

async function send(file) {
  const form = new FormData();
  form.append("file", file);
  return (await post("/files", form)).json();
}

async function upload(area, file, state) {
  const placeholder = `![${words("uploading")} ${(uploadCount += 1)}]()`;
  area.setRangeText(placeholder, area.selectionStart, area.selectionEnd, "end");
  state.textContent = words("uploading");
  let text = "";
  try {
    const { markdown, url } = await send(file);
    text = markdown;
    askForAltText(area, text, url);
    state.textContent = "";
  } catch (error) {
    state.textContent = error.message;
  }
  const at = area.value.indexOf(placeholder);
  if (at >= 0) area.setRangeText(text, at, at + placeholder.length, "preserve");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const plain = (text) => text.replaceAll("[", "(").replaceAll("]", ")").replace(/[\\`*_<>~]+/g, " ").trim();

/** Asks in the page what a picture shows; what is typed there becomes its alternative text at once. */
function askForAltText(area, markdown, url) {
  const row = $("#alt-text").content.firstElementChild.cloneNode(true);
  const field = $("input", row);
  let current = markdown;
  $("img", row).src = url;
  const close = () => {
    row.remove();
    area.focus();
  };
  field.addEventListener("input", (event) => {
    event.stopPropagation(); // the text of the form is what counts as input
    const at = area.value.indexOf(current);
    if (at < 0) return;
    const next = `![${plain(field.value)}](${url})`;
    area.setRangeText(next, at, at + current.length, "preserve");
    current = next;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    close();
  });
  $("button", row).addEventListener("click", close);
  $("[data-alt-texts]", area.closest("[data-editor]")).append(row);
}

const picturesIn = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** Returns a function that opens the file chooser, or null if the editor takes no pictures. */
export function acceptPictures(editor, area, state) {
  const frame = $(".editor", editor);
  const input = $("input[type=file]", editor);
  if (!input) return null;
  const uploadAll = (event, data) => {
    const files = picturesIn(data);
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) upload(area, file, state);
  };
  area.addEventListener("paste", (event) => uploadAll(event, event.clipboardData));
  area.addEventListener("drop", (event) => {
    frame.classList.remove("dropping");
    uploadAll(event, event.dataTransfer);
  });
  area.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    frame.classList.add("dropping");
  });
  area.addEventListener("dragleave", () => frame.classList.remove("dropping"));
  input.addEventListener("change", (event) => {
    uploadAll(event, input);
    input.value = "";
  });
  return () => input.click();
}
