// Runs before the first paint, so that large type does not jump into place.
try {
  document.documentElement.dataset.size = localStorage.getItem("motcua.size") || "";
} catch (_) {
  // storage is switched off: the normal size
}
