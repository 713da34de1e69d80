// What is new, as it happens: one stream for all tabs of this browser. The tab that holds the lock listens (or asks
// every ten seconds where no stream is to be had) and passes everything on; when it closes, another takes over.
import { $ } from "./dom.js";

const NAMES = ["unread_message_count", "unread_notification_count", "job_progress", "answer_posted", "comment_posted", "message_posted"];
const ASK_MS = 10_000;
const TRY_AGAIN_MS = 60_000;
const FAILURES = 3;
const ASKED = "/api/v1/notifications";
const NEVER = 10 ** 15; // no event has such a number
const headers = { Accept: "application/json" };

const tab = Math.random().toString(36).slice(2);
const hearers = new Map();
const wanted = new Map(); // tab -> topics; the listening tab's list
const states = new Map(); // name -> the last payload, for tabs that come later
let channel = null;
let lastId = 0;
let source = null;
let timer = null;
let release = null;
let isLeader = false;
let isOpen = false;

/** Whether what happens is heard at once, by this tab or by the one that listens for it. */
export const isLive = () => isOpen;

/** Calls `handle(payload)` for each event of that name; `hello` tells how the topics stand, `open` comes with each beginning. */
export function hear(name, handle) {
  hearers.set(name, [...(hearers.get(name) ?? []), handle]);
}

const myTopics = () => ($("meta[name=live]")?.content ?? "").split(" ").filter(Boolean);
const topics = () => [...new Set([...wanted.values()].flat())].sort();
const tellTabs = (message) => channel?.postMessage(message);

function setOpen(now) {
  const began = now && !isOpen;
  isOpen = now;
  if (isLeader) tellTabs({ type: "open", isOpen });
  if (began) for (const handle of hearers.get("open") ?? []) handle();
}

function take({ id, name, payload }) {
  if (id) {
    if (id <= lastId && name !== "hello") return;
    lastId = Math.max(id, lastId);
  }
  for (const handle of hearers.get(name) ?? []) handle(payload);
}

function spread(event) {
  if (event.name.startsWith("unread_")) states.set(event.name, event.payload);
  tellTabs({ type: "event", event });
  take(event);
}

function address() {
  const query = new URLSearchParams(topics().map((topic) => ["topic", topic]));
  if (lastId) query.set("after", lastId);
  return `/events?${query}`;
}

function listen() {
  stop();
  let failures = 0;
  source = new EventSource(address());
  const pass = (event) => {
    failures = 0;
    setOpen(true);
    spread({ id: Number(event.lastEventId), name: event.type, payload: JSON.parse(event.data) });
  };
  for (const name of ["hello", ...NAMES]) source.addEventListener(name, pass);
  source.addEventListener("error", () => {
    failures += 1;
    setOpen(false);
    if (source?.readyState === EventSource.CLOSED || failures >= FAILURES) ask();
  });
}

/** The stream is not to be had (a proxy that holds it back, too many open): ask now and then, and try it again. */
function ask() {
  stop();
  const began = Date.now();
  timer = setInterval(() => (Date.now() - began > TRY_AGAIN_MS ? listen() : look()), ASK_MS);
  look();
}

async function look() {
  const asking = timer;
  try {
    let query = `after=${lastId}`;
    if (!lastId) {
      // Nothing was heard yet: what came since this page was made, by the server's clock.
      const now = await fetch(`${ASKED}?limit=1&after=${NEVER}`, { headers });
      const made = Date.parse(now.headers.get("Date")) - (Date.now() - performance.timeOrigin) - 2_000;
      query = `since=${(made / 1000).toFixed(3)}`;
    }
    const response = await fetch(`${ASKED}?${query}`, { headers });
    if (asking !== timer) return; // it was stopped meanwhile
    if ([401, 403, 404].includes(response.status)) return stop();
    if (response.ok) for (const event of (await response.json()).items) spread(event);
  } catch { /* no connection: the next time */ }
}

function stop() {
  source?.close();
  source = null;
  clearInterval(timer);
  timer = null;
}

function want(who, list) {
  const before = topics().join();
  wanted.set(who, list);
  if (topics().join() !== before || (!source && !timer)) listen();
}

function onMessage({ data }) {
  if (data.type === "event") take(data.event);
  else if (data.type === "open") setOpen(data.isOpen);
  else if (data.type === "who") tellTabs({ type: "want", tab, topics: myTopics() });
  else if (isLeader && data.type === "want") {
    want(data.tab, data.topics);
    tellTabs({ type: "open", isOpen });
    for (const [name, payload] of states) tellTabs({ type: "event", event: { name, payload } });
  } else if (isLeader && data.type === "gone") wanted.delete(data.tab);
}

function lead() {
  isLeader = true;
  tellTabs({ type: "who" });
  wanted.set(tab, myTopics());
  listen();
}

function open() {
  if (!("BroadcastChannel" in window) || !navigator.locks) return lead();
  channel = new BroadcastChannel("madang");
  channel.addEventListener("message", onMessage);
  tellTabs({ type: "want", tab, topics: myTopics() });
  navigator.locks.request("madang-live", () => new Promise((resolve) => {
    release = resolve;
    lead();
  }));
}

function close() {
  tellTabs({ type: "gone", tab });
  stop();
  release?.();
  channel?.close();
  isLeader = isOpen = false;
}

export function start() {
  if (!$("meta[name=live]") || !("EventSource" in window)) return;
  open();
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
}
