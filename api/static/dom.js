// Elements, text and requests. Text reaches the page as text nodes only: a document's title is never markup.

/** An element with attributes (a function is a listener; null and false are left out) and children: elements or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

/** UTF-16 offsets in a text for ascending offsets in code points, which is what the service counts in. */
export function utf16Offsets(text, offsets) {
  let at = 0;
  let seen = 0;
  return offsets.map((offset) => {
    for (; seen < offset && at < text.length; seen += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return at;
  });
}

/** The parts of a text before, inside and after a range in code points. */
export function parts(text, start, end) {
  const [from, to] = utf16Offsets(text, [start, end]);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}

/** What the service says, as JSON (null for 204). Throws an Error with the detail of the problem that it reports. */
export async function request(path, options = {}, unreachable = "") {
  return (await received(path, options, unreachable)).body;
}

/** The same, with the id that an answer is fetched by again. */
export async function received(path, options = {}, unreachable = "") {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(unreachable);
  }
  const id = response.headers.get("Answer-Id");
  if (response.status === 204) return { body: null, id };
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail);
  return { body, id };
}

/** The options of a request that posts JSON. */
export function posting(body) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** A message for what went wrong. */
export function failure(message, title) {
  return element("section", { class: "error", role: "alert" }, title ? element("h2", {}, title) : null, element("p", {}, message));
}
