// The example pages at /examples/: they use nothing but the API, with JSON Web Tokens. Served as it is written, to be read.
const root = document.querySelector("[data-example]");
const at = (name) => root.querySelector(`[data-${name}]`);
const API = "/api/v1";
const KEY = "example-refresh-token";

// The access token stays in memory. The refresh token is where the reader chose: any script of the site could read
// sessionStorage and localStorage, so that nothing is kept there without a choice.
let accessToken = null;
let expires = null;
const memory = new Map();
const stores = {
  page: { getItem: (key) => memory.get(key) ?? null, setItem: (key, value) => memory.set(key, value), removeItem: (key) => memory.delete(key) },
  tab: sessionStorage,
  browser: localStorage,
};
const store = () => Object.values(stores).find((each) => each.getItem(KEY)) ?? null;

function keep(tokens, where) {
  where.setItem(KEY, tokens.refresh_token);
  accessToken = tokens.access_token;
  expires = new Date(JSON.parse(atob(accessToken.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000);
}

function forget() {
  for (const each of Object.values(stores)) each.removeItem(KEY);
  accessToken = null;
}

/** One call; throws the problem document (RFC 9457) of a refusal. Cookies are left out: the token alone counts. */
async function send(method, path, { body, token } = {}) {
  const headers = { "Accept-Language": root.dataset.language };
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(API + path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
  } catch {
    throw { detail: root.dataset.offline };
  }
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw told;
  return told;
}

/** Gets new tokens. A refresh token works once, so of several tabs one refreshes at a time. */
function refresh() {
  return navigator.locks.request(KEY, async () => {
    const where = store();
    if (!where) throw { code: "not_logged_in" };
    keep(await send("POST", "/auth/refresh", { token: where.getItem(KEY) }), where);
  });
}

/** A call as the person who is logged in; an access token that has expired is renewed once. */
async function call(method, path, body) {
  if (!accessToken) await refresh();
  try {
    return await send(method, path, { body, token: accessToken });
  } catch (problem) {
    if (problem.code !== "token_expired") throw problem;
    await refresh();
    return send(method, path, { body, token: accessToken });
  }
}

/** Does some work and shows what the API refuses; without a valid token the form to log in. */
async function attempt(work) {
  at("problem").hidden = true;
  try {
    await work();
  } catch (problem) {
    if (problem instanceof Error) throw problem;
    const fields = Object.values(problem.errors ?? {}).flat();
    const isLoggedOut = ["token_expired", "token_revoked", "not_logged_in"].includes(problem.code);
    if (isLoggedOut) {
      forget();
      show(false);
    }
    at("problem").textContent = fields.join(" ") || problem.detail || "";
    at("problem").hidden = problem.code === "not_logged_in";
  }
}

function show(isInside) {
  at("login").hidden = isInside;
  at("inside").hidden = !isInside;
}

const make = (tag, values, ...children) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};
const button = (words, act) => {
  const made = make("button", { type: "button", className: "btn quiet", textContent: words });
  made.addEventListener("click", () => attempt(act));
  return made;
};
const onSubmit = (name, act) => at(name)?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => act(Object.fromEntries(new FormData(event.target)), event.target));
});
const onClick = (name, act) => at(name)?.addEventListener("click", () => attempt(act));

// What each page does once somebody is logged in.
const pages = {
  login() {
    at("expiry").textContent = expires.toLocaleTimeString(root.dataset.language);
  },

  async account() {
    const me = await call("GET", "/me");
    for (const field of root.querySelectorAll("[data-field]")) field.textContent = me[field.dataset.field];
    const { items } = await call("GET", `/posts?author=${encodeURIComponent(me.username)}&limit=10&fields=id,title`);
    at("posts").replaceChildren(...items.map(({ id, title }) => make("li", {}, make("a", { className: "link", href: `/posts/${id}`, textContent: title }))));
  },

  async boards() {
    const { items } = await call("GET", "/admin/boards");
    at("rows").replaceChildren(...items.map(boardRow));
    edit(null);
  },

  people: () => people(""),
};

let edited = null; // the word of the board that the form changes; null for a new one

function edit(board) {
  edited = board?.slug ?? null;
  at("heading").textContent = board?.name ?? root.dataset.new;
  for (const name of ["slug", "name", "kind", "description"]) at("board").elements[name].value = board?.[name] ?? (name === "kind" ? "qa" : "");
}

function boardRow(board) {
  const cells = [board.slug, board.name, board.kind].map((textContent) => make("td", { textContent }));
  cells.push(make("td", { className: "end", textContent: board.post_count }));
  const change = button(root.dataset.edit, () => edit(board));
  const remove = button(root.dataset.delete, async () => {
    if (!confirm(root.dataset.sure.replace("{name}", board.name))) return;
    await call("DELETE", `/admin/boards/${encodeURIComponent(board.slug)}`);
    await pages.boards();
  });
  return make("tr", {}, ...cells, make("td", {}, change, remove));
}

async function people(words, cursor = "") {
  const { items, next_cursor: next } = await call("GET", `/users?${new URLSearchParams({ limit: 20, q: words, ...(cursor && { cursor }) })}`);
  const found = items.map(({ username, reputation }) => make("li", {}, make("a", { className: "link", href: `/users/${encodeURIComponent(username)}`, textContent: username }), ` ${reputation}`));
  if (cursor) at("people").append(...found);
  else at("people").replaceChildren(...found);
  at("more").hidden = !next;
  at("more").onclick = () => attempt(() => people(words, next));
}

async function enter() {
  if (!accessToken) await refresh();
  try {
    await pages[root.dataset.example]();
  } finally {
    show(true); // with what it shows: a form that is filled later would lose what was typed
  }
}

onSubmit("login", async ({ username, password, keep: where }, form) => {
  keep(await send("POST", "/auth/login", { body: { username, password } }), stores[where]);
  form.reset();
  await enter();
});
onSubmit("board", async (values) => {
  await (edited ? call("PATCH", `/admin/boards/${encodeURIComponent(edited)}`, values) : call("POST", "/admin/boards", values));
  await pages.boards();
});
onSubmit("find", ({ q }) => people(q));
onClick("cancel", () => edit(null));
onClick("refresh", async () => {
  await refresh();
  pages.login();
});
onClick("logout", async () => {
  await call("POST", "/auth/logout");
  forget();
  show(false);
});

show(false);
attempt(enter);
