// The live camera with the paper's outline; every browser without one has the plain choice of a file.

import { byId } from "./dom.js";

const QUALITY = 0.92;
// Width by height: an ID card lies, a page stands.
const SHAPES = { card: 85.6 / 54, page: 210 / 297 };
const ROOM = 0.92; // of the picture that the outline takes at most

export class Camera {
  constructor() {
    this.dialog = byId("camera");
    this.video = byId("video");
    this.broken = !(window.isSecureContext && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
    this.shutter = byId("shutter");
    this.shutter.addEventListener("click", () => this.take());
    byId("camera-close").addEventListener("click", () => this.dialog.close());
    byId("torch").addEventListener("click", () => this.light());
    this.dialog.addEventListener("close", () => this.stop());
    this.video.addEventListener("loadedmetadata", () => this.frame());
    addEventListener("resize", () => this.frame());
  }

  /** The photo, null when the person closed the camera; throws where there is none. */
  async photo(shape, words) {
    if (this.broken) throw new Error("no camera");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 } },
      });
    } catch (error) {
      this.broken = true; // refused, or in use: not asked for again on this visit
      throw error;
    }
    this.shape = shape;
    byId("aim").textContent = words;
    this.video.srcObject = this.stream;
    this.dialog.showModal();
    this.shutter.disabled = true;
    this.torch();
    await this.video.play().catch(() => {});
    this.frame();
    return new Promise((resolve) => { this.resolve = resolve; });
  }

  /** The picture as large as it can be shown whole, and the outline within it. */
  frame() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.stream || !width) return;
    const view = byId("view"), edge = byId("edge");
    const room = view.parentElement.getBoundingClientRect();
    const beside = getComputedStyle(view.parentElement).flexDirection === "row"; // a phone that lies
    const others = [byId("aim"), this.shutter.parentElement];
    const taken = others.reduce((sum, one) => sum + (beside ? one.offsetWidth : one.offsetHeight), 0);
    const across = Math.max(120, room.width - (beside ? taken : 0)), down = Math.max(120, room.height - (beside ? 0 : taken));
    const scale = Math.min(across / width, down / height);
    view.style.width = `${Math.floor(width * scale)}px`;
    view.style.height = `${Math.floor(height * scale)}px`;
    const shape = SHAPES[this.shape] || SHAPES.page;
    const wide = Math.min(width * scale * ROOM, height * scale * ROOM * shape);
    edge.style.width = `${Math.floor(wide)}px`;
    edge.style.height = `${Math.floor(wide / shape)}px`;
    if (!this.shutter.disabled) return;
    this.shutter.disabled = false;
    this.shutter.focus();
  }

  torch() {
    const [track] = this.stream.getVideoTracks();
    const can = track && track.getCapabilities ? track.getCapabilities() : {};
    byId("torch").hidden = !can.torch;
    byId("torch").setAttribute("aria-pressed", "false");
  }

  light() {
    const button = byId("torch");
    const on = button.getAttribute("aria-pressed") !== "true";
    const [track] = this.stream.getVideoTracks();
    track.applyConstraints({ advanced: [{ torch: on }] }).then(
      () => button.setAttribute("aria-pressed", String(on)),
      () => { button.hidden = true; },
    );
  }

  /** The whole picture in full size, also what lies outside the outline. */
  take() {
    const canvas = document.createElement("canvas");
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    if (!canvas.width) return;
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    canvas.toBlob((blob) => {
      this.done(blob);
      this.dialog.close();
    }, "image/jpeg", QUALITY);
  }

  stop() {
    for (const track of this.stream ? this.stream.getTracks() : []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.done(null);
  }

  done(blob) {
    if (this.resolve) this.resolve(blob);
    this.resolve = null;
  }
}
