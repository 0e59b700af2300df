// The catalogue updates in place. htmx asks and swaps; this keeps what the visitor opened and where the keyboard
// was, says aloud what was found, and sees to it that one choice is one address and one step back.
(() => {
  const form = document.getElementById("catalogus");
  const status = document.getElementById("catalogus-status");
  let opened = new Set();
  let focused = "";
  let asked = new URLSearchParams(location.search).toString();

  const groups = () => document.querySelectorAll(".filters, #facetten details");
  const nameOf = (group) => `${group.querySelector("input").name} ${group.className}`;

  const remember = () => {
    opened = new Set([...groups()].filter((group) => group.open).map(nameOf));
    const summary = document.activeElement.closest("#facetten summary");
    focused = summary ? nameOf(summary.parentElement) : "";
  };
  const restore = () => {
    for (const group of groups()) {
      group.open = opened.has(nameOf(group));
      // htmx finds a checkbox back by its id; a summary has none.
      if (nameOf(group) === focused) group.querySelector("summary").focus({ preventScroll: true });
    }
  };
  const announce = () => status.replaceChildren(document.getElementById("resultaten-titel").textContent);

  document.addEventListener("htmx:configRequest", (event) => {
    const { formData } = event.detail;
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
    const wanted = new URLSearchParams(formData).toString();
    // Enter in the search field is a change and a submit.
    if (wanted === asked) event.preventDefault();
    asked = wanted;
  });
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:oobAfterSwap", restore);
  document.addEventListener("htmx:afterSettle", announce);

  // What cannot be asked in place is asked as a page, which says what is wrong.
  document.addEventListener("htmx:sendError", () => form.submit());
  document.addEventListener("htmx:responseError", () => form.submit());

  document.addEventListener("htmx:historyCacheMissLoad", remember);
  document.addEventListener("htmx:historyRestore", () => {
    asked = new URLSearchParams(location.search).toString();
    restore();
  });
  document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
  let shown = location.search;
  document.addEventListener("htmx:pushedIntoHistory", () => { shown = location.search; });
  addEventListener("popstate", () => {
    // A step between addresses of before a reload, when htmx is not there to follow it.
    if (!window.htmx && location.search !== shown) location.reload();
    shown = location.search;
  });

  form.addEventListener("submit", (event) => {
    if (!event.submitter?.closest(".filters__submit")) return;
    form.querySelector(".filters").open = false;
    document.getElementById("resultaten-titel").focus();
  });
})();
