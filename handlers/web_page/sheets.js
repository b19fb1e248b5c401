// The menu, the size of the type, and the link for another day or device.

import { byId, call, memory, root } from "./dom.js";

function dialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  }
}

function sizes() {
  const buttons = Array.from(document.querySelectorAll("[data-size]:not(html)"));
  const choose = (value) => {
    root.dataset.size = value;
    memory.set("motcua.size", value);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.size === value));
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.size));
  choose(root.dataset.size || "");
}

async function copy(input) {
  try {
    await navigator.clipboard.writeText(input.value);
  } catch (_) { // pages without https have no clipboard
    input.select();
    if (!document.execCommand("copy")) throw new Error("no clipboard");
  }
}

async function returnLink() {
  byId("menu").close();
  byId("return-problem").hidden = true;
  byId("return-status").textContent = "";
  byId("return").showModal();
  try {
    const { url, svg } = await call("return-link", {});
    byId("return-url").value = url;
    byId("return-qr").src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    byId("return-qr").hidden = false;
  } catch (error) {
    byId("return-problem").textContent = error.message && error.status ? error.message : "Chưa lấy được liên kết. Bạn thử lại sau nhé.";
    byId("return-problem").hidden = false;
  }
}

/** `say` sends words as if typed, `begin` puts them into the composer, `leaving` ends what goes on without the page. */
export function sheets({ say, begin, leaving }) {
  dialogs();
  sizes();
  byId("open-menu").addEventListener("click", () => byId("menu").showModal());
  for (const button of document.querySelectorAll("[data-say]")) {
    button.addEventListener("click", () => { byId("menu").close(); say(button.dataset.say); });
  }
  for (const button of document.querySelectorAll("[data-begin]")) {
    button.addEventListener("click", () => { byId("menu").close(); begin(button.dataset.begin); });
  }
  byId("leave").addEventListener("click", () => { byId("menu").close(); byId("leaving").showModal(); });
  byId("leave-now").addEventListener("click", async () => {
    await leaving().catch(() => {});
    try {
      await call("leave", {});
    } catch (_) { // the cookie can be taken back by the server alone
      byId("leave-problem").hidden = false;
      return;
    }
    for (const key of memory.keys("motcua.out.")) memory.drop(key);
    memory.drop("motcua.draft." + root.dataset.page);
    location.reload();
  });
  if (!byId("return")) return;
  byId("open-return").addEventListener("click", returnLink);
  byId("leave-save").addEventListener("click", () => { byId("leaving").close(); returnLink(); });
  byId("return-copy").addEventListener("click", async () => {
    try {
      await copy(byId("return-url"));
      byId("return-status").textContent = "Đã sao chép.";
    } catch (_) {
      byId("return-status").textContent = "Bạn chạm giữ liên kết ở trên để sao chép.";
      byId("return-url").select();
    }
  });
}
