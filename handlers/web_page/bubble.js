// One message as elements.

import { ZONE, el, icon, size, staff } from "./dom.js";

const TIME = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: ZONE });
const FULL = new Intl.DateTimeFormat("vi-VN", { dateStyle: "full", timeStyle: "short", timeZone: ZONE });
// Addresses, and phone numbers of ten digits (an identity number has twelve and is left alone).
const LIVE = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|\d[\d .]*\d|[🔴🟡🟢⚪⚫]/gu;
// On the officers' page a coloured sign is drawn: not every device has these in colour.
const SIGNS = {
  "🔴": ["late", "Quá hạn"], "🟡": ["soon", "Sắp đến hạn"], "🟢": ["calm", "Còn thời gian"],
  "⚪": ["waiting", "Đang chờ người dân"], "⚫": ["closed", "Đã khép lại"],
};

function sign(mark) {
  const [name, meaning] = SIGNS[mark];
  return el("span", { class: "sign " + name, role: "img", "aria-label": meaning, title: meaning });
}

export function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LIVE)) {
    const [whole, address] = found;
    const digits = whole.replace(/\D/g, "");
    if (SIGNS[whole] && staff) {
      parts.push(text.slice(end, found.index), sign(whole));
      end = found.index + whole.length;
      continue;
    }
    if (!address && (digits.length !== 10 || digits[0] !== "0")) continue;
    parts.push(text.slice(end, found.index));
    parts.push(address
      ? el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, whole)
      : el("a", { href: "tel:" + digits }, whole));
    end = found.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}

export function time(at) {
  return el("time", { datetime: at, title: FULL.format(new Date(at)) }, TIME.format(new Date(at)));
}

const picture = (type) => /^image\/(jpeg|png|webp|gif)$/.test(type);

/** Whether a file is there, or comes while it is awaited: a messenger's is fetched after its message is shown. */
async function arrives(address) {
  for (let tries = 0; tries < 20; tries++) {
    const answer = await fetch(address).catch(() => null);
    if (!answer || answer.status !== 503) return Boolean(answer && answer.ok);
    const seconds = Number(answer.headers.get("Retry-After")) || 5;
    await new Promise((done) => setTimeout(done, seconds * 1000));
  }
  return false;
}

export function attachment(file, hooks) {
  const name = file.name || (picture(file.type) ? "Ảnh" : "Tệp");
  if (picture(file.type)) {
    const image = el("img", { src: file.url, alt: "", loading: "lazy", decoding: "async" });
    const button = el("button", {
      // a code is scanned off the page: nothing of it may be cut away
      type: "button", class: name.startsWith("ma-qr") ? "thumb code" : "thumb", "aria-label": "Xem ảnh: " + name, onclick: () => hooks.view(button),
    }, image);
    button.dataset.name = name;
    let awaited = false;
    image.addEventListener("error", async () => {
      button.classList.add("broken");
      button.dataset.note = name + " – đang tải";
      const first = !awaited;
      awaited = true;
      if (first && (await arrives(file.url))) image.src = file.url;
      else button.dataset.note = name + " – không mở được";
    });
    image.addEventListener("load", () => button.classList.remove("broken"));
    return button;
  }
  const kind = file.type === "application/pdf" ? "PDF" : "Tệp";
  return el("a", { class: "file", href: file.url, target: "_blank", rel: "noopener" },
    icon("file"), el("span", {}, name, el("small", {}, `${kind} · ${size(file.size)}`)));
}

function quote(id, hooks) {
  const about = hooks.find(id);
  if (!about) return null;
  const words = about.text || (about.files.length ? "Ảnh/tệp" : "");
  return el("button", { type: "button", class: "quote", onclick: () => hooks.goto(id), "aria-label": "Trả lời cho: " + words.slice(0, 80) },
    el("b", {}, about.own ? "Bạn" : about.speaker || "Trợ lý"), el("span", {}, ...linked(words.split("\n")[0])));
}

