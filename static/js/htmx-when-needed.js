// htmx weighs as much as the rest of the page: fetch it when somebody reaches for a part that uses it.
(() => {
  const { src } = document.currentScript.dataset;
  const uses = "[hx-get]";
  let asked = false;
  let waiting = null;

  const fetchHtmx = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = src;
    script.addEventListener("load", () => {
      if (waiting) window.htmx.trigger(waiting, "change");
    });
    document.head.append(script);
  };

  for (const name of ["pointerover", "focusin", "touchstart"]) {
    document.addEventListener(name, (event) => event.target.closest?.(uses) && fetchHtmx(), { passive: true });
  }
  // A choice made before htmx arrived is carried out when it does.
  document.addEventListener("change", (event) => {
    const element = event.target.closest(uses);
    if (element && !window.htmx) {
      waiting = element;
      fetchHtmx();
    }
  });
})();
