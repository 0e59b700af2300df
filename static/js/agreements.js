// The agreement sheet stays in this browser until somebody throws it away; the server keeps nothing of it. Lines of
// one's own come and go without a new page. Without this script the buttons of the form do the same.
(() => {
  const form = document.querySelector("[data-agreements]");
  if (!form) return;
  const KEY = `afspraken:${form.dataset.agreements}`;
  // What was just thrown away, from one page to the next, and no longer.
  const THROWN = `${KEY}:weg`;
  const said = form.querySelector("[data-said]");

  const isPair = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((each) => typeof each === "string");
  const read = (storage, key) => {
    try {
      const kept = JSON.parse(storage.getItem(key));
      return Array.isArray(kept) ? kept.filter(isPair) : null;
    } catch {
      return null;
    }
  };
  const entries = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(entries()));
      document.querySelector("[data-kept]").hidden = false;
    } catch {
      // Storage is full or closed: the page itself still holds everything.
    }
  };

  const makeOwn = (group, text = "") => {
    const fields = group.querySelectorAll(".lines__own");
    const item = fields[fields.length - 1].closest("li").cloneNode(true);
    item.querySelector("textarea").value = text;
    item.querySelector("button")?.remove();
    group.querySelector(".lines").append(item);
    addRemove(item);
    return item.querySelector("textarea");
  };
  const addRemove = (item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.dataset.remove = "";
    button.textContent = "Verwijder";
    button.setAttribute("aria-label", `Verwijder deze regel (${item.querySelector("textarea").getAttribute("aria-label")})`);
    item.append(button);
  };

  const showGaps = (field) => {
    const place = field.closest("li")?.querySelector(".gaps");
    if (!place) return;
    const gaps = [...new Set(field.value.match(/\[[^[\]]{1,80}\]/g))];
    place.textContent = gaps.length ? `In te vullen: ${gaps.join(", ")}` : "";
  };

  const restore = (kept) => {
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
    const own = new Map();
    const texts = new Map(kept);
    for (const [name, value] of kept) {
      const field = form.elements.namedItem(name);
      const group = name.match(/^(?:eigen|kies)-(.+)$/)?.[1];
      if (name.startsWith("eigen-")) {
        if (value.trim()) own.set(group, [...(own.get(group) ?? []), value]);
      } else if (name.startsWith("kies-")) {
        const box = form.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
        const text = texts.get(`regel-${group}-${value}`);
        if (box) box.checked = true;
        // The suggestion is gone by now: what was made of it stays.
        else if (text) own.set(group, [...(own.get(group) ?? []), text]);
      } else if (field) {
        field.value = value;
        showGaps(field);
        if (value) field.closest("details")?.setAttribute("open", "");
      }
    }
    for (const field of form.querySelectorAll(".lines__own")) field.value = "";
    for (const [slug, lines] of own) {
      const group = form.querySelector(`[data-group="${CSS.escape(slug)}"]`);
      if (!group) continue;
      const fields = [...group.querySelectorAll(".lines__own")];
      for (const [place, text] of lines.entries()) (fields[place] ?? makeOwn(group)).value = text;
    }
  };

  // Says what went away, and brings it back: `pairs` is the form as it was, `place` where one goes on from then.
  const tellGone = (text, pairs, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = "Zet terug";
    button.addEventListener("click", () => {
      restore(pairs);
      keep();
      said.textContent = "Alles staat er weer.";
      place.focus();
    });
    said.replaceChildren(text, " ", button);
  };

  for (const field of form.querySelectorAll(".lines__own")) addRemove(field.closest("li"));
  const kept = read(localStorage, KEY);
  // A page that a form gave back holds what was typed last.
  if ("new" in form.dataset && kept) restore(kept);
  if (kept || !("new" in form.dataset)) keep();
  const thrown = read(sessionStorage, THROWN);
  if (thrown) {
    sessionStorage.removeItem(THROWN);
    tellGone("Je begint opnieuw. Wat hier stond, is weg.", thrown, form.querySelector("input"));
  }

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches(".lines textarea")) {
      showGaps(field);
      const box = field.closest("li").querySelector("[type=checkbox]");
      if (box) box.checked = true;
    }
    said.textContent = "";
    keep();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-add]")) {
      event.preventDefault();
      makeOwn(button.closest("[data-group]")).focus();
    } else if (button?.matches("[data-remove]")) {
      const item = button.closest("li");
      const group = item.closest("[data-group]");
      const before = entries();
      if (group.querySelectorAll(".lines__own").length > 1) item.remove();
      else item.querySelector("textarea").value = "";
      tellGone("De regel is weg.", before, group.querySelector("[data-add]"));
      group.querySelector("[data-add]").focus();
      keep();
    }
  });

  const reset = form.querySelector("[data-reset]");
  reset.hidden = false;
  reset.addEventListener("click", () => {
    if (!confirm("Wil je opnieuw beginnen? Alles wat je hier koos en schreef, verdwijnt.")) return;
    try {
      localStorage.removeItem(KEY);
      sessionStorage.setItem(THROWN, JSON.stringify(entries()));
    } catch {
      // Then there is nothing to throw away.
    }
    location.replace(form.action);
  });
})();
