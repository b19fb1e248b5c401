// There is no line: the page opens by itself once there is one again.

const again = () => location.reload();

document.getElementById("again").addEventListener("click", (event) => {
  event.preventDefault();
  again();
});
addEventListener("online", again);
setInterval(() => {
  fetch(location.href, { cache: "no-store", method: "HEAD" }).then((answer) => { if (answer.ok) again(); }, () => {});
}, 5000);
