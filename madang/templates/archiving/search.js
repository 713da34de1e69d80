/* The search of an archive, without a server. A segment has the words of some thousand pages in shards; a script of the
   archive hands them over, since pages that are opened as files may load scripts but no data. */
"use strict";

const CJK = "[{{ cjk }}]";
const RUN = new RegExp(`(?<![\\p{L}\\p{N}])(?:c\\+\\+|[cf]#)|${CJK}+|(?:(?!${CJK})[\\p{L}\\p{N}])+`, "gu");
const NAMED_BY_SIGNS = { "c++": "cplusplus", "c#": "csharp", "f#": "fsharp" };
const SEGMENTS = {{ segments }};
const PER_FOLDER = {{ per_folder }}, TITLES_PER_FILE = {{ titles_per_file }}, LONGEST = {{ longest }}, ENOUGH = 30;
const WORDS = {{ words|tojson }};
const handed = new Map();

function archiveSearch([kind, unit, ...values]) {
  handed.set(kind === "segment" ? `${unit}/index` : `${unit}/${kind === "titles" ? "t" : ""}${values[0]}`, values);
}

const loading = new Map();
function load(name) {
  if (!loading.has(name)) {
    loading.set(name, new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `s/${name}.js`;
      script.onload = script.onerror = () => resolve(handed.get(name));
      document.head.append(script);
    }));
  }
  return loading.get(name);
}

/* The words of a query as the index has them: words of scripts with spaces, and pairs of CJK letters. A single CJK
   letter stands for all pairs that begin with it. */
function wordsOf(query) {
  const words = [];
  for (const run of query.normalize("NFKC").toLowerCase().match(RUN) ?? []) {
    const letters = [...run];
    if (!new RegExp(`^${CJK}`, "u").test(run)) words.push({ text: (Object.hasOwn(NAMED_BY_SIGNS, run) ? NAMED_BY_SIGNS[run] : run).slice(0, LONGEST) });
    else if (letters.length === 1) words.push({ text: run, isStart: true });
    else for (let i = 0; i + 1 < letters.length; i++) words.push({ text: letters[i] + letters[i + 1] });
  }
  return words;
}

/* Words are in the order of their code points, which is not that of UTF-16. */
function compare(a, b) {
  const left = [...a], right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i].codePointAt(0) - right[i].codePointAt(0);
    if (difference) return difference;
  }
  return left.length - right.length;
}

function unpack(numbers) {
  let last = 0;
  return numbers.split(",").map((digits) => (last += parseInt(digits, 36)));
}

/* The pages of a segment with a word, each with whether its title has it. */
async function pagesWith(unit, starts, word) {
  let first = 0;
  while (first + 1 < starts.length && compare(starts[first + 1], word.text) <= 0) first++;
  const pages = new Map();
  for (let shard = first; shard < starts.length; shard++) {
    if (shard > first && !(word.isStart && starts[shard].startsWith(word.text))) break;
    const [, words] = (await load(`${unit}/${shard}`)) ?? [0, {}];
    const found = word.isStart
      ? Object.keys(words).filter((each) => each.startsWith(word.text))
      : Object.hasOwn(words, word.text) ? [word.text] : [];
    for (const each of found) {
      for (const number of unpack(words[each])) pages.set(number >> 1, pages.get(number >> 1) || (number & 1) === 1);
    }
  }
  return pages;
}

/* The places of the pages of a segment with all words: those with most of them in the title first, then the newest. */
async function hitsIn(unit, words) {
  const [, starts] = (await load(`${unit}/index`)) ?? [0, []];
  if (!starts.length) return [];
  let scores = null;
  for (const word of words) {
    const pages = await pagesWith(unit, starts, word);
    const kept = new Map();
    for (const [place, isInTitle] of pages) {
      if (scores === null || scores.has(place)) kept.set(place, (scores?.get(place) ?? 0) + (isInTitle ? 1 : 0));
    }
    scores = kept;
    if (!scores.size) return [];
  }
  return [...scores].sort((a, b) => b[1] - a[1] || b[0] - a[0]).map(([place]) => place);
}

async function show(unit, place, list) {
  const item = document.createElement("li");
  list.append(item);
  const file = Math.floor(place / TITLES_PER_FILE);
  const [, rows] = await load(`${unit}/t${file}`);
  const [id, title, day, answers] = rows[place % TITLES_PER_FILE];
  const heading = document.createElement("h2"), link = document.createElement("a"), meta = document.createElement("p");
  link.href = `p/${Math.floor(id / PER_FOLDER)}/${id}.html`;
  link.textContent = title;
  link.dir = "auto";
  heading.append(link);
  meta.className = "meta";
  meta.textContent = answers ? `${day} · ${WORDS.answers} ${answers}` : day;
  item.append(heading, meta);
}

async function start() {
  const query = new URLSearchParams(location.search).get("q") ?? "";
  const state = document.getElementById("archive-state"), list = document.getElementById("archive-hits");
  const more = document.getElementById("archive-more"), words = wordsOf(query);
  document.getElementById("q").value = query;
  if (!words.length) return;
  document.title = `${query} · ${document.title}`;
  let next = SEGMENTS - 1, waiting = [];
  async function search() {
    more.hidden = true;
    state.textContent = WORDS.searching;
    let shown = 0;
    while (shown < ENOUGH) {
      while (waiting.length && shown < ENOUGH) {
        await show(...waiting.shift(), list);
        shown++;
      }
      if (waiting.length || next < 0) break;
      const unit = next--;
      waiting = (await hitsIn(unit, words)).map((place) => [unit, place]);
    }
    more.hidden = !waiting.length && next < 0;
    state.textContent = list.children.length ? "" : WORDS.nothing;
  }
  more.addEventListener("click", search);
  await search();
}

start();
