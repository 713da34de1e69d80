// Keeps what is written in an editor: in this browser at once, on the server a few seconds later. Restores the newer one.
import { $, $$, on, words } from "./dom.js";
import { readCopy, removeCopy, unsavedNewPosts, writeCopy } from "./draft-copies.js";
import { LoggedOut, post } from "./server.js";

const QUIET_MS = 2500;
const MAX_WAIT_MS = 4000; // with the request, the server is at most five seconds behind
const RETRY_MS = 10_000;
const SKEW_MS = 1000; // databases round times
const MAX_KEEPALIVE = 60_000; // browsers refuse a larger body of a request that outlives the page
const NOT_RESTORED = ["csrf_token", "draft", "version"];
const NEW_POST = /^post(:|$)/;

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
}

/** A moment as the server writes it. Some browsers put a narrow space before "AM". */
const format = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(at).replace("\u202f", " ");

function fill(form, fields) {
  const own = new Map(fieldsOf(form));
  for (const [name, value] of fields) {
    const field = form.elements[name];
    if (NOT_RESTORED.includes(name) || !field || own.get(name) === value) continue;
    field.value = value;
    field.closest?.("details")?.setAttribute("open", "");
    field.dispatchEvent?.(new Event("change", { bubbles: true }));
  }
}

class Draft {
  constructor(form, editor, state) {
    const { draft: place, savedAt } = editor.dataset;
    Object.assign(this, { form, state, place, savedAt: Number(savedAt), note: $("[data-restored]", editor) });
    Object.assign(this, { timer: 0, firstAt: 0, isSaving: false, isStopped: false });
    this.saved = this.text();
    this.restore(editor.dataset.sent !== undefined);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => !event.defaultPrevented && this.stop());
    addEventListener("pageshow", () => (this.isStopped = false));
    addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save(true));
  }

  text = () => JSON.stringify(fieldsOf(this.form));

  keep(isSaved = false) {
    return writeCopy(this.place, { fields: fieldsOf(this.form), at: Date.now(), savedAt: this.savedAt, isSaved });
  }

  /** Fills in the browser's copy if it is newer than the server's draft, which the page shows. */
  restore(isSent) {
    if (isSent) return this.keep(); // the page shows what was just sent
    const copy = readCopy(this.place);
    if (!copy) return;
    const isNewer = !copy.isSaved && (this.savedAt <= copy.savedAt + SKEW_MS || copy.at > this.savedAt);
    if (!isNewer) return copy.isSaved && this.savedAt ? undefined : removeCopy(this.place);
    fill(this.form, copy.fields);
    if (this.text() === this.saved) return;
    $("span", this.note).textContent = words("restored").replace("{time}", format(copy.at));
    this.note.hidden = false;
    this.changed(copy.at);
  }

  changed() {
    if (this.isStopped || this.text() === this.saved) return;
    this.hasCopy = this.keep();
    this.nameInAddress();
    this.firstAt ||= Date.now();
    this.schedule(Math.min(QUIET_MS, this.firstAt + MAX_WAIT_MS - Date.now()));
  }

  /** Names a new post's draft in the address, so that reloading, or logging in again, comes back to this text. */
  nameInAddress() {
    const url = new URL(location);
    if (!NEW_POST.test(this.place) || url.searchParams.get("draft") === this.place) return;
    url.searchParams.set("draft", this.place);
    history.replaceState(history.state, "", url);
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, wait));
  }

  async save(isLeaving = false) {
    const text = this.text();
    if (this.isStopped || text === this.saved || (this.isSaving && !isLeaving)) return;
    clearTimeout(this.timer);
    Object.assign(this, { isSaving: true, firstAt: 0 });
    try {
      await this.send(text, isLeaving);
      if (this.text() !== text) this.schedule(QUIET_MS);
    } catch (error) {
      if (error.name !== "AbortError") this.showFailure(error);
    } finally {
      this.isSaving = false;
    }
  }

  async send(text, isLeaving) {
    const body = new URLSearchParams([...fieldsOf(this.form).filter(([name]) => name !== "draft"), ["key", this.place]]);
    const keepalive = isLeaving && String(body).length < MAX_KEEPALIVE;
    this.request = new AbortController();
    const response = await post("/posts/drafts", body, { keepalive, signal: this.request.signal });
    this.savedAt = Number(response.headers.get("Draft-Saved-At"));
    this.saved = text;
    this.state.textContent = words("saved");
    if (this.text() !== text) return this.keep();
    this.keep(true);
    this.form.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true }));
  }

  showFailure(error) {
    if (!(error instanceof LoggedOut) || !this.hasCopy) {
      this.state.textContent = words("notSaved");
      return this.schedule(RETRY_MS);
    }
    const link = document.createElement("a");
    link.href = `/auth/login?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = words("logIn");
    link.addEventListener("click", () => this.form.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true })));
    this.state.replaceChildren(words("loggedOut"), " ", link);
  }

  /** The text is on its way to be posted. The copy stays until the server says that it was. */
  stop() {
    if (this.text() !== this.saved) this.keep();
    clearTimeout(this.timer);
    this.request?.abort(); // it must not come after the text
    this.isStopped = true;
  }

  discard() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.isStopped = true;
    this.form.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true }));
  }
}

const drafts = new Map();

export function keepDraft(form, editor, state) {
  drafts.set(editor.dataset.draft, new Draft(form, editor, state));
}

/** Offers the newest of the new posts that only this browser has, above the one that the server offers. */
function offerCopies(list) {
  const kindOf = (slug) => $(`#board option[value="${CSS.escape(slug)}"]`)?.dataset.kind;
  const isChosen = /^\/questions\/ask|[?&]board=/.test(location.pathname + location.search);
  const isNamed = new URLSearchParams(location.search).has("draft");
  const known = new Set([list.dataset.draftOffers, ...$$("[data-offered]", list).map((offer) => offer.dataset.offered)]);
  for (const [place, { fields, at }] of isNamed ? [] : unsavedNewPosts()) {
    const { board = "", title, body } = Object.fromEntries(fields);
    const isOther = isChosen && kindOf(board) !== kindOf($("#board")?.value ?? "");
    if (known.has(place) || isOther || !(title?.trim() || body?.trim())) continue;
    const offer = $("#draft-offer").content.firstElementChild.cloneNode(true);
    offer.dataset.offered = $("form", offer).dataset.discards = $("[name=place]", offer).value = place;
    $("[data-time]", offer).textContent = words("unfinished").replace("{time}", format(at));
    $("q", offer).textContent = (title?.trim() || body.trim()).slice(0, 120);
    $("a", offer).href = `/posts/new?draft=${place}`;
    list.prepend(offer);
    return;
  }
}

export function start() {
  $$("[data-draft-offers]").forEach(offerCopies);
  on("submit", "form[data-discards]", (event, form) => {
    if (event.defaultPrevented) return;
    drafts.get(form.dataset.discards)?.discard();
    removeCopy(form.dataset.discards);
  });
}
