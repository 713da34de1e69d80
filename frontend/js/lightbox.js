// The pictures of a page in full size, in a dialog. Without a script each links to its file.
import { $, $$, on } from "./dom.js";

const TALL = 2.5; // height : width of a picture that is scrolled instead of made to fit, so that it can be read

export function start() {
  const dialog = $("#lightbox");
  const figure = $("figure", dialog);
  const buttons = $$("button[data-step]", dialog);
  let links = [];
  let index = 0;
  let opener = null;

  const show = (step) => {
    const next = index + step;
    if (!links[next]) return;
    index = next;
    const { alt } = $("img", links[index]);
    const picture = Object.assign(document.createElement("img"), { src: links[index].href, alt });
    const caption = Object.assign(document.createElement("figcaption"), { textContent: alt });
    picture.addEventListener("load", () => picture.classList.toggle("tall", picture.naturalHeight > TALL * picture.naturalWidth));
    figure.replaceChildren(picture, ...(alt ? [caption] : []));
    dialog.scrollTop = 0;
    for (const button of buttons) {
      const way = Number(button.dataset.step);
      button.hidden = way !== 0 && links.length < 2;
      button.ariaDisabled = String(way !== 0 && !links[index + way]);
    }
  };

  on("click", ".text a.zoom", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    [links, opener] = [$$(".text a.zoom"), link];
    index = links.indexOf(link);
    show(0);
    dialog.showModal();
    buttons.find((button) => button.dataset.step === "0").focus();
  });
  dialog.addEventListener("click", ({ target }) => {
    const step = Number(target.closest("button")?.dataset.step);
    if (step) show(step);
    else if (step === 0 || !target.closest("img, figcaption, .actions")) dialog.close();
  });
  dialog.addEventListener("keydown", ({ key }) => show({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0));
  dialog.addEventListener("close", () => {
    figure.replaceChildren();
    opener?.focus({ preventScroll: true });
  });
}
