// Typed text survives an expired session or a closed tab: it stays in this browser until it is saved, and is offered
// back to the same person. Only forms of a page with <meta name="draft-owner"> are kept.
(() => {
  const PREFIX = "concept:";
  const SENT = "concept-verstuurd";
  const DAYS_KEPT = 7;
  const WAIT = 600;
  // Belong to one moment of the form and not to what somebody typed.
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "seen_version", "seen_step", "overwritten_version"]);
  const isBookkeeping = (name) => NOT_TYPED.has(name) || /-(INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(name);

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  function forgetOld() {
    const limit = Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1000;
    for (const key of drafts()) {
      if (!((read(key)?.at ?? 0) > limit)) localStorage.removeItem(key);
    }
  }

  // The form that was sent before this page: saved when the server says so, kept in all other cases.
  function settleSent() {
    const key = sessionStorage.getItem(SENT);
    if (!key) return;
    if (document.querySelector(".messagelist .bewaard")) localStorage.removeItem(key);
    if (document.querySelector("#content")) sessionStorage.removeItem(SENT);
  }

  const typed = (form) =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !isBookkeeping(name));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function addRows(entries) {
    for (const [name, value] of entries) {
      const prefix = name.match(/^(.+)-TOTAL_FORMS$/)?.[1];
      const total = prefix && document.getElementById(`id_${prefix}-TOTAL_FORMS`);
      const add = prefix && document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
      if (!total || !add) continue;
      for (let missing = Number(value) - Number(total.value); missing > 0; missing -= 1) add.click();
    }
  }

  function putBack(form, draft) {
    addRows(draft.entries);
    const values = new Map();
    for (const [name, value] of draft.entries) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || isBookkeeping(field.name) || /-TOTAL_FORMS$/.test(field.name)) continue;
      const wanted = values.get(field.name) ?? [];
      if (["file", "submit", "button", "image"].includes(field.type)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
      else if (field instanceof HTMLSelectElement) {
        for (const option of field.options) option.selected = wanted.includes(option.value);
      } else if (wanted.length) field.value = wanted.shift();
      const box = field.closest(".prose-editor")?.querySelector(".tiptap");
      if (box?.editor) box.editor.commands.setContent(field.value);
    }
    // Somebody may have saved since: the text is based on the version of then.
    if (draft.seen && form.elements.seen_version) form.elements.seen_version.value = draft.seen;
  }

  function offer(form, draft, onAnswer) {
    const when = new Intl.DateTimeFormat("nl-BE", { dateStyle: "long", timeStyle: "short" }).format(draft.at);
    const box = document.createElement("div");
    box.className = "draft-offer";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = `Je typte hier tekst die niet bewaard is (${when}). Bestanden moet je opnieuw kiezen.`;
    box.append(text);
    for (const [words, takesBack] of [["Zet mijn tekst terug", true], ["Gooi hem weg", false]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = words;
      button.addEventListener("click", () => {
        box.remove();
        onAnswer(takesBack);
      });
      box.append(button);
    }
    form.before(box);
  }

  // A second page of the same form, where what was typed is read once more: sending it counts as sending the first.
  function passOn(form, key) {
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
  }

  function keep(form, key) {
    const atFirst = typed(form);
    const draft = read(key);
    let undecided = false;
    let timer = 0;

    const store = () => {
      clearTimeout(timer);
      if (undecided) return;
      const entries = typed(form);
      if (same(entries, atFirst)) return;
      const seen = form.elements.seen_version?.value ?? "";
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), seen, entries }));
      } catch {
        // The browser's storage is full or closed: the form works as without it.
      }
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(store, WAIT);
    };

    if (draft && same(draft.entries, atFirst)) localStorage.removeItem(key);
    else if (draft) {
      undecided = true;
      offer(form, draft, (takesBack) => {
        undecided = false;
        if (takesBack) putBack(form, draft);
        else localStorage.removeItem(key);
      });
    }
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    addEventListener("pagehide", () => timer && store());
    form.addEventListener("submit", () => {
      undecided = false;
      store();
      sessionStorage.setItem(SENT, key);
    });
  }

  addEventListener("load", () => {
    try {
      forgetOld();
      settleSent();
    } catch {
      return; // A browser without storage keeps nothing.
    }
    document.getElementById("logout-form")?.addEventListener("submit", () => {
      drafts().forEach((key) => localStorage.removeItem(key));
    });
    const owner = document.querySelector('meta[name="draft-owner"]')?.content;
    const form = document.querySelector("#content-main > form");
    if (!owner || !form) return;
    const key = `${PREFIX}${owner}:${location.pathname}`;
    if ("readOnly" in form.dataset) passOn(form, key);
    else keep(form, key);
  });
})();
