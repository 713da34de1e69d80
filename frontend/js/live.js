// Live updates: badges, scores, and bars that insert what is new when they are pressed, so that the text does not move before.
import { $, $$, on, words } from "./dom.js";
import { process } from "./fragments.js";
import { get, post } from "./server.js";
import { isLive, subscribe } from "./stream.js";
import { toast } from "./toast.js";

const compact = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });

const number = new Intl.NumberFormat(document.documentElement.lang);
const shortNumber = (value) => (Math.abs(value) < 10_000 ? number : compact).format(value);
const isOwn = ({ author_id }) => String(author_id) === $("meta[name=account]")?.content;
const unread = new Map(); // what the badges show, by name
const title = document.title;

/** Shows the sum of what is unread before the title, which stands in the browser's tab. */
function setTitle() {
  const sum = [...unread.values()].reduce((one, other) => one + other, 0);
  document.title = sum ? `(${compact.format(sum)}) ${title}` : title;
}

function setBadge(name, count) {
  unread.set(name, count);
  setTitle();
  for (const badge of $$(`[data-unread="${name}"]`)) {
    badge.textContent = compact.format(count);
    badge.hidden = !count;
  }
}

/** Shows a bar with the number of new `things` (words) in `section`; pressing it calls `insert(bar)`.
 * A new bar is given to `place(bar)`, which puts it into the section.
 */
function showBar(section, things, count, insert, place) {
  let bar = $(":scope > div > .live-bar", section);
  if (!bar) {
    bar = document.createElement("button");
    Object.assign(bar, { className: "live-bar", type: "button" });
    // The focus and the selection stay where somebody is writing.
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", () => press(bar, insert));
    const status = Object.assign(document.createElement("div"), { role: "status" });
    place(status);
    status.append(bar);
  }
  bar.textContent = words(count === 1 ? things : `${things}s`).replace("{n}", count);
}

async function press(bar, insert) {
  if (bar.ariaBusy) return;
  bar.ariaBusy = "true";
  try {
    await insert(bar);
  } catch (error) {
    bar.ariaBusy = null;
    toast(error.message);
  }
}

const loadPage = async (url) => new DOMParser().parseFromString(await (await get(url, { headers: {} })).text(), "text/html");

/** Moves the focus from a bar that is gone to the first of what it has inserted. */
function focusAdded(hadFocus, added) {
  added.forEach(process);
  if (!hadFocus || !added.length) return;
  added[0].tabIndex = -1;
  added[0].focus({ preventScroll: true });
}

/** Replaces the bar by a divider with the `count` newest answers below it that the page has not shown yet. */
async function insertAnswers(section, bar, count) {
  const page = await loadPage(`${section.dataset.post}?sort=newest`);
  const answers = $$("#answers > article", page).sort((one, other) => Number(other.id.slice(7)) - Number(one.id.slice(7)));
  const added = answers.filter((answer) => !document.getElementById(answer.id)).slice(0, count);
  const hadFocus = document.activeElement === bar;
  const divider = Object.assign(document.createElement("p"), { className: "live-divider", textContent: words("newBelow") });
  $(".live-divider", section)?.remove();
  bar.parentElement.replaceWith(...(added.length ? [divider, ...added] : [])); // it may be deleted by now
  $("#answers-title").textContent = $("#answers-title", page).textContent;
  focusAdded(hadFocus, added);
}

function watchAnswers(section) {
  let known = Number(section.dataset.answers);
  let count = known;
  const insert = async (bar) => {
    const wanted = count;
    await insertAnswers(section, bar, wanted - known);
    known = wanted;
    show(count);
  };
  const place = (status) => $(".between", section).after(status);
  const show = (number) => number > known && showBar(section, "newAnswer", number - known, insert, place);
  subscribe("hello", ({ topics }) => show((count = Math.max(count, topics[section.dataset.topic]?.answer_count ?? 0))));
  subscribe("answer_posted", (payload) => {
    if (section.dataset.topic === `post:${payload.post_id}`) show(++count);
  });
}

