// Live updates: badges, and a bar that inserts new answers when it is pressed, so that the text does not move before.
import { $, $$, on, words } from "./dom.js";
import { process } from "./fragments.js";
import { get, post } from "./server.js";
import { isLive, subscribe } from "./stream.js";
import { toast } from "./toast.js";

const compact = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });

function setBadge(name, count) {
  for (const badge of $$(`[data-unread="${name}"]`)) {
    badge.textContent = compact.format(count);
    badge.hidden = !count;
  }
}

/** Shows a bar with the number of new answers above them; pressing it calls `insert(bar)`. */
function showBar(section, count, insert) {
  let bar = $(".live-bar", section);
  if (!bar) {
    bar = document.createElement("button");
    Object.assign(bar, { className: "live-bar", type: "button" });
    // The focus and the selection stay where somebody is writing.
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", () => insert(bar));
    const status = Object.assign(document.createElement("div"), { role: "status" });
    $(".between", section).after(status);
    status.append(bar);
  }
  bar.textContent = words(count === 1 ? "newAnswer" : "newAnswers").replace("{n}", count);
}

/** Replaces the bar by a divider with the `count` newest answers below it that the page has not shown yet. */
async function insertAnswers(section, bar, count) {
  const html = await (await get(`${section.dataset.post}?sort=newest`, { headers: {} })).text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const answers = $$("#answers > article", page).sort((one, other) => Number(other.id.slice(7)) - Number(one.id.slice(7)));
  const added = answers.filter((answer) => !document.getElementById(answer.id)).slice(0, count);
  const hadFocus = document.activeElement === bar;
  const divider = Object.assign(document.createElement("p"), { className: "live-divider", textContent: words("newBelow") });
  $(".live-divider", section)?.remove();
  bar.parentElement.replaceWith(...(added.length ? [divider, ...added] : [])); // it may be deleted by now
  $("#answers-title").textContent = $("#answers-title", page).textContent;
  added.forEach(process);
  if (!hadFocus || !added.length) return;
  added[0].tabIndex = -1;
  added[0].focus({ preventScroll: true });
}

function watchAnswers(section) {
  let known = Number(section.dataset.answers);
  let count = known;
  const insert = async (bar) => {
    const wanted = count;
    if (bar.ariaBusy) return;
    bar.ariaBusy = "true";
    try {
      await insertAnswers(section, bar, wanted - known);
      known = wanted;
      show(count);
    } catch (error) {
      bar.ariaBusy = null;
      toast(error.message);
    }
  };
  const show = (number) => number > known && showBar(section, number - known, insert);
  subscribe("hello", ({ topics }) => show((count = Math.max(count, topics[section.dataset.topic]?.answer_count ?? 0))));
  subscribe("answer_posted", (payload) => {
    if (section.dataset.topic === `post:${payload.post_id}`) show(++count);
  });
}

/** Loads and inserts newer messages; the server marks them as read. */
async function loadNewMessages(list) {
  const id = list.dataset.conversation;
  const newest = Math.max(0, ...$$("[id^=message-]", list).map((message) => Number(message.id.slice(8))));
  const html = await (await get(`/messages/${id}/new?after=${newest}`)).text();
  const piece = document.createRange().createContextualFragment(html);
  for (const message of [...piece.children]) if (document.getElementById(message.id)) message.remove();
  $("ol", list).prepend(piece);
}

function watchConversation() {
  const list = () => $("[data-conversation]");
  const refresh = (id) => list()?.dataset.conversation === String(id) && loadNewMessages(list()).catch(() => {});
  subscribe("message_posted", ({ conversation_id }) => refresh(conversation_id));
  subscribe("unread_message_count", ({ count }) => count && !isLive() && refresh(list()?.dataset.conversation));
  subscribe("hello", ({ topics }) => {
    for (const topic of Object.keys(topics)) if (topic.startsWith("conversation:")) refresh(topic.slice(13));
  });
}

const pollingNow = new WeakSet();
const POLLING = "[data-hx-trigger^=every]"; // elements that htmx reloads at intervals

/** Reloads a polling element at once. */
function poll(piece) {
  pollingNow.add(piece);
  piece.dispatchEvent(new CustomEvent("every"));
}

/** Reloads the progress of jobs on events of the stream; it polls only while there is no stream. */
function watchJobs() {
  subscribe("job_progress", ({ job_id }) => $$(`[data-job="${job_id}"] ${POLLING}`).forEach(poll));
  subscribe("open", () => $$(`[data-job] ${POLLING}`).forEach(poll));
  document.addEventListener("htmx-config-request", (event) => {
    const piece = event.detail.ctx.sourceElement;
    if (piece.matches(`[data-job] ${POLLING}`) && isLive() && !pollingNow.delete(piece)) event.preventDefault();
  });
}

async function loadRecentNotifications(menu) {
  const place = $("[data-recent]", menu);
  if (menu.open) place.innerHTML = await (await get("/notifications/recent")).text();
}

export function start() {
  for (const name of ["unread_message_count", "unread_notification_count"]) subscribe(name, ({ count }) => setBadge(name, count));
  subscribe("hello", (state) => {
    for (const name of ["unread_message_count", "unread_notification_count"]) setBadge(name, state[name]);
  });
  for (const section of $$("[data-answers]")) {
    watchAnswers(section);
    const bell = $("[data-unread=unread_notification_count]");
    // Opening a post marks the notifications about it as read.
    if (bell && !bell.hidden) post("/notifications/read", new URLSearchParams({ post: section.dataset.topic.slice(5) })).catch(() => {});
  }
  if ($("[data-conversation]")) watchConversation();
  if ($("[data-job]")) watchJobs();
  on("toggle", "[data-bell]", (_event, menu) => loadRecentNotifications(menu), { capture: true });
}
