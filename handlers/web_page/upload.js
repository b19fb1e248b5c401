// The upload page: which paper, its photo, what was found in it, and the way back.

import { Refused, byId, call, el, root } from "./dom.js";
import { Camera } from "./upload_camera.js";
import { Sending } from "./upload_send.js";

root.dataset.api = location.pathname.split("/").pop() + "/";

const HOME = "../";
const BACK_AFTER = 4; // seconds
const OFFLINE = "Chưa gửi được vì mạng yếu. Ảnh vẫn còn ở đây, bạn bấm «Gửi lại» nhé.";
const SLOW = "Ảnh đã đến nơi và đang chờ xem. Kết quả sẽ có trong cuộc trò chuyện.";
const SECTIONS = ["list", "paper", "work", "result"];
const camera = new Camera();
let facts = { papers: [] };
let chosen = null;
let preview = "";
let leaving = 0;

function show(name, focus) {
  clearInterval(leaving);
  for (const section of SECTIONS) byId(section).hidden = section !== name;
  byId("problem").hidden = true;
  byId("main").setAttribute("aria-busy", "false");
  if (focus) byId(focus).focus({ preventScroll: true });
  scrollTo(0, 0);
  byId("main").scrollTop = 0;
}

function problem(words) {
  byId("problem").textContent = words;
  byId("problem").hidden = !words;
}

/** The page is of no use any more. */
function ended(words) {
  for (const section of SECTIONS) byId(section).hidden = true;
  byId("until").hidden = true;
  byId("main").setAttribute("aria-busy", "false");
  problem(words);
}

async function refresh() {
  facts = await call("giay");
  byId("office").textContent = facts.office;
  byId("until").textContent = `Liên kết này dùng được đến ${facts.until}.`;
  byId("until").hidden = false;
}

const choice = (key) => facts.papers.find((paper) => paper.key === key);
const status = (paper) => [paper.sent, paper.complete ? "đủ rồi" : paper.next].filter(Boolean).join(" · ");

function showList() {
  byId("papers").replaceChildren(...facts.papers.map((paper) => el("li", null,
    el("button", { type: "button", class: paper.complete ? "complete" : "", onclick: () => showPaper(paper.key) },
      el("span", null, paper.name), el("small", null, status(paper))))));
  show("list", "list-title");
}

function showPaper(key) {
  chosen = choice(key);
  byId("lead").textContent = facts.helper ? "Bạn được nhờ gửi giúp:" : "";
  byId("lead").hidden = !facts.helper;
  byId("paper-name").textContent = chosen.name;
  byId("hint").textContent = chosen.hint;
  byId("had").textContent = chosen.complete ? "Giấy này đã đủ, không cần gửi thêm." : status(chosen);
  byId("had").hidden = !byId("had").textContent;
  byId("who").hidden = !facts.helper || chosen.complete;
  for (const id of ["shoot", "choose", "tip", "hint"]) byId(id).hidden = chosen.complete;
  byId("shoot-label").textContent = chosen.next ? "Chụp tiếp" : "Chụp ảnh";
  byId("others").hidden = facts.papers.length < 2;
  show("paper", "paper-name");
}

function named() {
  if (!facts.helper || byId("by").value.trim()) return true;
  problem("Bạn ghi tên mình trước nhé, để người nhờ biết ai đã gửi.");
  byId("by").focus();
  return false;
}

async function shoot() {
  if (!named()) return;
  problem("");
  try {
    const words = chosen.shape === "card" ? "Đặt thẻ vừa khung, thấy rõ chữ" : "Đặt giấy vừa khung, thấy cả bốn góc";
    const blob = await camera.photo(chosen.shape, words);
    if (blob) await send(blob);
  } catch (_) {
    byId("camera-input").click(); // the phone's own camera, which opens only right behind a tap
    if (navigator.userActivation && !navigator.userActivation.isActive) problem("Bạn bấm «Chụp ảnh» lần nữa nhé.");
  }
}

async function picked(input) {
  const [file] = input.files;
  input.value = "";
  if (file) await send(file);
}

async function send(blob) {
  if (preview) URL.revokeObjectURL(preview);
  preview = blob.type.startsWith("image/") ? URL.createObjectURL(blob) : "";
  byId("shot").hidden = !preview;
  if (preview) byId("shot").src = preview;
  await push(new Sending(blob, chosen.key, facts.helper ? byId("by").value.trim() : ""));
}

async function push(sending) {
  byId("work-text").textContent = "Đang gửi…";
  byId("progress").hidden = false;
  byId("progress").value = 0;
  show("work");
  try {
    const answer = await sending.send((part) => { byId("progress").value = part; }, facts.max_upload);
    if (answer.refused) return result({ state: "bad", text: answer.refused }, sending);
    byId("work-text").textContent = "Đang xem ảnh có rõ không…";
    byId("progress").hidden = true;
    const seen = await sending.seen();
    await refresh();
    return result(seen, sending);
  } catch (error) {
    if (error instanceof Refused && error.status === 410) return ended(error.message);
    const words = error instanceof Refused && error.status < 500 ? error.message : OFFLINE;
    return result({ state: "stuck", text: words }, sending);
  }
}

