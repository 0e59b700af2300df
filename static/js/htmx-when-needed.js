// htmx weighs as much as the rest of the page: fetch it when somebody reaches for a part that uses it.
(() => {
  const { src } = document.currentScript.dataset;
  const uses = "[hx-get]";
  let asked = false;
  let waiting = null;
  const insert = () => {
    const script = document.createElement("script");
    script.src = src;
    script.addEventListener("load", () => {
      if (waiting) window.htmx.trigger(waiting, "change");
    });
    document.head.append(script);
  };
  const fetchHtmx = () => {
    if (asked) return;
    asked = true;
    // htmx that arrives before the page is complete waits for an event that has passed.
    if (document.readyState === "complete") insert();
    else window.addEventListener("load", insert);
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
  // Unless the browser already asks for it as a page.
  document.addEventListener("submit", () => { waiting = null; });
})();
