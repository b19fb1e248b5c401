// A photo, large: zoom, turn, next.

import { byId, staff } from "./dom.js";

/** The photos to leaf through; an officer stays within one dossier's papers, which stand in one run of messages. */
function album(thumb) {
  if (!staff) return Array.from(document.querySelectorAll("#log .thumb"));
  const whole = (node) => node && node.classList.contains("message") && node.querySelector(".thumb");
  let first = thumb.closest(".message");
  while (whole(first.previousElementSibling)) first = first.previousElementSibling;
  const all = [];
  for (let node = first; whole(node); node = node.nextElementSibling) all.push(...node.querySelectorAll(".thumb"));
  return all;
}

/** What the photo is of: for an officer the paper's name, which stands above it. */
function title(thumb) {
  const words = staff && thumb.closest(".message").querySelector(".text");
  return words ? words.textContent.split("\n")[0] : thumb.dataset.name;
}

export class Viewer {
  constructor() {
    this.dialog = byId("viewer");
    this.picture = byId("picture");
    this.frame = byId("frame");
    this.stage = byId("stage");
    const steps = {
      previous: () => this.go(-1), next: () => this.go(1), smaller: () => this.zoom(1 / 1.4),
      larger: () => this.zoom(1.4), turn: () => this.turn(),
    };
    for (const button of this.dialog.querySelectorAll("[data-view]")) {
      button.addEventListener("click", steps[button.dataset.view]);
    }
    const keys = { ArrowLeft: steps.previous, ArrowRight: steps.next, "+": steps.larger, "=": steps.larger, "-": steps.smaller, r: steps.turn };
    this.dialog.addEventListener("keydown", (event) => {
      const step = keys[event.key];
      const scrolls = event.key.startsWith("Arrow") && this.scale > 1;
      if (!step || scrolls || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      step();
    });
    this.picture.addEventListener("load", () => this.draw());
    this.picture.addEventListener("dblclick", () => { this.scale = this.scale > 1 ? 1 : 2.5; this.draw(); });
    this.stage.addEventListener("click", (event) => { if (event.target === this.stage) this.dialog.close(); });
    this.dialog.addEventListener("close", () => { this.picture.removeAttribute("src"); this.thumb.focus(); });
    addEventListener("resize", () => { if (this.dialog.open) this.draw(); });
  }

  open(thumb) {
    this.thumb = thumb;
    this.show(thumb);
    this.dialog.showModal();
    this.stage.focus();
  }

  show(thumb) {
    const all = album(thumb);
    const i = all.indexOf(thumb);
    this.thumb = thumb;
    this.scale = 1;
    this.angle = 0;
    this.picture.src = thumb.querySelector("img").src;
    this.picture.alt = title(thumb);
    byId("caption").textContent = `${title(thumb)} · ảnh ${i + 1}/${all.length}`;
    this.others = [all[i - 1], all[i + 1]];
    for (const [name, other] of [["previous", all[i - 1]], ["next", all[i + 1]]]) {
      this.dialog.querySelector(`[data-view=${name}]`).disabled = !other;
    }
  }

  go(step) {
    const other = this.others[step < 0 ? 0 : 1];
    if (other) this.show(other);
  }

  zoom(factor) {
    this.scale = Math.min(8, Math.max(1, this.scale * factor));
    this.draw();
  }

  turn() {
    this.angle = (this.angle + 90) % 360;
    this.draw();
  }

  draw() {
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    if (!width) return;
    const side = this.angle % 180 !== 0;
    const [wide, high] = side ? [height, width] : [width, height];
    const fit = Math.min(this.stage.clientWidth / wide, this.stage.clientHeight / high, 1.5) * this.scale;
    this.frame.style.width = wide * fit + "px";
    this.frame.style.height = high * fit + "px";
    this.picture.style.width = width * fit + "px";
    this.picture.style.height = height * fit + "px";
    this.picture.style.transform = `translate(-50%, -50%) rotate(${this.angle}deg)`;
    this.stage.scrollLeft = (this.stage.scrollWidth - this.stage.clientWidth) / 2;
    this.stage.scrollTop = (this.stage.scrollHeight - this.stage.clientHeight) / 2;
  }
}
