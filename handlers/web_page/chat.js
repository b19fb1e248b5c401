// Puts the page together: hello, history, then news as it comes.

import { Composer } from "./composer.js";
import { Refused, byId, call, fresh, staff } from "./dom.js";
import { Live } from "./live.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { push, turnOff } from "./push.js";
import { sheets } from "./sheets.js";
import { Viewer } from "./viewer.js";

const title = document.title;
const visit = fresh(); // a greeting asked for twice by the same visit is given once
let name = title;
let unseen = 0;
let readUpTo = 0;
let readTimer = 0;
let downTimer = 0;
let pressed = 0;

const viewer = new Viewer();

const log = new Log({
  view: (thumb) => viewer.open(thumb),
  reply: (message) => composer.reply(message),
  again: (item) => outbox.again(item),
  drop: (item) => { outbox.drop(item); log.hide(item); byId("words").focus(); },
  settled: (item) => outbox.drop(item),
  read,
  press(message, label, value, button) {
    if (button.getAttribute("aria-disabled") || Date.now() - pressed < (staff ? 500 : 0)) return;
    pressed = Date.now(); // a card is redrawn at once: the second tap would press what stands there now
    if (staff) log.asked = pressed;
    button.setAttribute("aria-disabled", "true"); // a second tap of an impatient thumb
    setTimeout(() => button.removeAttribute("aria-disabled"), 1200);
    send({ kind: "press", text: label, press: value, message: message.id });
  },
});

const outbox = new Outbox({
  changed(item) {
    // an officer's press is answered by the card itself; a bubble appears only when it cannot be sent
    if (staff && item.kind === "press" && item.state !== "stuck" && item.state !== "refused") log.hide(item);
    else log.show(item);
    typing();
  },
  sent(item) {
    live.expect(item.pushed);
    typing();
    if (item.state === "sent") setTimeout(() => log.trust(item, live.heard), item.kind === "press" ? 1200 : 3500);
  },
  lost,
});

const live = new Live({
  deliver(messages) {
    const news = log.receive(messages);
    if (document.hidden) unseen += news;
    if (messages.some((message) => !message.own)) typing(true);
    heading();
    read();
  },
  connected,
  lost,
});

const composer = new Composer(send);

function send(item) {
  outbox.add(item);
}

/** Shown while something is on its way for more than a moment; an answer ends it. */
let typingTimer = 0;
function typing(answered) {
  clearTimeout(typingTimer);
  const item = outbox.items.find((one) => one.state !== "refused");
  const busy = !answered && item && item.state === "waiting" && (item.kind !== "file" || item.progress === 1);
  if (!busy) { byId("typing").hidden = true; return; }
  typingTimer = setTimeout(() => {
    byId("typing").hidden = false;
    if (log.stuck) log.toEnd(false);
  }, 400);
}

function connected(yes) {
  clearTimeout(downTimer);
  if (yes) {
    byId("connection").hidden = true;
    if (outbox.failures) { outbox.failures = 0; outbox.go(); }
    return;
  }
  downTimer = setTimeout(() => {
    byId("connection").textContent = "Đang kết nối lại… Tin bạn viết được giữ lại và gửi sau.";
    byId("connection").hidden = false;
  }, 700);
}

function heading() {
  document.title = unseen ? `(${unseen}) ${name}` : name;
}

function read() {
  clearTimeout(readTimer);
  readTimer = setTimeout(() => {
    if (document.hidden || !log.stuck || live.revision <= readUpTo) return;
    readUpTo = live.revision;
    call("read", { revision: readUpTo }).then(known, () => { readUpTo = 0; });
  }, 800);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  heading();
  read();
});

/** The session is gone: a citizen starts a new one, with what was not sent yet; an officer is told how to log in. */
function lost() {
  live.stop();
  if (!staff) location.reload();
  else if (!byId("login").open) byId("login").showModal();
}

function trouble(error) {
  if (staff && error instanceof Refused && error.status === 401) return lost();
  if (error instanceof Refused && error.status === 401) {
    byId("connection").textContent = "Trình duyệt này đang chặn cookie nên chưa trò chuyện được.";
    byId("connection").hidden = false;
    return undefined;
  }
  connected(false);
  return setTimeout(start, 3000);
}

async function hello() {
  const address = new URL(location.href);
  const payload = address.searchParams.get("p") || "";
  const facts = await call("hello", { payload, id: visit });
  if (payload) {
    address.searchParams.delete("p");
    history.replaceState(null, "", address);
  }
  known(facts);
  return facts;
}

/** What the head of the page says; a citizen may choose the commune later. */
function known(facts) {
  if (facts.office) byId("office").textContent = facts.office;
  name = facts.short || facts.office || title;
  const officer = (facts.staff && facts.staff.name) || facts.name || "";
  if (staff && officer) {
    name = `${officer} · ${name}`;
    byId("subtitle").textContent = `${officer} · trang cán bộ`;
  }
  byId("practice").hidden = !facts.practice;
  if (facts.max_upload) outbox.maxUpload = facts.max_upload;
  heading();
}

/** A long history comes in parts. */
async function everything() {
  const messages = [];
  for (;;) {
    const part = await call("messages?after=" + live.revision);
    messages.push(...part);
    live.revision = part.reduce((most, message) => Math.max(most, message.revision), live.revision);
    if (part.length < 100) return messages;
  }
}

async function start() {
  live.revision = 0;
  try {
    const facts = await hello();
    const messages = await everything();
    readUpTo = facts.read || 0;
    log.open(messages, facts.read || 0);
    for (const message of messages) if (message.own) log.settle(message);
    connected(true);
    outbox.restore();
    live.open();
  } catch (error) {
    trouble(error);
  }
}

sheets({ say: (text) => send({ kind: "text", text }), begin: (text) => composer.begin(text), leaving: turnOff });
push();
if (staff) {
  byId("login").addEventListener("cancel", (event) => event.preventDefault());
  byId("login-again").addEventListener("click", () => location.reload());
}
if (!matchMedia("(pointer: coarse)").matches) byId("words").focus();
start();
