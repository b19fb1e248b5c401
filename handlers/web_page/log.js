// The conversation: messages in their order, with days, the unread line, and where the reader is.

import { bubble, pending } from "./bubble.js";
import { ZONE, byId, el, staff } from "./dom.js";

const LOOKING = 20000; // milliseconds in which a photo is being looked at, unless an answer comes sooner
const PATIENCE = 6000; // milliseconds in which private words are the answer to a press
const STEP = 120; // messages drawn at once; older ones come on request
const DAY = new Intl.DateTimeFormat("vi-VN", { weekday: "long", day: "numeric", month: "numeric", year: "numeric", timeZone: ZONE });
const DATE = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }); // 2026-11-23

const midnight = (date) => Date.parse(DATE.format(date) + "T00:00:00Z");

function day(at) {
  const date = new Date(at);
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86400000);
  if (days === 0) return "Hôm nay";
  if (days === 1) return "Hôm qua";
  const text = DAY.format(date);
  return text[0].toUpperCase() + text.slice(1);
}

const plain = (text) => text.normalize("NFC").trim();

function same(item, message) {
  if (item.kind === "file") return message.files.some((file) => file.size === item.size);
  return !message.files.length && plain(message.text) === plain(item.text);
}

export class Log {
  constructor(hooks) {
    this.hooks = { ...hooks, find: (id) => this.byId.get(id), goto: (id) => this.goto(id) };
    this.box = byId("log");
    this.list = byId("messages");
    this.empty = byId("empty");
    this.waiting = byId("pending");
    this.all = [];
    this.byId = new Map();
    this.nodes = new Map();
    this.lines = new Map();
    this.items = new Map(); // pending
    this.limit = STEP;
    this.firstUnread = "";
    this.missed = 0;
    this.sentFile = 0; // when a photo of the reader's came to stand here: until it is answered it is being looked at
    this.asked = 0; // when an officer pressed a button: what comes for them alone is shown, wherever they were reading
    this.box.addEventListener("scroll", () => {
      // the content grew or the view shrank, nobody scrolled: whoever was at the end stays there
      if (this.stuck && (this.box.scrollHeight !== this.height || this.box.clientHeight !== this.view)) this.toEnd(false);
      else this.scrolled();
    }, { passive: true });
    byId("jump").addEventListener("click", () => { this.toEnd(true); byId("words").focus(); });
    byId("older").addEventListener("click", () => this.older());
    // larger type, a keyboard that opens: whoever was at the end stays there
    const watcher = new ResizeObserver(() => { if (this.stuck) this.toEnd(false); });
    for (const part of [this.box, this.list, this.waiting]) watcher.observe(part);
    this.stuck = true;
  }

