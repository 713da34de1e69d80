// The event stream (Server-Sent Events), shared by all tabs of this browser. The tab that holds the lock listens, or polls
// every ten seconds if the stream fails, and forwards events to the other tabs; when it closes, another tab takes over.
import { $ } from "./dom.js";

const NAMES = ["unread_message_count", "unread_notification_count", "job_progress", "answer_posted", "comment_posted", "message_posted", "post_published", "score_changed"];
const POLL_MS = 10_000;
const RETRY_STREAM_MS = 60_000;
const MAX_FAILURES = 3;
const POLL_URL = "/api/v1/notifications";
const NO_EVENTS = 10 ** 15; // higher than the id of any event
const headers = { Accept: "application/json" };

const tab = Math.random().toString(36).slice(2);
const handlers = new Map();
const topicsByTab = new Map(); // filled in the leading tab only
const states = new Map(); // name -> the last payload, for tabs that are opened later
let channel = null;
let lastId = 0;
let source = null;
let timer = null;
let release = null;
let isLeader = false;
let isOpen = false;

/** Whether the stream is open, in this tab or in the leading tab. */
export const isLive = () => isOpen;

/** Calls `handle(payload)` for each event `name`; `hello` has the state of the topics, `open` follows each connection. */
export function subscribe(name, handle) {
  handlers.set(name, [...(handlers.get(name) ?? []), handle]);
}

const myTopics = () => ($("meta[name=live]")?.content ?? "").split(" ").filter(Boolean);
const allTopics = () => [...new Set([...topicsByTab.values()].flat())].sort();
const tellTabs = (message) => channel?.postMessage(message);

function setOpen(value) {
  const hasOpened = value && !isOpen;
  isOpen = value;
  if (isLeader) tellTabs({ type: "open", isOpen });
  if (hasOpened) for (const handle of handlers.get("open") ?? []) handle();
}

function dispatch({ id, name, payload }) {
  if (id) {
    if (id <= lastId && name !== "hello") return;
    lastId = Math.max(id, lastId);
  }
  for (const handle of handlers.get(name) ?? []) handle(payload);
}

function forward(event) {
  if (event.name.startsWith("unread_")) states.set(event.name, event.payload);
  tellTabs({ type: "event", event });
  dispatch(event);
}

function streamUrl() {
  const query = new URLSearchParams(allTopics().map((topic) => ["topic", topic]));
  if (lastId) query.set("after", lastId);
  return `/events?${query}`;
}

function listen() {
  stop();
  let failures = 0;
  source = new EventSource(streamUrl());
  const receive = (event) => {
    failures = 0;
    setOpen(true);
    forward({ id: Number(event.lastEventId), name: event.type, payload: JSON.parse(event.data) });
  };
  for (const name of ["hello", ...NAMES]) source.addEventListener(name, receive);
  source.addEventListener("error", () => {
    failures += 1;
    setOpen(false);
    if (source?.readyState === EventSource.CLOSED || failures >= MAX_FAILURES) startPolling();
  });
}

/** The stream fails (a buffering proxy, too many connections): poll, and retry the stream after a minute. */
function startPolling() {
  stop();
  const start = Date.now();
  timer = setInterval(() => (Date.now() - start > RETRY_STREAM_MS ? listen() : poll()), POLL_MS);
  poll();
}

async function poll() {
  const pollTimer = timer;
  try {
    let query = `after=${lastId}`;
    if (!lastId) {
      // No event yet: start at the time when this page was loaded, by the server's clock.
      const probe = await fetch(`${POLL_URL}?limit=1&after=${NO_EVENTS}`, { headers });
      const loadedAt = Date.parse(probe.headers.get("Date")) - (Date.now() - performance.timeOrigin) - 2_000;
      query = `since=${(loadedAt / 1000).toFixed(3)}`;
    }
    const response = await fetch(`${POLL_URL}?${query}`, { headers });
    if (pollTimer !== timer) return; // polling was stopped in the meantime
    if ([401, 403, 404].includes(response.status)) return stop();
    if (response.ok) for (const event of (await response.json()).items) forward(event);
  } catch { /* no connection: retry at the next interval */ }
}

function stop() {
  source?.close();
  source = null;
  clearInterval(timer);
  timer = null;
}

function setTopics(tabId, topics) {
  const before = allTopics().join();
  topicsByTab.set(tabId, topics);
  if (allTopics().join() !== before || (!source && !timer)) listen();
}

function onMessage({ data }) {
  if (data.type === "event") dispatch(data.event);
  else if (data.type === "open") setOpen(data.isOpen);
  else if (data.type === "who") tellTabs({ type: "want", tab, topics: myTopics() });
  else if (isLeader && data.type === "want") {
    setTopics(data.tab, data.topics);
    tellTabs({ type: "open", isOpen });
    for (const [name, payload] of states) tellTabs({ type: "event", event: { name, payload } });
  } else if (isLeader && data.type === "gone") topicsByTab.delete(data.tab);
}

function lead() {
  isLeader = true;
  tellTabs({ type: "who" });
  topicsByTab.set(tab, myTopics());
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
