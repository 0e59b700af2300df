// The catalogue updates in place: keep what the visitor opened, and keep the keyboard where it was.
(() => {
  const opened = new Set();
  let focused = null;

  const keyOf = (details) => {
    const value = details.querySelector("input");
    return value && `${value.name}:${details.className}`;
  };

  document.addEventListener("htmx:beforeSwap", () => {
    opened.clear();
    document.querySelectorAll("#facetten details[open]").forEach((details) => opened.add(keyOf(details)));
    const active = document.activeElement;
    focused = active && active.name ? { name: active.name, value: active.type === "checkbox" ? active.value : null } : null;
  });

  const restore = () => {
    document.querySelectorAll("#facetten details").forEach((details) => {
      if (opened.has(keyOf(details))) details.open = true;
    });
    if (!focused || document.activeElement !== document.body) return;
    const candidates = document.querySelectorAll(`#catalogus [name="${CSS.escape(focused.name)}"]`);
    for (const candidate of candidates) {
      if (focused.value === null || candidate.value === focused.value) {
        candidate.focus({ preventScroll: true });
        break;
      }
    }
  };

  document.addEventListener("htmx:afterSettle", restore);
  document.addEventListener("htmx:oobAfterSwap", restore);
})();