const MARKS = { good: "✓", poor: "!", bad: "!", gone: "!", stuck: "!", checking: "…" };

function button(words, kind, act) {
  return el("button", { type: "button", class: kind, onclick: act }, words);
}

function result(seen, sending) {
  const again = () => showPaper(chosen.key);
  const retake = () => { show("paper"); shoot(); };
  const acts = [];
  byId("result").dataset.state = seen.state;
  byId("mark").textContent = MARKS[seen.state] || "!";
  byId("result-text").textContent = seen.state === "checking" ? SLOW : seen.text;
  byId("after").textContent = "";
  const shot = byId("result-shot");
  const unclear = ["poor", "bad", "gone", "stuck"].includes(seen.state);
  shot.hidden = !unclear || !(seen.picture || preview);
  if (!shot.hidden) shot.src = seen.picture ? sending.picture : preview;
  shot.alt = seen.picture ? "Ảnh bạn gửi, chỗ chưa rõ được đánh dấu" : "Ảnh bạn gửi";
  const still = choice(chosen.key);
  const more = still && !still.complete;
  if (seen.state === "poor") {
    acts.push(button("Chụp lại", "primary", retake), button("Vẫn dùng ảnh này", "second", () => use(sending)));
  } else if (seen.state === "stuck") {
    acts.push(button("Gửi lại", "primary", () => push(sending)), button("Chọn ảnh khác", "second", again));
  } else if (unclear) {
    acts.push(button("Chụp hoặc chọn lại", "primary", again));
  } else {
    done(still, more, acts, again);
  }
  byId("result-acts").replaceChildren(...acts);
  show("result", "result-text");
  if (!unclear && facts.chat && !more && seen.state === "good") leave();
}

/** What comes after a good one. */
function done(still, more, acts, again) {
  const todo = facts.papers.filter((paper) => !paper.complete && paper.key !== chosen.key);
  const back = el("a", { class: more ? "second" : "primary", href: HOME }, "Quay lại cuộc trò chuyện");
  if (more) {
    byId("after").textContent = still.next ? `${still.next}.` : "Còn trang nào thì chụp tiếp.";
    acts.push(button(still.next ? "Chụp tiếp" : "Chụp trang nữa", still.next ? "primary" : "second", again));
  }
  if (facts.helper) {
    byId("after").textContent += more ? " Đủ rồi thì bạn đóng trang này." : "Cảm ơn bạn! Bạn đóng trang này được rồi.";
    return;
  }
  if (facts.chat) acts.push(back);
  else byId("after").textContent += ` Bạn quay lại ${facts.back || "máy đang trò chuyện"} để làm tiếp.`;
  if (todo.length) acts.push(button("Gửi giấy khác", "quiet", showList));
}

/** Back to the chat by itself; whoever touches or types anything stays. */
function leave() {
  let seconds = BACK_AFTER;
  const stay = () => { clearInterval(leaving); byId("after").textContent = "Bạn cứ ở lại trang này."; }; // nothing moves under the thumb
  byId("after").textContent = "Đang quay lại cuộc trò chuyện…";
  leaving = setInterval(() => {
    seconds--;
    if (seconds > 0) return;
    clearInterval(leaving);
    location.assign(HOME);
  }, 1000);
  for (const what of ["pointerdown", "keydown"]) byId("result").addEventListener(what, stay, { once: true });
}

async function use(sending) {
  try {
    const seen = await sending.use();
    await refresh();
    result(seen, sending);
  } catch (error) {
    if (error instanceof Refused && error.status === 410) ended(error.message);
    else problem(error instanceof Refused && error.message ? error.message : "Chưa gửi được vì mạng yếu. Bạn bấm lại nhé.");
  }
}

byId("shoot").addEventListener("click", shoot);
byId("choose").addEventListener("click", () => { if (named()) byId("file-input").click(); });
byId("others").addEventListener("click", showList);
for (const id of ["camera-input", "file-input"]) byId(id).addEventListener("change", (event) => picked(event.target));
for (const id of ["shot", "result-shot"]) byId(id).addEventListener("error", () => { byId(id).hidden = true; }); // such as HEIC
for (const how of ["dragover", "drop"]) addEventListener(how, (event) => event.preventDefault());

async function start() {
  try {
    await refresh();
  } catch (error) {
    if (error instanceof Refused && error.status < 500) return ended(error.message);
    problem("Mạng yếu nên chưa mở được trang. Trang sẽ tự thử lại.");
    setTimeout(start, 3000);
    return undefined;
  }
  if (!facts.papers.length) return ended("Hồ sơ này không còn giấy nào cần gửi. Bạn quay lại cuộc trò chuyện nhé.");
  return facts.papers.length === 1 ? showPaper(facts.papers[0].key) : showList();
}

start();
