// Completes the word under the caret from the server: a listbox in the manner of the ARIA combobox.
import { belowCaret } from "./caret.js";
import { debounce } from "./dom.js";
import { get } from "./server.js";

let lists = 0;

/**
 * `word(text)` finds the word before the caret: {start, query}, or null.
 * `url(query)` answers JSON rows; `row(item)` is {text, note}; `insert(item)` the text that replaces the word.
 */
class Completion {
  constructor(field, source) {
    Object.assign(this, { field, source, list: document.createElement("ul"), items: [], at: 0, word: null });
    this.describe();
    field.after(this.list);
    field.addEventListener("input", debounce(() => this.look(), 150));
    field.addEventListener("keydown", (event) => this.steer(event));
    field.addEventListener("blur", () => this.close());
  }

  describe() {
    const { field, list } = this;
    Object.assign(list, { id: `completion-${(lists += 1)}`, className: "completion", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? "");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    // A line of text may be a combobox; a text area may not.
    if (field.matches("input")) field.setAttribute("role", "combobox");
    this.close();
  }

  async look() {
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
    // Who has gone on meanwhile is not helped any more, and what they go to must not be covered.
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
    const { text, note } = this.source.row(item);
    element.id = `${this.list.id}-${index}`;
    element.setAttribute("role", "option");
    element.append(text, Object.assign(document.createElement("small"), { textContent: note }));
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(index);
    });
    return element;
  }

  mark(index) {
    this.at = (index + this.items.length) % this.items.length;
    const options = [...this.list.children];
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    options[this.at].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", options[this.at].id);
  }

  take(index) {
    this.field.setRangeText(this.source.insert(this.items[index]), this.word.start, this.field.selectionStart, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  steer(event) {
    if (this.list.hidden || event.isComposing) return;
    const act = {
      ArrowDown: () => this.mark(this.at + 1),
      ArrowUp: () => this.mark(this.at - 1),
      Enter: () => this.take(this.at),
      Tab: () => this.take(this.at),
      Escape: () => this.close(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

/** "@na" before the caret, not inside a word or an address. */
export function mentionBefore(text) {
  const found = text.match(/(?:^|[\s(])@([\p{L}\p{N}_.-]{1,30})$/u);
  return found && { start: text.length - found[1].length - 1, query: found[1] };
}

/** The tag or name that is being typed, after the last comma or space. */
export function tagBefore(text) {
  const [word] = text.match(/[^,\s]*$/);
  return { start: text.length - word.length, query: word };
}

const people = {
  url: (query) => `/users/complete?q=${encodeURIComponent(query)}`,
  row: (person) => ({ text: person.display_name || person.username, note: `@${person.username}` }),
};

export const completeMentions = (area) =>
  new Completion(area, { ...people, word: mentionBefore, insert: (person) => `@${person.username} ` });

export const completePeople = (field) =>
  new Completion(field, { ...people, word: tagBefore, insert: (person) => `${person.username}, ` });

export const completeTags = (field) =>
  new Completion(field, {
    word: tagBefore,
    url: (query) => `/tags/complete?q=${encodeURIComponent(query)}`,
    row: (tag) => ({ text: tag.name, note: tag.post_count }),
    insert: (tag) => `${tag.name}, `,
  });