  get atEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 80;
  }

  /** The history when the page opens; `mark` is the last revision read before. */
  open(messages, mark) {
    for (const message of messages) this.place(message);
    for (let i = this.all.length - 1; i >= 0; i--) {
      const message = this.all[i];
      if (mark && message.revision <= mark && !message.own) break;
      if (mark && !message.own) this.firstUnread = message.id;
    }
    this.arrange();
    let first = this.all.length; // the answer that the reader left with
    while (first && !this.all[first - 1].own) first--;
    this.toStart(this.lines.get("unread") || (this.all[first] && this.nodes.get(this.all[first].id)));
    this.box.setAttribute("aria-busy", "false");
    this.box.setAttribute("aria-live", "polite");
  }

  /** New and changed messages. Returns how many of them somebody else wrote and were not known. */
  receive(messages) {
    const follow = this.stuck;
    let news = 0;
    let first = null;
    for (const message of messages) {
      const known = this.byId.has(message.id);
      if (message.own) this.settle(message);
      if (message.own && !known) this.look(message.files.length > 0);
      const node = this.place(message);
      if (known && node) { node.classList.add("changed"); }
      if (!known && !message.own) {
        news++;
        first = first || message;
        if (document.hidden && !this.firstUnread) this.firstUnread = message.id;
      }
    }
    this.arrange();
    const answer = this.asked > Date.now() - PATIENCE && messages.find((message) => message.private && !message.own);
    if (answer) this.asked = 0;
    if (answer || follow) this.toStart(this.nodes.get((answer || first)?.id));
    else if (news) { this.missed += news; this.scrolled(); }
    return news;
  }

  look(file) {
    clearTimeout(this.looked);
    this.sentFile = file && !staff ? Date.now() : 0;
    if (this.sentFile) this.looked = setTimeout(() => this.arrange(), LOOKING);
  }

  place(message) {
    const old = this.byId.get(message.id);
    if (old && old.revision >= message.revision) return null;
    this.byId.set(message.id, message);
    if (old) {
      this.all[this.all.indexOf(old)] = message;
    } else {
      const at = Date.parse(message.at);
      let i = this.all.length;
      while (i && Date.parse(this.all[i - 1].at) > at) i--;
      this.all.splice(i, 0, message);
    }
    const before = this.nodes.get(message.id);
    if (!before) return null;
    const focused = before.contains(document.activeElement);
    const node = bubble(message, this.hooks);
    this.nodes.set(message.id, node);
    before.replaceWith(node);
    if (focused) node.focus({ preventScroll: true });
    return node;
  }

  arrange() {
    const shown = this.all.slice(-this.limit);
    byId("older").hidden = shown.length === this.all.length;
    if (this.empty) this.empty.hidden = shown.length > 0;
    const wanted = [];
    let today = "";
    let last = null;
    let turn = shown.length; // bot messages after the reader's last word are the latest
    while (turn && !shown[turn - 1].own) turn--;
    let newest = shown.length - 1; // an officer's presses leave no bubble: older private buttons are past all the same
    while (staff && newest > 0 && !shown[newest].private) newest--;
    shown.forEach((message, i) => {
      const name = day(message.at);
      if (name !== today) wanted.push(this.line("day:" + name, "day", name));
      if (message.id === this.firstUnread) wanted.push(this.line("unread", "unread", "Tin chưa đọc"));
      let node = this.nodes.get(message.id);
      if (!node) this.nodes.set(message.id, (node = bubble(message, this.hooks)));
      const follows = last && name === today && last.own === message.own && last.speaker === message.speaker
        && last.private === message.private && Date.parse(message.at) - Date.parse(last.at) < 300000;
      node.classList.toggle("follows", Boolean(follows));
      node.classList.remove("leads");
      if (follows) this.nodes.get(last.id).classList.toggle("leads", !last.buttons.length);
      node.classList.toggle("past", !message.card && (i < turn || (message.private && i < newest)));
      wanted.push(node);
      today = name;
      last = message;
    });
    const looking = last && last.own && last.files.length && this.sentFile > Date.now() - LOOKING;
    if (looking) wanted.push(this.line("looking", "looking", "Đang xem ảnh…"));
    wanted.forEach((node, i) => {
      if (this.list.children[i] !== node) this.list.insertBefore(node, this.list.children[i] || null);
    });
    while (this.list.children.length > wanted.length) this.list.lastChild.remove();
  }

  line(key, kind, text) {
    let node = this.lines.get(key);
    if (!node) this.lines.set(key, (node = el("p", { class: "line " + kind }, el("span", {}, text))));
    return node;
  }

  older() {
    const height = this.box.scrollHeight;
    const first = this.all[this.all.length - this.limit];
    this.limit += STEP;
    this.arrange();
    this.box.scrollTop += this.box.scrollHeight - height;
    if (byId("older").hidden) this.nodes.get(first.id).focus({ preventScroll: true });
  }

  /** Show or redraw something on its way. */
  show(item) {
    const known = this.items.get(item.id);
    if (known) return known.node.draw();
    if (item.settled || this.byId.has(item.id)) return undefined;
    const node = pending(item, this.hooks);
    this.items.set(item.id, { item, node });
    this.waiting.append(node);
    this.firstUnread = "";
    this.lines.get("unread")?.remove();
    this.arrange();
    return this.toEnd(false);
  }

  hide(item) {
    this.items.get(item.id)?.node.remove();
    this.items.delete(item.id);
  }

  /** The server shows what was on its way: by its id, else the oldest one that says the same. */
  settle(message) {
    const { item } = this.items.get(message.id)
      || Array.from(this.items.values()).find((entry) => entry.item.state !== "refused" && same(entry.item, message)) || {};
    if (!item) return;
    item.settled = true;
    this.hide(item);
    this.hooks.settled(item);
  }

  /** Some time after the server took it: what the list shows is the truth, even if that is in other words. */
  trust(item, heard) {
    const shown = this.all.slice(-40).some((message) => message.own && same(item, message));
    if (!item.settled && (heard >= item.pushed || shown)) this.hide(item);
  }

  goto(id) {
    if (this.byId.has(id) && !this.nodes.get(id)?.isConnected) { this.limit = this.all.length; this.arrange(); }
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("changed");
    requestAnimationFrame(() => node.classList.add("changed"));
    node.focus({ preventScroll: true });
  }

  /** To the end, but no further than the beginning of what is new: long words are read from their first line. */
  toStart(node) {
    this.toEnd(false);
    if (!node || node.offsetTop - 8 >= this.box.scrollTop) return;
    this.box.scrollTop = node.offsetTop - 8;
    this.scrolled();
  }

  toEnd(smooth) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top: this.box.scrollHeight, behavior: smooth && !still ? "smooth" : "instant" });
    this.stuck = true;
    this.scrolled();
  }

  scrolled() {
    this.stuck = this.atEnd;
    this.height = this.box.scrollHeight;
    this.view = this.box.clientHeight;
    if (this.stuck) this.missed = 0;
    byId("jump").hidden = this.stuck;
    byId("jump-text").textContent = this.missed ? `${this.missed} tin mới` : "Tin mới nhất";
    if (this.stuck) this.hooks.read();
  }

  get lastRevision() {
    return this.all.reduce((most, message) => Math.max(most, message.revision), 0);
  }
}
