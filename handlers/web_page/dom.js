// Small tools: elements, calls to the server, ids, memory.

export const root = document.documentElement;
export const staff = root.dataset.page === "staff";
/** The office's clock, whatever the device says. */
export const ZONE = "Asia/Ho_Chi_Minh";
export const byId = (id) => document.getElementById(id);

/** An element. Strings among the children become text, so nothing that people wrote can become markup. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", "page/icons.svg#" + name);
  svg.append(use);
  return svg;
}

/** What the server refused, with its sentence. Any other error of `call` means that the line is down. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export const url = (path) => root.dataset.api + path;

export async function call(path, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 20000);
  try {
    const init = body === undefined
      ? { signal: patience.signal, cache: "no-store" }
      : {
          method: "POST",
          headers: { "X-Motcua": "1", "Content-Type": "application/json" },
          body: JSON.stringify(body),
          signal: patience.signal,
        };
    const answer = await fetch(url(path), init);
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, data.error || "");
    return data;
  } finally {
    clearTimeout(timer);
  }
}

/** crypto.randomUUID exists only on https pages; a commune's test on its own network has none. */
export function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** localStorage may be switched off or full; the chat works without it. */
export const memory = {
  get(key) {
    try { return localStorage.getItem(key); } catch (_) { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, value); } catch (_) { /* works without */ }
  },
  drop(key) {
    try { localStorage.removeItem(key); } catch (_) { /* works without */ }
  },
  keys(prefix) {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch (_) { return []; }
  },
};

export function size(bytes) {
  if (bytes < 0) return "đang tải"; // the messenger that has it did not say
  if (bytes < 1024) return bytes + " B";
  if (bytes < 1024 * 1024) return Math.round(bytes / 1024) + " KB";
  return (bytes / 1024 / 1024).toFixed(1).replace(".", ",") + " MB";
}
