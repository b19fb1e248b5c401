// What this device still has to send, one after the other; words survive a reload, and each keeps its id.

import { Refused, call, fresh, memory, root, url } from "./dom.js";

const PREFIX = `motcua.out.${root.dataset.page}.`;

export class Outbox {
  /** `changed(item)` after every step, `sent(item)` when the server has it, `lost()` when the session is gone. */
  constructor({ changed, sent, lost }) {
    Object.assign(this, { changed, sent, lost });
    this.items = [];
    this.failures = 0;
    this.maxUpload = 20 * 1024 * 1024;
    addEventListener("online", () => this.go());
    addEventListener("beforeunload", (event) => {
      if (this.items.some((item) => item.kind === "file" && item.state !== "refused")) event.preventDefault();
    });
  }

  /** What an earlier visit could not send. */
  restore() {
    const found = memory.keys(PREFIX).map((key) => {
      try { return JSON.parse(memory.get(key)); } catch (_) { return null; }
    });
    for (const item of found.filter(Boolean).sort((a, b) => a.at - b.at)) {
      if (!this.items.some((known) => known.id === item.id)) this.add(item);
    }
  }

  add(given) {
    const item = { id: fresh(), at: Date.now(), ...given, state: "waiting", problem: "" };
    if (item.kind !== "file") memory.set(PREFIX + item.id, JSON.stringify(item));
    this.items.push(item);
    this.changed(item);
    this.go();
    return item;
  }

  drop(item) {
    memory.drop(PREFIX + item.id);
    this.items = this.items.filter((other) => other !== item);
    if (item.request) item.request.abort();
  }

  again(item) {
    item.state = "waiting";
    item.problem = "";
    this.changed(item);
    this.go();
  }

  async go() {
    clearTimeout(this.timer);
    if (this.busy || this.paused) return;
    this.busy = true;
    try {
      for (;;) {
        const item = this.items.find((one) => one.state !== "refused");
        if (!item || this.paused || !(await this.push(item))) break;
      }
    } finally {
      this.busy = false;
    }
  }

  async push(item) {
    item.state = "waiting";
    item.pushed = Date.now();
    this.changed(item);
    try {
      const answer = item.kind === "file" ? await this.upload(item) : await call("send", this.body(item));
      this.failures = 0;
      item.state = answer.refused ? "refused" : "sent";
      if (answer.refused) item.problem = answer.refused === "too-large" ? "tệp quá lớn" : "tệp trống";
      if (!answer.refused) this.drop(item);
      this.changed(item);
      this.sent(item);
      return true;
    } catch (error) {
      if (!this.items.includes(item)) return true; // dropped by hand meanwhile
      if (error instanceof Refused && error.status === 401) {
        item.state = "stuck";
        this.changed(item);
        this.paused = true;
        this.lost();
        return false;
      }
      if (error instanceof Refused && error.status < 500 && error.status !== 408 && error.status !== 429) {
        item.state = "refused";
        item.problem = error.message || "không gửi được";
        memory.drop(PREFIX + item.id);
        this.changed(item);
        return true;
      }
      this.failures++;
      item.state = "stuck";
      item.progress = 0;
      this.changed(item);
      this.timer = setTimeout(() => this.go(), Math.min(1000 * 2 ** Math.min(this.failures, 4), 15000));
      return false;
    }
  }

  body(item) {
    return item.kind === "press"
      ? { id: item.id, press: item.press, message: item.message }
      : { id: item.id, text: item.text, reply_to: item.reply_to || "" };
  }

  /** XMLHttpRequest, because fetch does not tell how far it is. */
  upload(item) {
    const query = new URLSearchParams({ id: item.id, name: item.name, album: item.album || "", reply_to: item.reply_to || "" });
    const tooLarge = item.size > this.maxUpload;
    if (tooLarge) query.set("size", String(item.size)); // the server answers; the bytes can stay here
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      item.request = request;
      request.open("POST", url("upload?" + query));
      request.setRequestHeader("X-Motcua", "1");
      request.setRequestHeader("Content-Type", item.type || "application/octet-stream");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        item.progress = event.total ? event.loaded / event.total : 0;
        this.changed(item);
      });
      request.addEventListener("load", () => {
        const answer = request.response || {};
        if (request.status === 200) resolve(answer);
        else reject(new Refused(request.status, answer.error || ""));
      });
      request.addEventListener("loadend", () => { item.request = null; });
      for (const failure of ["error", "abort", "timeout"]) request.addEventListener(failure, () => reject(new Error(failure)));
      request.send(tooLarge ? null : item.file);
    });
  }
}
