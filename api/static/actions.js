// What can be done with an answer: copy it, take it along as a file, keep its receipt.

import { element } from "./dom.js";
import { say } from "./messages.js";

/** The row of actions for the answer with an id. */
export function actions(id) {
  const base = `/answers/${encodeURIComponent(id)}`;
  const copy = element("button", { type: "button", class: "copy" }, say().copy);
  copy.addEventListener("click", async () => {
    const done = await copied(`${base}/report?format=text`);
    copy.textContent = done ? say().copied : say().notCopied;
    setTimeout(() => (copy.textContent = say().copy), 2000);
  });
  const file = (path, name, text) => element("a", { class: "button", href: `${base}/${path}`, download: name }, text);
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": say().take },
    copy,
    file("report?format=docx", "answer.docx", "Word"),
    file("report?format=markdown", "answer.md", "Markdown"),
    file("receipt", "receipt.json", say().receipt),
  );
}

async function copied(path) {
  let text;
  try {
    const response = await fetch(path);
    if (!response.ok) return false;
    text = await response.text();
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return text !== undefined && copiedByHand(text);
  }
}

/** For browsers without the clipboard interface, or that do not allow it here. */
function copiedByHand(text) {
  const field = element("textarea", { class: "unseen", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
