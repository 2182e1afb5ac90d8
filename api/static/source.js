// The panel beside the answer: a document as it was written, with the cited quote marked and in view.

import { element, parts, request } from "./dom.js";
import { say } from "./messages.js";

// Names of evidence that the words of the page know by another one.
const FIELDS = { doc_number: "number" };
const panel = document.getElementById("source");
let opener = null;
let wanted = 0;

/** Opens a document, at a quote ({text, start, end, focus?}) if one is given. `from` gets the focus back on closing. */
export async function openSource(id, quote, from) {
  const turn = (wanted += 1);
  opener = from ?? document.activeElement;
  show(say().opening);
  try {
    const found = await request(`/documents/${encodeURIComponent(id)}`, {}, say().unreachable);
    if (turn === wanted) show(found.title, facts(found), ...sections(found), ...original(found, quote));
  } catch (error) {
    if (turn === wanted) show(say().failed, element("p", { class: "error", role: "alert" }, error.message));
  }
  if (turn !== wanted) return;
  panel.focus({ preventScroll: true });
  bringIntoView(panel.querySelector("mark strong") ?? panel.querySelector("mark"));
}

/** Scrolls the page to what was pressed, which opening the panel may have moved, and the panel alone to the quote. */
function bringIntoView(mark) {
  opener?.scrollIntoView({ block: "nearest" });
  if (!mark) return;
  panel.scrollTop += mark.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
}

/** Closes the panel and gives the focus back. */
export function closeSource() {
  if (panel.hidden) return;
  wanted += 1;
  panel.hidden = true;
  document.body.classList.remove("reading");
  if (opener?.isConnected) opener.focus();
}

function show(title, ...content) {
  const close = element("button", { type: "button", class: "close", click: closeSource }, say().close);
  const bar = element("div", { class: "bar" }, element("h2", { id: "source-title", title }, title), close);
  panel.replaceChildren(bar, ...content);
  panel.scrollTop = 0;
  panel.hidden = false;
  document.body.classList.add("reading");
}

function original(found, quote) {
  const text = element("div", { class: "original", lang: "zh-CN" });
  if (!quote) {
    text.append(found.text);
    return [text];
  }
  const [before, quoted, after] = parts(found.text, quote.start, quote.end);
  text.append(before, element("mark", {}, ...marked(quoted, quote.focus)), after);
  return quote.text === undefined || quoted === quote.text ? [text] : [element("p", { class: "error", role: "alert" }, say().mismatch), text];
}

/** A quote as nodes, with the range that holds the answer itself in bold. */
export function marked(text, focus) {
  if (!focus) return [text];
  const [before, inside, after] = parts(text, focus.start, focus.end);
  return [before, element("strong", {}, inside), after];
}

function facts(found) {
  const rows = [
    ["place", found.place],
    ["published", found.published],
    ["author", found.author],
    ["issuer", found.issuer],
    ["number", found.doc_number],
    ["from", found.source],
  ].filter(([, value]) => value);
  return element(
    "dl",
    {},
    ...rows.flatMap(([name, value]) => [element("dt", {}, say()[name]), element("dd", {}, value)]),
  );
}

/** Outline and evidence, folded: each entry marks its range in the text below. */
function sections(found) {
  const go = (range) => () => {
    panel.querySelector(".original").replaceWith(...original(found, range));
    bringIntoView(panel.querySelector("mark"));
  };
  const entry = (text, range) => element("button", { type: "button", class: "link", click: go(range) }, text);
  const outline = found.outline.map((heading) =>
    element("li", {}, entry(heading, found.chunks.find((chunk) => chunk.heading === heading))),
  );
  const evidence = found.evidence.map((each) => {
    const label = say()[FIELDS[each.field] || each.field] || each.field;
    return element("li", {}, `${label} `, entry(each.value, each), element("span", { class: "hint" }, ` ${say().how(each.how)}`));
  });
  return [[say().outline, outline], [say().evidence, evidence]]
    .filter(([, entries]) => entries.length)
    .map(([name, entries]) => element("details", {}, element("summary", {}, name), element("ul", {}, ...entries)));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSource();
});
