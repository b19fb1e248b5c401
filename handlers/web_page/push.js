// News while the page is closed: asked for by a press alone, never by the page itself.

import { Refused, byId, call, memory, staff } from "./dom.js";

const MARK = "motcua.push." + (staff ? "staff" : "citizen"); // that this browser was asked to tell
const WORDS = {
  on: "Máy này sẽ báo khi có tin mới, cả lúc trang đã đóng.",
  off: "Máy này không báo nữa.",
  denied: "Trình duyệt đang chặn thông báo của trang này. Bạn mở phần cài đặt của trang, cho phép thông báo, rồi bấm lại.",
  failed: "Chưa bật được. Bạn thử lại khi mạng tốt hơn nhé.",
  iphone: "Trên iPhone: bấm nút Chia sẻ, chọn «Thêm vào MH chính», rồi mở Một Cửa từ màn hình chính và bấm lại nút này.",
};
// The one address of a script that is made by a script: browsers with Trusted Types want it said so.
const SCRIPT = window.trustedTypes
  ? window.trustedTypes.createPolicy("motcua", { createScriptURL: () => "sw.js" }).createScriptURL("")
  : "sw.js";
const worker = window.isSecureContext && "serviceWorker" in navigator;
const able = worker && "PushManager" in window && "Notification" in window;
const apple = /iPhone|iPad/.test(navigator.userAgent);
let key = "";

/** The page works without it: what goes wrong here is nobody's trouble. */
async function registered() {
  return navigator.serviceWorker.register(SCRIPT, { scope: staff ? "canbo" : "./" });
}

function bytes(words) {
  const plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscription() {
  const here = await registered();
  return here.pushManager.getSubscription();
}

function told(words) {
  byId("push-status").textContent = words;
}

function draw() {
  const on = Boolean(memory.get(MARK));
  byId("push").setAttribute("aria-pressed", String(on));
  byId("push-label").textContent = on ? "Thôi báo khi đóng trang" : "Báo khi đóng trang";
}

async function keep(found) {
  const { endpoint, keys } = found.toJSON();
  await call("push", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  memory.set(MARK, "1");
}

async function turnOn() {
  if (!able) return WORDS.iphone;
  if ((await Notification.requestPermission()) !== "granted") return WORDS.denied;
  await registered();
  const here = await navigator.serviceWorker.ready.catch(() => null);
  const registration = here || (await registered());
  await keep(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
  return WORDS.on;
}

/** Also when somebody leaves: what comes for them is not for whoever sits here next. */
export async function turnOff() {
  if (!memory.get(MARK)) return WORDS.off;
  memory.drop(MARK);
  const found = able ? await subscription() : null;
  if (found) {
    await call("push-off", { endpoint: found.endpoint }).catch(() => {}); // its address answers "gone" from now on
    await found.unsubscribe();
  }
  return WORDS.off;
}

async function pressed() {
  byId("push").disabled = true;
  try {
    told(await (memory.get(MARK) ? turnOff() : turnOn()));
  } catch (error) {
    told(error instanceof Refused && error.message ? error.message : WORDS.failed);
  }
  byId("push").disabled = false;
  draw();
}

/** The button stands there only where it can keep its word. */
async function offer() {
  told("");
  if (key || !(able || apple)) return;
  key = (await call("push").catch(() => ({ key: "" }))).key || "";
  byId("push-item").hidden = !key;
  draw();
}

/** A browser may have renewed its address, or the person may have taken the permission back meanwhile. */
async function again() {
  const found = Notification.permission === "granted" ? await subscription() : null;
  if (found) await keep(found);
  else memory.drop(MARK);
}

export function push() {
  byId("push").addEventListener("click", pressed);
  byId("open-menu").addEventListener("click", offer);
  if (!worker) return;
  registered().then(() => (able && memory.get(MARK) ? again() : null)).catch(() => {});
}
