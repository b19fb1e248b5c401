// News from the server: a stream; when that does not hold, asking every few seconds.

import { Refused, call, url } from "./dom.js";

export class Live {
  /** `deliver` takes messages, `connected` a yes or no, `lost` is called when the session is gone. */
  constructor({ deliver, connected, lost }) {
    Object.assign(this, { deliver, connected, lost });
    this.revision = 0;
    this.failures = 0;
    this.broken = 0; // how often the stream failed although the server answered
    this.batch = [];
    this.heard = 0;
    this.slept = 0;
    addEventListener("online", () => this.recover());
    addEventListener("offline", () => this.connected(false));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.slept = Date.now();
      else if (Date.now() - this.slept > 20000) this.recover(); // phones cut sleeping lines without a word
    });
  }

  take(messages) {
    const news = messages.filter((message) => message.revision > this.revision);
    if (!news.length) return 0;
    this.revision = news.reduce((most, message) => Math.max(most, message.revision), this.revision);
    this.heard = Date.now();
    this.deliver(news);
    return news.length;
  }

  open() {
    this.stop();
    if (!window.EventSource) { this.broken = 9; this.again(3000); return; }
    const source = new EventSource(url("stream?after=" + this.revision));
    this.source = source;
    source.onopen = () => { this.failures = 0; this.connected(true); };
    source.addEventListener("message", (event) => {
      this.broken = 0;
      this.batch.push(JSON.parse(event.data));
      if (this.batch.length === 1) setTimeout(() => this.take(this.batch.splice(0)), 0);
    });
    source.onerror = () => {
      this.stop();
      this.broken++;
      this.again(300);
    };
  }

  stop() {
    if (this.source) this.source.close();
    this.source = null;
    clearTimeout(this.timer);
  }

  again(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.recover(), delay);
  }

  async poll() {
    return this.take(await call("messages?after=" + this.revision));
  }

  /** Ask once; if the server answers, try the stream again, or go on asking when it broke too often. */
  async recover() {
    this.stop();
    if (this.recovering) return;
    this.recovering = true;
    try {
      await this.poll();
      this.failures = 0;
      this.connected(true);
      if (this.broken < 3) this.open();
      else {
        this.again(document.hidden ? 10000 : 3000);
        this.polls = (this.polls || 0) + 1;
        if (this.polls % 40 === 0) this.broken = 2; // one more try with the stream
      }
    } catch (error) {
      if (error instanceof Refused && error.status === 401) { this.lost(); return; }
      this.failures++;
      this.connected(false);
      this.again(Math.min(1000 * 2 ** Math.min(this.failures, 4), 10000) * (0.8 + Math.random() * 0.4));
    } finally {
      this.recovering = false;
    }
  }

  /** Something was sent at `since`: an answer should come. A proxy that holds the stream back shows here. */
  expect(since) {
    setTimeout(async () => {
      if (this.heard >= since) return;
      try {
        if (await this.poll() && this.source) {
          this.broken++;
          if (this.broken >= 2) { this.broken = 9; this.again(3000); this.stop(); this.again(3000); }
        }
      } catch (_) {
        // the stream's own error will tell
      }
    }, 2500);
  }
}
