// Autocompletion of names and tags from the server, as a listbox (ARIA combobox pattern).
import { belowCaret } from "./caret.js";
import { debounce } from "./dom.js";
import { get } from "./server.js";

let listCount = 0;

/**
 * `source.word(text)` returns the word before the caret, {start, query}, or null. `url(query)` is an address that returns
 * JSON rows, `row(item)` returns {text, note, badge}, and `insert(item)` the text that replaces the word. `taken(item)`,
 * if there is one, is called once an item has been chosen.
 */
class Completion {
  constructor(field, source) {
    Object.assign(this, { field, source, list: document.createElement("ul"), items: [], index: 0, word: null });
    this.setUpAria();
    field.after(this.list);
    field.addEventListener("input", debounce(() => this.load(), 150));
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
  }

  setUpAria() {
    const { field, list } = this;
    Object.assign(list, { id: `completion-${(listCount += 1)}`, className: "completion", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? "");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    // An input may have the role combobox; a text area may not.
    if (field.matches("input")) field.setAttribute("role", "combobox");
    this.close();
  }

  async load() {
    this.request?.abort();
    this.word = this.source.word(this.field.value.slice(0, this.field.selectionStart));
    if (!this.word?.query) return this.close();
    this.request = new AbortController();
    try {
      this.show(await (await get(this.source.url(this.word.query), { signal: this.request.signal })).json());
    } catch {
      this.close();
    }
  }

  show(items) {
    // If the focus has moved on in the meantime, the list must not cover the next field.
    if (!items.length || document.activeElement !== this.field) return this.close();
    this.items = items;
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.list.hidden = false;
    if (this.field.role === "combobox") this.field.setAttribute("aria-expanded", "true");
    this.place();
    this.mark(0);
  }

  place() {
    const { field, list } = this;
    if (field.matches("input")) return;
    const { left, top } = belowCaret(field);
    const room = field.clientWidth - list.offsetWidth;
    list.style.left = `${field.offsetLeft + Math.max(0, Math.min(left, room))}px`;
    list.style.top = `${field.offsetTop + top}px`;
  }

  close() {
    this.list.hidden = true;
    if (this.field.role === "combobox") this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  option(item, index) {
    const element = document.createElement("li");
    const { text, note, badge } = this.source.row(item);
    element.id = `${this.list.id}-${index}`;
    element.setAttribute("role", "option");
    element.append(text);
    if (badge) element.append(" ", Object.assign(document.createElement("span"), { className: "pill good", textContent: badge }));
    element.append(Object.assign(document.createElement("small"), { textContent: note }));
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(index);
    });
    return element;
  }

  mark(index) {
    this.index = (index + this.items.length) % this.items.length;
    const options = [...this.list.children];
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.index)));
    options[this.index].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", options[this.index].id);
  }

  take(index) {
    this.field.setRangeText(this.source.insert(this.items[index]), this.word.start, this.field.selectionStart, "end");
    this.source.taken?.(this.items[index]);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  onKey(event) {
    if (this.list.hidden || event.isComposing) return;
    const action = {
      ArrowDown: () => this.mark(this.index + 1),
      ArrowUp: () => this.mark(this.index - 1),
      Enter: () => this.take(this.index),
      Tab: () => this.take(this.index),
      Escape: () => this.close(),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }
}

/** The mention "@na" or "＠na" before the caret, unless it is part of an e-mail address or another address. */
export function mentionBefore(text) {
  const match = text.match(/(?<![A-Za-z0-9_@＠/]|[A-Za-z0-9][.+-])[@＠]([\p{L}\p{M}\p{Nd}_.-]{1,30})$/u);
  return match && { start: text.length - match[1].length - 1, query: match[1] };
}

/** The tag or name that is being typed, after the last comma or space. */
export function tagBefore(text) {
  const [word] = text.match(/[^,\s]*$/);
  return { start: text.length - word.length, query: word };
}

const people = {
  url: (query) => `/users/complete?q=${encodeURIComponent(query)}`,
  row: (person) => ({
    text: person.display_name || person.username,
    note: `@${person.username}`,
    badge: person.badge,
  }),
};

export const completeMentions = (area) =>
  new Completion(area, { ...people, word: mentionBefore, insert: (person) => `@${person.username} ` });

export const completePeople = (field) =>
  new Completion(field, { ...people, word: tagBefore, insert: (person) => `${person.username}, ` });

/** The question that another repeats: typed by title, sent by its id. What was chosen is shown below. */
export function pickQuestion(place) {
  const field = place.querySelector('input[name="duplicate_of"]');
  const id = place.querySelector('input[type="hidden"][name="original"]');
  const preview = place.querySelector("[data-preview]");
  const reason = field.form.elements.reason;
  let chosen;
  const follow = () => {
    place.hidden = reason.value !== "duplicate";
    field.required = !place.hidden;
  };
  reason.addEventListener("change", follow);
  follow();
  if (!id) return;
  const show = (question) => {
    chosen = question;
    id.value = question?.id ?? "";
    preview.hidden = !question;
    const link = Object.assign(document.createElement("a"), { target: "_blank", rel: "noopener" });
    if (question) Object.assign(link, { href: `/posts/${question.id}`, textContent: question.title });
    preview.replaceChildren(...(question ? [link, ` · ${question.state} · ${question.excerpt}`] : []));
  };
  field.addEventListener("input", () => chosen && field.value !== chosen.title && show());
  new Completion(field, {
    word: () => (chosen ? null : { start: 0, query: field.value.trim() }),
    url: (query) => `${place.dataset.questionPicker}?q=${encodeURIComponent(query)}`,
    row: (question) => ({ text: question.title, note: question.state }),
    insert: (question) => question.title,
    taken: (question) => {
      field.value = question.title;
      show(question);
    },
  });
}

export const completeTags = (field) =>
  new Completion(field, {
    word: tagBefore,
    url: (query) => `/tags/complete?q=${encodeURIComponent(query)}`,
    row: (tag) => ({ text: tag.name, note: tag.post_count }),
    insert: (tag) => `${tag.name}, `,
  });
