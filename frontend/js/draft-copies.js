// Copies of unposted texts in this browser: they are newer than those on the server, and outlive a lost session.
// A copy is {fields, at, savedAt, isSaved}: pairs of names and values, when it was made, the time of the server's draft
// that it began with (both in milliseconds), and whether the server has it.
import { $ } from "./dom.js";

const PREFIX = "madang.draft:";
const POSTED_COOKIE = "posted_draft";
const MAX_COPIES = 20;
const MAX_CHARACTERS = 2_000_000; // browsers store about 5 MB for a site
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

const account = () => $("meta[name=account]")?.content ?? "";
const keyOf = (place) => `${PREFIX}${account()}:${place}`;
const placeOf = (key) => key.slice(PREFIX.length).replace(/^\d*:/, "");
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function parse(text) {
  try {
    const copy = JSON.parse(text);
    return Array.isArray(copy?.fields) ? copy : null;
  } catch {
    return null;
  }
}

/** Removes what is too old or too much, the oldest first; `kept` stays. */
function trim(kept) {
  const rows = keys().map((key) => ({ key, text: localStorage.getItem(key), at: parse(localStorage.getItem(key))?.at ?? 0 }));
  let characters = 0;
  rows.sort((one, other) => (other.key === kept) - (one.key === kept) || other.at - one.at).forEach(({ key, text, at }, index) => {
    characters += text.length;
    const isTooMuch = index >= MAX_COPIES || characters > MAX_CHARACTERS || at < Date.now() - MAX_AGE_MS;
    if (key !== kept && isTooMuch) localStorage.removeItem(key);
  });
}

export function readCopy(place) {
  try {
    return parse(localStorage.getItem(keyOf(place)));
  } catch {
    return null;
  }
}

/** Returns whether the browser has stored the copy. */
export function writeCopy(place, copy) {
  const key = keyOf(place);
  try {
    const isNew = localStorage.getItem(key) === null;
    localStorage.setItem(key, JSON.stringify(copy));
    if (isNew) trim(key);
    return true;
  } catch {
    return false;
  }
}

export function removeCopy(place) {
  try {
    localStorage.removeItem(keyOf(place));
  } catch { /* there is no storage, so there is no copy */ }
}

/** The copies of this account's new posts that the server has not got, as [place, copy], the newest first. */
export function unsavedNewPosts() {
  try {
    const own = keys().filter((key) => key.startsWith(keyOf("post")));
    const rows = own.map((key) => [placeOf(key), parse(localStorage.getItem(key))]);
    return rows.filter(([, copy]) => copy && !copy.isSaved).sort((one, other) => other[1].at - one[1].at);
  } catch {
    return [];
  }
}

/** Removes the copy of the text that the server has just posted, as its cookie says. */
function removePosted() {
  const place = document.cookie.match(`(?:^|; )${POSTED_COOKIE}="?([\\w:]+)`)?.[1];
  if (!place) return;
  document.cookie = `${POSTED_COOKIE}=; path=/; max-age=0`;
  const edit = place.match(/^edit:\d+:/)?.[0];
  for (const key of keys()) {
    const each = placeOf(key);
    if (key.startsWith(keyOf("")) && (each === place || (edit && each.startsWith(edit)))) localStorage.removeItem(key);
  }
}

/** On a shared computer, nothing stays that the account's own drafts have. */
function removeSaved() {
  for (const key of keys()) {
    if (key.startsWith(keyOf("")) && parse(localStorage.getItem(key))?.isSaved !== false) localStorage.removeItem(key);
  }
}

export function start() {
  try {
    removePosted();
  } catch { /* no storage or no cookies */ }
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    if (defaultPrevented || !target.matches('[action="/auth/logout"]')) return;
    try {
      removeSaved();
    } catch { /* as above */ }
  });
}
