// An answer: its points, each with the numbers of its citations, and the citations; or a refusal.

import { actions } from "./actions.js";
import { element } from "./dom.js";
import { say } from "./messages.js";
import { marked, openSource } from "./source.js";

/** Nodes for what POST /ask sends: the answer of a question, had again by its id. */
export function answerNodes(body, asked, id) {
  const head = body.question === asked ? [] : [element("p", { class: "hint understood" }, say().understood(body.question))];
  if (!body.answered) return [...head, ...refusal(body)];
  const card = element("section", { class: "answer" }, ...pointNodes(body), coverage(body.coverage), actions(id));
  return [...head, card, citationList(body.citations)];
}

/** Place, date, author and source of a document, as one line; of a path the file's name, the panel has the rest. */
export function byline(found) {
  const source = /^https?:/.test(found.source) ? found.source : found.source.split(/[\\/]/).pop() || found.source;
  return [found.place, found.published, found.author, source].filter(Boolean).join(" · ");
}

function pointNodes(body) {
  if (body.comparison) return [table(body)];
  const nodes = [];
  let left = body.points;
  for (const line of body.answer.split("\n").filter((text) => text.trim())) {
    const point = left.find((each) => line.includes(each.text));
    if (point) {
      left = left.filter((each) => each !== point);
      listed(nodes).append(item(point, body.citations));
    } else {
      nodes.push(element("p", { class: "lead" }, line));
    }
  }
  for (const point of left) listed(nodes).append(item(point, body.citations));
  return nodes;
}

/** The list at the end of the nodes, begun if there is none: consecutive points share one. */
function listed(nodes) {
  if (!nodes.length || nodes[nodes.length - 1].tagName !== "UL") nodes.push(element("ul", { class: "points" }));
  return nodes[nodes.length - 1];
}

function item(point, citations) {
  return element("li", {}, point.text, ...point.citations.map((number) => chip(citations[number - 1])));
}

function chip(citation) {
  const open = (event) => openSource(citation.document.id, citation.quote, event.currentTarget);
  const label = say().citation(citation.id);
  return element("button", { type: "button", class: "chip", "aria-label": label, title: label, click: open }, `${citation.id}`);
}

function table(body) {
  const head = element("tr", {}, ...[say().comparedPlace, say().comparedPoints].map((text) => element("th", { scope: "col" }, text)));
  const rows = body.comparison.map((row) => {
    const points = row.points.map((index) => item(body.points[index], body.citations));
    const cell = points.length ? element("ul", { class: "points" }, ...points) : element("span", { class: "hint" }, say().nothingHere);
    return element("tr", {}, element("th", { scope: "row" }, row.place), element("td", {}, cell));
  });
  return element("table", { class: "comparison" }, element("thead", {}, head), element("tbody", {}, ...rows));
}

function coverage(counted) {
  const omitted = counted.points_omitted ? ` · ${say().omitted(counted.points_omitted)}` : "";
  return element("p", { class: "hint" }, say().coverage(counted.documents_matched, counted.documents_cited) + omitted);
}

function citationList(citations) {
  const cards = citations.map((citation) => {
    const { document: found, quote, heading } = citation;
    const open = (event) => openSource(found.id, quote, event.currentTarget);
    return element(
      "li",
      { value: citation.id },
      element("div", { class: "cited" }, found.title, element("span", { class: "hint" }, byline(found))),
      heading ? element("div", { class: "hint" }, heading) : null,
      element("blockquote", { lang: "zh-CN" }, ...marked(quote.text, quote.focus)),
      element("button", { type: "button", class: "view", "data-citation": citation.id, click: open }, say().view),
    );
  });
  return element("section", { class: "citations" }, element("h2", {}, say().citations), element("ol", {}, ...cards));
}

function refusal(body) {
  const nearest = body.nearest.map(({ document: found, heading }) => {
    const open = (event) => openSource(found.id, null, event.currentTarget);
    const title = element("button", { type: "button", class: "link", click: open }, found.title);
    return element("li", {}, title, element("span", { class: "hint" }, [byline(found), heading].filter(Boolean).join(" · ")));
  });
  const nodes = [
    element("h2", {}, say().refused),
    element("p", { class: "reason", "data-reason": body.reason }, say().reasons[body.reason] ?? body.reason),
    element("p", {}, body.answer),
  ];
  if (nearest.length) nodes.push(element("h3", {}, say().nearest), element("ul", { class: "nearest" }, ...nearest));
  return [element("section", { class: "refusal" }, ...nodes)];
}