function choices(message, hooks) {
  if (!message.buttons.length) return null;
  const row = el("div", { class: "buttons", role: "group", "aria-label": "Lựa chọn" });
  for (const { label, value } of message.buttons) {
    const button = el("button", { type: "button", onclick: () => hooks.press(message, label, value, button) }, label);
    row.append(button);
  }
  return row;
}

/** A card, or a dossier that one officer opened: it begins with the same sign. */
const titled = (message) => Boolean(message.card) || (staff && Object.hasOwn(SIGNS, [...message.text][0] || ""));

/** The words of a card: its first line is a heading. */
function heading(text) {
  const [first, ...rest] = text.split("\n");
  return [el("b", { class: "heading" }, ...linked(first)), "\n", ...linked(rest.join("\n"))];
}

/** `message` is what the server sent. */
export function bubble(message, hooks) {
  const speaker = message.speaker || (staff && !message.private ? "Trợ lý" : "");
  const pictures = message.files.filter((file) => picture(file.type));
  const others = message.files.filter((file) => !picture(file.type));
  const node = el("article", { class: "message " + (message.own ? "own" : "theirs"), tabindex: "-1" },
    el("p", { class: message.own || !speaker ? "hidden" : "speaker" }, message.own ? "Bạn:" : speaker || "Trợ lý:"),
    message.private ? el("p", { class: "private" }, icon("lock"), "Chỉ mình bạn thấy") : null,
    el("div", { class: "bubble" },
      message.reply_to ? quote(message.reply_to, hooks) : null,
      message.text ? el("p", { class: "text" }, ...(titled(message) ? heading(message.text) : linked(message.text))) : null,
      pictures.length ? el("div", { class: "thumbs" }, ...pictures.map((file) => attachment(file, hooks))) : null,
      ...others.map((file) => attachment(file, hooks))),
    choices(message, hooks),
    el("p", { class: "meta" }, time(message.at),
      message.private && !message.own ? el("span", { class: "lock" }, icon("lock"), "riêng") : null,
      staff && !message.own && !message.private
        ? el("button", { type: "button", class: "reply", onclick: () => hooks.reply(message) }, icon("reply"), "Trả lời")
        : null));
  if (message.card) node.classList.add("card");
  if (message.private) node.classList.add("secret");
  if (!message.text && message.files.length) node.classList.add("bare");
  node.dataset.id = message.id;
  return node;
}

const STATES = { waiting: "đang gửi…", sent: "đã gửi", stuck: "chưa gửi được", refused: "không gửi được" };

/** What this device sent and the server has not shown yet. */
export function pending(item, hooks) {
  const state = el("span", { class: "state" });
  const progress = el("progress", { max: "1", value: "0", "aria-label": "Đang tải lên " + (item.name || "") });
  const actions = el("span", { class: "actions" });
  const node = el("article", { class: "message own pending" },
    el("p", { class: "hidden" }, "Bạn:"),
    el("div", { class: "bubble" },
      item.kind === "file"
        ? el("div", { class: "thumbs" }, attachment({ url: item.url, type: item.type, name: item.name, size: item.size }, hooks))
        : el("p", { class: "text" }, item.text),
      item.kind === "file" ? progress : null),
    // progress would be read aloud with every step
    el("p", { class: "meta", "aria-live": "off" }, state, actions));
  node.dataset.id = item.id;
  node.draw = () => {
    state.textContent = item.problem || STATES[item.state];
    node.dataset.state = item.state;
    progress.value = item.progress || 0;
    progress.hidden = item.state !== "waiting";
    actions.replaceChildren();
    if (item.state === "stuck") actions.append(el("button", { type: "button", onclick: () => hooks.again(item) }, "Thử lại"));
    if (item.state === "refused" || item.state === "stuck")
      actions.append(el("button", { type: "button", onclick: () => hooks.drop(item) }, "Bỏ"));
  };
  node.draw();
  return node;
}
