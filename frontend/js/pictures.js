// Picture upload by paste, drop or file chooser: sends each file to /files and inserts its Markdown at the caret.
import { $, words } from "./dom.js";
import { post } from "./server.js";
import { shrink } from "./shrink.js";

let uploadCount = 0;
let sending = Promise.resolve();

async function send(file) {
  const form = new FormData();
  form.append("file", await shrink(file));
  return (await post("/files", form)).json();
}

/** Sends files one after the other: the server takes only a few of one member at once. */
function sendInTurn(file) {
  const sent = sending.then(() => send(file));
  sending = sent.catch(() => {});
  return sent;
}

async function upload(area, file, state) {
  const placeholder = `![${words("uploading")} ${(uploadCount += 1)}]()`;
  area.setRangeText(placeholder, area.selectionStart, area.selectionEnd, "end");
  state.textContent = words("uploading");
  let text = "";
  try {
    const { markdown, url } = await sendInTurn(file);
    text = markdown;
    askForAltText(area, text, url);
  } finally {
    state.textContent = "";
    const at = area.value.indexOf(placeholder);
    if (at >= 0) area.setRangeText(text, at, at + placeholder.length, "preserve");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
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

// Browsers do not know the type of a HEIC file everywhere.
const isPicture = (file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name);

/** Where the errors of uploads stand until they are closed, or the next upload begins. */
function setUpProblem(editor) {
  const place = $("[data-upload-problem]", editor);
  const show = (sentences) => {
    $("span", place).textContent = sentences.join(" ");
    place.hidden = !sentences.length;
  };
  $("button", place).addEventListener("click", () => show([]));
  return show;
}

/** Returns {pick, upload}: open the file chooser, and upload files; null if the editor takes no pictures. */
export function acceptPictures(editor, area, state) {
  const frame = $(".editor", editor);
  const input = $("input[type=file]", editor);
  if (!input) return null;
  const show = setUpProblem(editor);
  const uploadAll = (files) => {
    const refused = files.filter((file) => !isPicture(file));
    const sentences = refused.map((file) => words("notPicture").replace("{name}", file.name));
    show(sentences);
    for (const file of files.filter(isPicture)) {
      upload(area, file, state).catch((error) => {
        sentences.push(files.length > 1 ? `${file.name}: ${error.message}` : error.message);
        show(sentences);
      });
    }
  };
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  frame.addEventListener("drop", (event) => {
    frame.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault(); // the browser would open the file and leave the page
    uploadAll([...event.dataTransfer.files]);
  });
  frame.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    frame.classList.add("dropping");
  });
  frame.addEventListener("dragleave", () => frame.classList.remove("dropping"));
  input.addEventListener("change", () => {
    uploadAll([...input.files]);
    input.value = "";
  });
  return { pick: () => input.click(), upload: uploadAll };
}
