// The page: its address says what is shown (#q=…&place=…, #documents), so that every answer is a link and Back works.

import { answerNodes } from "./answer.js";
import { listDocuments, upload } from "./documents.js";
import { element, request } from "./dom.js";
import { say, speak, switchLanguage } from "./messages.js";
import { closeSource } from "./source.js";

const FIELDS = ["place", "since", "until"];
const $ = (id) => document.getElementById(id);
let turn = 0;
let shown = null;

/** Shows what the address asks for. */
async function route() {
  closeSource();
  const documents = location.hash === "#documents";
  $("view-ask").hidden = documents;
  $("view-documents").hidden = !documents;
  for (const [id, current] of [["tab-ask", !documents], ["tab-documents", documents]]) {
    if (current) $(id).setAttribute("aria-current", "page");
    else $(id).removeAttribute("aria-current");
  }
  if (documents) await listDocuments();
  else await ask(new URLSearchParams(location.hash.slice(1)));
}

async function ask(wanted) {
  const mine = (turn += 1);
  $("question").value = wanted.get("q") ?? "";
  for (const field of FIELDS) $(field).value = wanted.get(field) ?? "";
  $("filters").open = FIELDS.some((field) => wanted.get(field));
  shown = null;
  if (!wanted.get("q")) {
    $("answer").replaceChildren();
    return;
  }
  $("answer").replaceChildren(element("p", { class: "hint" }, say().asking));
  const body = { question: wanted.get("q") };
  for (const field of FIELDS) if (wanted.get(field)) body[field] = wanted.get(field);
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await request("/ask", options, say().unreachable);
    if (mine !== turn) return;
    shown = answer;
    render();
  } catch (error) {
    if (mine !== turn) return;
    const why = element("p", {}, error.message);
    $("answer").replaceChildren(element("section", { class: "error", role: "alert" }, element("h2", {}, say().failed), why));
  }
}

function render() {
  if (shown) $("answer").replaceChildren(...answerNodes(shown));
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(event.target)) if (value.trim()) wanted.set(name, value.trim());
  if (location.hash === `#${wanted}`) route();
  else location.hash = `${wanted}`;
});

$("files").addEventListener("change", async (event) => {
  const files = [...event.target.files];
  event.target.value = "";
  await upload(files);
});

$("language").addEventListener("click", () => {
  switchLanguage();
  closeSource();
  render();
  if (!$("view-documents").hidden) listDocuments();
});

window.addEventListener("hashchange", route);
speak();
route();
if (!location.hash) $("question").focus();
