// The documents of the index: listed in pages, uploaded, deleted.

import { byline } from "./answer.js";
import { element, request } from "./dom.js";
import { say } from "./messages.js";
import { closeSource, openSource } from "./source.js";

const PAGE = 50;
const held = document.getElementById("documents");
const uploads = document.getElementById("uploads");
const fixed = document.getElementById("fixed");
/** Whether documents can be added and removed here, as the service last said. */
let changeable = false;

/** Shows the documents from the first on, as many as were shown before, at least one page. */
export async function listDocuments() {
  const shown = held.querySelectorAll("li").length;
  const limit = Math.min(1000, Math.max(PAGE, shown));
  try {
    const state = await request("/readyz", {}, say().unreachable);
    changeable = state.writable;
    document.getElementById("upload").hidden = !changeable;
    fixed.hidden = changeable;
    fixed.textContent = changeable ? "" : state.bundled ? say().fixedBundled : say().fixed;
    const body = await page(limit, 0);
    const total = element("p", { class: "hint" }, body.total ? say().total(body.total) : say().none);
    held.replaceChildren(total, element("ul", { class: "documents" }, ...body.documents.map(row)));
    offerMore(body.total);
  } catch (error) {
    held.replaceChildren(element("p", { class: "error", role: "alert" }, error.message));
  }
}

function page(limit, offset) {
  return request(`/documents?limit=${limit}&offset=${offset}`, {}, say().unreachable);
}

function offerMore(total) {
  const list = held.querySelector("ul");
  if (list.children.length >= total) return;
  const more = element("button", { type: "button", click: async () => {
    more.disabled = true;
    try {
      const body = await page(PAGE, list.children.length);
      list.append(...body.documents.map(row));
      more.remove();
      if (body.documents.length) offerMore(body.total);
    } catch (error) {
      more.replaceWith(element("p", { class: "error", role: "alert" }, error.message));
    }
  } }, say().more);
  held.append(more);
}

function row(found) {
  const open = (event) => openSource(found.id, null, event.currentTarget);
  return element(
    "li",
    { "data-id": found.id },
    element(
      "div",
      {},
      element("button", { type: "button", class: "link", click: open }, found.title),
      element("span", { class: "hint" }, `${byline(found)} · ${say().chars(found.chars)}`),
    ),
    changeable ? remover(found) : null,
  );
}

/** Two presses delete: the first one asks. Moving on takes the question back. */
function remover(found) {
  const button = element("button", { type: "button", class: "remove", "aria-label": say().removeNamed(found.title) }, say().remove);
  let asked = false;
  const reset = () => {
    asked = false;
    button.textContent = say().remove;
    button.setAttribute("aria-label", say().removeNamed(found.title));
  };
  button.addEventListener("blur", reset);
  button.addEventListener("click", async () => {
    if (!asked) {
      asked = true;
      button.textContent = say().confirm;
      button.setAttribute("aria-label", `${say().confirm} ${found.title}`);
      return;
    }
    try {
      await request(`/documents/${encodeURIComponent(found.id)}`, { method: "DELETE" }, say().unreachable);
      closeSource();
      await listDocuments();
      document.getElementById("main").focus();
    } catch (error) {
      reset();
      button.after(element("p", { class: "error", role: "alert" }, error.message));
    }
  });
  return button;
}

/** Sends files one after the other and says of each what became of it. */
export async function upload(files) {
  uploads.replaceChildren();
  for (const file of files) {
    const line = element("li", {}, say().uploading(file.name));
    uploads.append(line);
    const form = new FormData();
    form.append("file", file);
    try {
      const body = await request("/documents", { method: "POST", body: form }, say().unreachable);
      line.textContent = say().uploaded(file.name, body.documents.length);
    } catch (error) {
      line.className = "error";
      line.textContent = say().rejected(file.name, error.message);
    }
  }
  await listDocuments();
}