/** Lists of posts: a bar above the list inserts the new ones that belong to it. */
function watchList(list) {
  const { liveList: kind, board, tag } = list.dataset;
  const section = list.parentElement;
  const rowOf = (row) => $("[data-row]", row)?.pathname.split("/")[2];
  let count = 0;
  const belongs = (post) =>
    (kind !== "question" || post.kind === "question") && (!board || String(post.board_id) === board) && (!tag || post.tags.includes(tag));
  const insert = async (bar) => {
    const page = await loadPage(location.pathname + location.search);
    const present = new Set([...list.children].map(rowOf));
    const added = [...($("[data-live-list]", page)?.children ?? [])].filter((row) => !present.has(rowOf(row)));
    const hadFocus = document.activeElement === bar;
    bar.parentElement.remove();
    list.prepend(...added);
    count = 0;
    focusAdded(hadFocus, added);
  };
  subscribe("post_published", (post) => {
    if (belongs(post) && !isOwn(post)) showBar(section, kind === "question" ? "newQuestion" : "newPost", ++count, insert, (status) => list.before(status));
  });
}

/** Comments: a bar below those of a post inserts the new ones where they belong, and leaves what is being written. */
function watchComments() {
  const waiting = new Map(); // by post: the ids of comments that are not shown yet
  const insert = async (bar, postId) => {
    const html = await (await get(`/posts/${postId}/comments`)).text();
    const piece = document.createRange().createContextualFragment(html);
    const section = document.getElementById(`comments-${postId}`);
    const ids = waiting.get(postId);
    const hadFocus = document.activeElement === bar;
    waiting.delete(postId);
    bar.parentElement.remove();
    let list = $(":scope > ol", section);
    if (!list) section.prepend((list = document.createElement("ol")));
    const added = [];
    let last = null; // the comment after which the next one stands
    for (const comment of $$(".comment", piece)) {
      const present = document.getElementById(comment.id);
      if (present) last = present;
      else if (ids.has(comment.id)) {
        if (last) last.after(comment);
        else list.prepend(comment);
        added.push((last = comment));
      }
    }
    focusAdded(hadFocus, added);
  };
  subscribe("comment_posted", (comment) => {
    const id = `comment-${comment.comment_id}`;
    const postId = comment.on_post_id;
    const section = document.getElementById(`comments-${postId}`);
    if (!section || document.getElementById(id) || isOwn(comment)) return;
    if (!$(":scope > div > .live-bar", section)) waiting.set(postId, new Set()); // the form's answer has shown the others
    waiting.get(postId).add(id);
    const place = (status) => ($(":scope > ol", section) ? $(":scope > ol", section).after(status) : section.prepend(status));
    showBar(section, "newComment", waiting.get(postId).size, (bar) => insert(bar, postId), place);
  });
}

/** Scores change where they stand. */
function watchScores() {
  subscribe("score_changed", ({ id, score }) => {
    const place = $(".vote b", document.getElementById(id) ?? document.createElement("i"));
    if (!place) return;
    place.textContent = shortNumber(score);
    place.ariaLabel = words(score === 1 ? "vote" : "votes").replace("{n}", number.format(score));
  });
}

/** The inbox: a bar above the conversations shows them anew. */
function watchInbox(list) {
  let known = Number(list.dataset.inbox);
  const insert = async (bar) => {
    const page = await loadPage(location.pathname);
    const hadFocus = document.activeElement === bar;
    const rows = [...($("[data-inbox]", page)?.children ?? [])];
    known = unread.get("unread_message_count");
    bar.parentElement.remove();
    list.replaceChildren(...rows);
    focusAdded(hadFocus, rows);
  };
  const show = (count) => {
    if (count > known) showBar(list.parentElement, "newMessage", count - known, insert, (status) => list.before(status));
    else known = count;
  };
  subscribe("unread_message_count", ({ count }) => show(count));
  subscribe("hello", ({ unread_message_count }) => show(unread_message_count));
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
  for (const badge of $$("[data-unread]")) if (!badge.hidden) unread.set(badge.dataset.unread, Number(badge.dataset.count));
  setTitle();
  $$("[data-live-list]").forEach(watchList);
  $$("[data-inbox]").forEach(watchInbox);
  watchComments();
  watchScores();
  if ($("[data-conversation]")) watchConversation();
  if ($("[data-job]")) watchJobs();
  on("toggle", "[data-bell]", (_event, menu) => loadRecentNotifications(menu), { capture: true });
}
