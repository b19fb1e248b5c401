// One file on its way: sent with an id of its own, so that sending it again is harmless, then asked about until seen.

import { Refused, call, fresh, url } from "./dom.js";

const AGAIN = 700; // ms between looks
const PATIENCE = 60000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Sending {
  constructor(blob, paper, by) {
    Object.assign(this, { blob, paper, by, id: fresh(), file: "" });
  }

  /** Gives `{id}` or `{refused}`; throws Refused, or another error when the line is down. */
  async send(progress, maxUpload) {
    const query = new URLSearchParams({ id: this.id, paper: this.paper });
    const tooLarge = this.blob.size > maxUpload;
    if (tooLarge) query.set("size", String(this.blob.size)); // the server has the words; the bytes can stay here
    const answer = await new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url("anh?" + query));
      request.setRequestHeader("X-Motcua", "1");
      request.setRequestHeader("X-Motcua-By", encodeURIComponent(this.by));
      request.setRequestHeader("Content-Type", this.blob.type || "application/octet-stream");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => progress(event.total ? event.loaded / event.total : 0));
      request.addEventListener("load", () => {
        const said = request.response || {};
        if (request.status === 200) resolve(said);
        else reject(new Refused(request.status, said.error || ""));
      });
      for (const failure of ["error", "abort", "timeout"]) request.addEventListener(failure, () => reject(new Error(failure)));
      request.send(tooLarge ? null : this.blob);
    });
    this.file = answer.id || "";
    return answer;
  }

  /** What was found in it; still "checking" when that takes too long. */
  async seen() {
    const until = Date.now() + PATIENCE;
    let found = { state: "checking", text: "" };
    while (found.state === "checking" && Date.now() < until) {
      await pause(AGAIN);
      found = await call("xem?" + new URLSearchParams({ id: this.file })).catch((error) => {
        if (error instanceof Refused && error.status < 500) throw error;
        return found; // the line is down for a moment
      });
    }
    return found;
  }

  use() {
    return call("dung", { id: fresh(), file: this.file });
  }

  get picture() {
    return url("anh/" + this.file);
  }
}
