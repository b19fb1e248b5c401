// Where people write: text, photos and files, and what they are answering.

import { byId, el, fresh, icon, memory, root } from "./dom.js";

const DRAFT = `motcua.draft.${root.dataset.page}`;
const touch = matchMedia("(pointer: coarse)");

export class Composer {
  constructor(send) {
    this.send = send;
    this.form = byId("composer");
    this.words = byId("words");
    this.replyTo = "";
    this.words.value = memory.get(DRAFT) || "";
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.words.addEventListener("input", () => this.grow());
    this.words.addEventListener("keydown", (event) => {
      // an input method that is composing a letter uses Enter for itself
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || touch.matches) return;
      event.preventDefault();
      this.submit();
    });
    this.words.addEventListener("paste", (event) => this.files(event.clipboardData.files, event));
    this.form.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => this.files(event.dataTransfer.files, event));
    for (const [button, input] of [["camera", "camera-input"], ["attach", "file-input"]]) {
      byId(button).addEventListener("click", () => byId(input).click());
      byId(input).addEventListener("change", () => {
        this.files(byId(input).files);
        byId(input).value = "";
      });
    }
    this.grow();
  }

  grow() {
    memory.set(DRAFT, this.words.value);
    this.words.style.height = "auto";
    this.words.style.height = this.words.scrollHeight + 2 + "px";
    byId("send").classList.toggle("ready", Boolean(this.words.value.trim()));
    if (this.words.value.length < 10000) this.problem("");
    else this.problem("Tin nhắn dài tối đa 10.000 chữ.");
  }

  submit() {
    const text = this.words.value.trim();
    if (!text) { this.words.focus(); return; }
    this.words.value = "";
    this.grow();
    this.words.focus();
    this.send({ kind: "text", text, reply_to: this.taken() });
  }

  /** Several files at once are one album. */
  files(list, event) {
    const files = Array.from(list || []);
    if (!files.length) return;
    if (event) event.preventDefault();
    const album = files.length > 1 ? fresh() : "";
    const reply_to = this.taken();
    for (const file of files) {
      this.send({
        kind: "file", file, album, reply_to, name: file.name || "anh.jpg", type: file.type, size: file.size,
        url: URL.createObjectURL(file), text: "",
      });
    }
  }

  begin(text) {
    this.words.value = text;
    this.grow();
    this.words.focus();
    this.words.setSelectionRange(text.length, text.length);
  }

  reply(message) {
    this.replyTo = message.id;
    const cancel = el("button", { type: "button", class: "round", "aria-label": "Thôi trả lời", onclick: () => { this.taken(); this.words.focus(); } }, icon("close"));
    byId("replying").replaceChildren(
      el("p", {}, el("b", {}, "Trả lời " + (message.speaker || "trợ lý")), el("span", {}, message.text.split("\n")[0] || "Ảnh/tệp")), cancel);
    byId("replying").hidden = false;
    this.words.focus();
  }

  taken() {
    const id = this.replyTo;
    this.replyTo = "";
    byId("replying").hidden = true;
    return id;
  }

  problem(text) {
    byId("problem").textContent = text;
    byId("problem").hidden = !text;
  }
}
