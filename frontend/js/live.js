// What the page does about what is new: badges, a bar that offers it, never text that moves under the reader.
import { $, $$, on, words } from "./dom.js";
import { get, post } from "./server.js";
import { hear, isLive } from "./stream.js";

const compact = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });

function setBadge(name, count) {
  for (const badge of $$(`[data-unread="${name}"]`)) {
    badge.textContent = compact.format(count);
    badge.hidden = !count;
  }
}

/** Offers what came: a thin bar that says how much, above where it will stand. */
function offer(place, count, name, href) {
  let bar = $(".live-bar", place);
  if (!bar) {
    bar = document.createElement("a");
    bar.className = "live-bar";
    bar.setAttribute("role", "status");
    place.prepend(bar);
  }
  bar.href = href;
  bar.textContent = words(count === 1 ? name : `${name}s`).replace("{n}", count);
}

function watchAnswers(section) {
  const known = Number(section.dataset.answers);
  const path = section.dataset.post;
  const show = (count) => {
    if (count > known) offer(section, count - known, "newAnswer", `${path}?sort=newest&n=${count}#answers`);
  };
  let count = known;
  hear("hello", ({ topics }) => show((count = Math.max(count, topics[section.dataset.topic]?.answer_count ?? 0))));
  hear("answer_posted", (payload) => {
    if (section.dataset.topic === `post:${payload.post_id}`) show(++count);
  });
}

/** A new message appears where it belongs; whoever has it before them has read it. */
async function showNewer(list) {
  const id = list.dataset.conversation;
  const newest = Math.max(0, ...$$("[id^=message-]", list).map((said) => Number(said.id.slice(8))));
  const page = await (await get(`/messages/${id}/new?after=${newest}`)).text();
  const piece = document.createRange().createContextualFragment(page);
  for (const said of [...piece.children]) if (document.getElementById(said.id)) said.remove();
  $("ol", list).prepend(piece);
}

function watchConversation() {
  const here = () => $("[data-conversation]");
  const look = (id) => here()?.dataset.conversation === String(id) && showNewer(here()).catch(() => {});
  hear("message_posted", ({ conversation_id }) => look(conversation_id));
  hear("unread_message_count", ({ count }) => count && !isLive() && look(here()?.dataset.conversation));
  hear("hello", ({ topics }) => {
    for (const topic of Object.keys(topics)) if (topic.startsWith("conversation:")) look(topic.slice(13));
  });
}

const asked = new WeakSet();
const POLLING = "[data-hx-trigger^=every]"; // what asks for itself now and then

/** Lets what asks for itself do so now. */
function askNow(piece) {
  asked.add(piece);
  piece.dispatchEvent(new CustomEvent("every"));
}

/** A job's line moves with the stream; only where there is none does it ask for itself. */
function watchJobs() {
  hear("job_progress", ({ job_id }) => $$(`[data-job="${job_id}"] ${POLLING}`).forEach(askNow));
  hear("open", () => $$(`[data-job] ${POLLING}`).forEach(askNow));
  document.addEventListener("htmx-config-request", (event) => {
    const piece = event.detail.ctx.sourceElement;
    if (piece.matches(`[data-job] ${POLLING}`) && isLive() && !asked.delete(piece)) event.preventDefault();
  });
}

async function fillBell(menu) {
  const place = $("[data-recent]", menu);
  if (menu.open) place.innerHTML = await (await get("/notifications/recent")).text();
}

export function start() {
  for (const name of ["unread_message_count", "unread_notification_count"]) hear(name, ({ count }) => setBadge(name, count));
  hear("hello", (state) => {
    for (const name of ["unread_message_count", "unread_notification_count"]) setBadge(name, state[name]);
  });
  for (const section of $$("[data-answers]")) {
    watchAnswers(section);
    const bell = $("[data-unread=unread_notification_count]");
    // Who looks at a post has read what they were told of it.
    if (bell && !bell.hidden) post("/notifications/read", new URLSearchParams({ post: section.dataset.topic.slice(5) })).catch(() => {});
  }
  if ($("[data-conversation]")) watchConversation();
  if ($("[data-job]")) watchJobs();
  on("toggle", "[data-bell]", (_event, menu) => fillBell(menu), { capture: true });
}
