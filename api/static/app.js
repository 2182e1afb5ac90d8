// The page: its address says what is shown (#q=…&place=…&h=…, #search=…, #documents), so that every answer is a link and
// Back works. `h` are the earlier questions of a conversation, oldest first.

import { answerNodes } from "./answer.js";
import { listDocuments, upload } from "./documents.js";
import { element, failure, posting, received, request } from "./dom.js";
import { say, speak, switchLanguage } from "./messages.js";
import { search } from "./search.js";
import { closeSource } from "./source.js";
import { applyTheme } from "./theme.js";

const FIELDS = ["place", "since", "until"];
const VIEWS = ["ask", "search", "documents"];
const SUGGESTED = 3;
const $ = (id) => document.getElementById(id);
const address = () => new URLSearchParams(location.hash.slice(1));
let turn = 0;
let shown = null;

/** Shows what the address asks for. */
async function route() {
  closeSource();
  const wanted = address();
  const view = VIEWS.find((name) => name !== "ask" && wanted.has(name)) || "ask";
  for (const name of VIEWS) {
    $(`view-${name}`).hidden = name !== view;
    if (name === view) $(`tab-${name}`).setAttribute("aria-current", "page");
    else $(`tab-${name}`).removeAttribute("aria-current");
  }
  if (view === "documents") await listDocuments();
  else if (view === "search") await search(wanted.get("search"));
  else await ask(wanted);
}

async function ask(wanted) {
  const mine = (turn += 1);
  const question = wanted.get("q") || "";
  const earlier = wanted.getAll("h");
  $("question").value = earlier.length ? "" : question;
  for (const field of FIELDS) $(field).value = wanted.get(field) || "";
  $("filters").open = FIELDS.some((field) => wanted.get(field));
  $("welcome").hidden = question !== "";
  $("follow").hidden = true;
  $("suggested").hidden = true;
  showTrail(earlier, question);
  shown = null;
  if (!question) {
    $("answer").replaceChildren();
    await suggest(mine);
    return;
  }
  $("answer").replaceChildren(element("p", { class: "hint" }, say().asking));
  const body = { question };
  for (const field of FIELDS) if (wanted.get(field)) body[field] = wanted.get(field);
  if (earlier.length) body.conversation = earlier;
  try {
    const { body: answer, id } = await received("/ask", posting(body), say().unreachable);
    if (mine !== turn) return;
    shown = { answer, question, id };
    render();
  } catch (error) {
    if (mine === turn) $("answer").replaceChildren(failure(error.message, say().failed));
  }
}

function render() {
  if (!shown) return;
  $("answer").replaceChildren(...answerNodes(shown.answer, shown.question, shown.id));
  $("next").value = "";
  $("follow").hidden = false;
}

/** The questions of the conversation so far, each a link to its answer. */
function showTrail(earlier, question) {
  $("trail").hidden = earlier.length === 0;
  const links = earlier.map((text, number) => {
    const wanted = new URLSearchParams(earlier.slice(0, number).map((each) => ["h", each]));
    wanted.set("q", text);
    return element("li", {}, element("a", { href: `#${wanted}` }, text));
  });
  $("trail").replaceChildren(...links, element("li", { "aria-current": "true" }, question));
}

/** Questions about the places that the documents are of. */
async function suggest(mine) {
  try {
    const { documents } = await request("/documents?limit=50", {}, "");
    const places = [...new Set(documents.map((found) => found.place).filter(Boolean))].slice(0, SUGGESTED);
    if (mine !== turn || !places.length) return;
    const links = places.map((place) => {
      const question = say().suggestion(place);
      return element("li", {}, element("a", { href: `#${new URLSearchParams({ q: question })}` }, question));
    });
    $("suggested").replaceChildren(element("h2", {}, say().suggested), element("ul", {}, ...links));
    $("suggested").hidden = false;
  } catch {
    // the page says so when a question is asked
  }
}

function go(wanted) {
  if (location.hash === `#${wanted}`) route();
  else location.hash = `${wanted}`;
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(event.target)) if (value.trim()) wanted.set(name, value.trim());
  go(wanted);
});

$("follow").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = address();
  if (!$("next").value.trim()) return;
  wanted.append("h", wanted.get("q"));
  wanted.set("q", $("next").value.trim());
  go(wanted);
});

$("search").addEventListener("submit", (event) => {
  event.preventDefault();
  go(new URLSearchParams({ search: $("query").value.trim() }));
});

$("files").addEventListener("change", async (event) => {
  const files = [...event.target.files];
  event.target.value = "";
  await upload(files);
});

$("language").addEventListener("click", () => {
  switchLanguage();
  applyTheme();
  closeSource();
  if (shown) render();
  else route();
});

window.addEventListener("hashchange", route);
speak();
applyTheme();
route();
if (!location.hash) $("question").focus();
