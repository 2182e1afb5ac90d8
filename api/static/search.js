// Passages for a query, best first, each with the signals that its score is made of.

import { byline } from "./answer.js";
import { element, failure, posting, request } from "./dom.js";
import { say } from "./messages.js";
import { openSource } from "./source.js";

const held = document.getElementById("hits");
const field = document.getElementById("query");
let turn = 0;

/** Shows the passages for a query; none for an empty one. */
export async function search(query) {
  const mine = (turn += 1);
  field.value = query;
  if (!query) {
    held.replaceChildren();
    return;
  }
  held.replaceChildren(element("p", { class: "hint" }, say().asking));
  try {
    const body = await request("/search", posting({ query, explain: true }), say().unreachable);
    if (mine !== turn) return;
    const list = element("ol", { class: "hits" }, ...body.hits.map(hit));
    held.replaceChildren(body.hits.length ? list : element("p", {}, say().noHits));
  } catch (error) {
    if (mine === turn) held.replaceChildren(failure(error.message, say().failed));
  }
}

function hit(found) {
  const { document: source, passage, heading } = found;
  const open = (event) => openSource(source.id, { start: passage.start, end: passage.end }, event.currentTarget);
  return element(
    "li",
    {},
    element("div", { class: "cited" }, `${found.rank}. ${source.title}`, element("span", { class: "hint" }, byline(source))),
    heading ? element("div", { class: "hint" }, heading) : null,
    element("blockquote", { lang: "zh-CN" }, passage.text),
    signals(found),
    element("button", { type: "button", class: "view", click: open }, say().view),
  );
}

function signals(found) {
  const rows = Object.entries(found.signals).map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, say().signals[name] || name), element("td", {}, value.toFixed(3))),
  );
  const summary = element("summary", {}, say().score(found.score.toFixed(3)));
  return element("details", { class: "signals" }, summary, element("table", {}, element("tbody", {}, ...rows)));
}
