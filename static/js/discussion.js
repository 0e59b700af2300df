// Writing in a discussion: what is typed is kept while it is typed (on the server, and on this device as long as the
// server did not get it), files go up at once, and names of members complete. Without this script the buttons of the
// form do the same.
(() => {
  // The box holds plain text for who has no editor; the editor, which starts after this script, reads rich text.
  for (const box of document.querySelectorAll("textarea[data-html]")) box.value = box.dataset.html;

  const form = document.querySelector("form[data-writing]");
  if (!form) return;
  const PREFIX = "gesprek:";
  const DAYS_KEPT = 7;
  const PAUSE = 1500;
  const RETRY = 15000;
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "vorm", "weg", "weggooien", "alt"]);
  const name = `${PREFIX}${form.dataset.owner}:${new URL(form.action, location.href).pathname}`;
  const line = form.querySelector("[data-saved]");
  const box = form.querySelector("textarea[data-html]");
  const token = form.elements.csrfmiddlewaretoken.value;
  let editor = null;

  const store = {
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false; // The browser's storage is full or closed.
      }
    },
    drop(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        // Then there is nothing to drop.
      }
    },
    names() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      } catch {
        return [];
      }
    },
  };

  // Keeping what is typed --------------------------------------------------------------------------------------

  const typed = () =>
    [...new FormData(form)].filter(([field, value]) => typeof value === "string" && !NOT_TYPED.has(field));
  const words = (entries) => JSON.stringify(entries.filter(([field]) => field !== "key"));
  const encoded = (entries) =>
    new URLSearchParams([...entries, ["vorm", "json"], ["csrfmiddlewaretoken", token]]);
  const say = (text, isProblem = false) => {
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("is-problem", isProblem);
  };

  let saved = "";
  let timer = 0;
  let isBusy = false;
  let isLeaving = false;
  // The change of a post is kept on this device alone; `changed` says of which text it is a change.
  const isChange = "changed" in form.dataset;
  const isNew = () => words(typed()) !== saved;
  const keepHere = () =>
    store.write(name, {
      at: Date.now(),
      save: form.dataset.save,
      changed: form.dataset.changed,
      entries: typed(),
    });
  const soon = (wait = PAUSE) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function send(address, entries) {
    const answer = await fetch(address, {
      method: "POST",
      body: encoded(entries),
      signal: AbortSignal.timeout(RETRY),
    });
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { answer, told: isOurs ? await answer.json() : null };
  }

  async function save() {
    clearTimeout(timer);
    timer = 0;
    if (isChange && !isLeaving && isNew()) keepHere();
    if (!form.dataset.save || isBusy || isLeaving || !isNew()) return;
    isBusy = true;
    const entries = typed();
    keepHere();
    try {
      const { answer, told } = await send(form.dataset.save, entries);
      if (told?.posted) store.drop(name);
      else if (told) {
        saved = words(entries);
        form.elements.key.value = told.key;
        if (!isNew()) store.drop(name);
        say(told.message);
      } else if (answer.redirected) signedOut(answer.url);
      else {
        say("Bewaren lukt nu niet. Wat je typt, staat op dit toestel. Herlaad de pagina om verder te gaan.", true);
      }
    } catch {
      offline();
      soon(RETRY);
    }
    isBusy = false;
    if (isNew() && !timer && line && !line.classList.contains("is-problem")) soon();
  }

  function signedOut(address) {
    say("Je bent afgemeld. Wat je typt, staat op dit toestel. ", true);
    const link = document.createElement("a");
    link.href = `${new URL(address).pathname}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Meld je opnieuw aan, dan staat het er weer.";
    line?.append(link);
  }

  function offline() {
    const text = keepHere()
      ? "Geen verbinding. Wat je typt, staat op dit toestel. We bewaren het zodra er weer verbinding is."
      : "Geen verbinding. Laat deze pagina open tot er weer verbinding is.";
    say(text, true);
  }

  function write(entries) {
    const values = new Map();
    for (const [field, value] of entries) values.set(field, [...(values.get(field) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || NOT_TYPED.has(field.name) || ["file", "submit", "button"].includes(field.type)) continue;
      if (!values.has(field.name) && !["checkbox", "radio"].includes(field.type)) continue;
      const wanted = values.get(field.name) ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
      else field.value = wanted[0] ?? "";
    }
    if (editor && box) editor.commands.setContent(box.value);
  }

  // What this device still holds: of this form it comes back, unless it was posted; of others it is brought in.
  async function settle() {
    const limit = Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1000;
    for (const key of store.names()) {
      const copy = store.read(key);
      const isOwn = key.startsWith(`${PREFIX}${form.dataset.owner}:`);
      if (!copy || !(copy.at > limit)) store.drop(key);
      else if (isOwn && copy.changed !== undefined) await bringChange(key, copy);
      else if (isOwn && !(key === name && words(copy.entries) === saved)) await bring(key, copy);
      else if (isOwn) store.drop(key);
    }
  }

  async function bring(key, copy) {
    let told = null;
    try {
      ({ told } = await send(copy.save, copy.entries));
    } catch {
      // Without connection it comes back all the same.
    }
    if (told?.posted || (told && key !== name)) store.drop(key);
    if (told?.posted || key !== name || isNew()) return;
    write(told ? copy.entries.map(([field, value]) => [field, field === "key" ? told.key : value]) : copy.entries);
    if (told) {
      saved = words(typed());
      store.drop(key);
    } else soon();
    say("Wat je hier typte, staat er weer.");
  }

  // The post says something else by now: it was saved. Otherwise its form shows again what was typed.
  async function bringChange(key, copy) {
    let changed = form.dataset.changed;
    if (key !== name) {
      try {
        const answer = await fetch(key.slice(key.indexOf("/")));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        changed = page.querySelector("form[data-changed]")?.dataset.changed ?? copy.changed;
      } catch {
        return; // Without connection nobody knows.
      }
    }
    if (changed !== copy.changed) store.drop(key);
    else if (key === name && !isNew() && words(copy.entries) !== saved) {
      write(copy.entries);
      say("Wat je hier typte, staat er weer.");
    }
  }

  const isWriting = Boolean(form.dataset.save);
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  form.addEventListener("submit", (event) => {
    if (isLeaving || uploads > 0) {
      event.preventDefault();
      if (uploads > 0) {
        submitAfter = event.submitter;
        say("Even wachten: je bestand is onderweg.");
      }
      return;
    }
    isLeaving = true;
    clearTimeout(timer);
    if ((isWriting || isChange) && event.submitter && !("discard" in event.submitter.dataset)) keepHere();
    else store.drop(name);
    setTimeout(() => {
      isLeaving = false;
    }, 8000);
  });
  addEventListener("pagehide", () => {
    if (isLeaving || !isNew()) return;
    if (isWriting || isChange) keepHere();
    if (isWriting) navigator.sendBeacon(form.dataset.save, encoded(typed()));
  });
  addEventListener("offline", () => isWriting && isNew() && offline());
  addEventListener("online", save);

  // Files --------------------------------------------------------------------------------------------------------

  let uploads = 0;
  let submitAfter = null;
  const files = form.querySelector("[data-files]");
  const list = form.querySelector("[data-file-list]");
  const input = form.querySelector('input[type="file"]');
  form.querySelectorAll("[data-no-script]").forEach((part) => {
    part.hidden = true;
  });

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function shown(row, file) {
    row.dataset.file = file.id;
    const about = element(
      "div",
      { className: "attach__about" },
      element("p", {}, element("strong", { textContent: file.name }), ` ${file.about}`),
    );
    const parts = [about];
    if (file.picture) {
      parts.unshift(element("img", { src: file.picture, alt: "", width: 120, height: 54 }));
      about.append(
        element("label", {
          className: "form-text",
          htmlFor: `alt-${file.id}`,
          textContent: "Wat zie je op het beeld? Voor wie het niet ziet.",
        }),
        element("input", { className: "form-control", id: `alt-${file.id}`, name: `alt-${file.id}` }),
      );
    }
    const remove = element("button", { className: "btn btn-quiet", type: "button", textContent: "Haal weg" });
    remove.dataset.remove = "";
    remove.append(element("span", { className: "visually-hidden", textContent: `: ${file.name}` }));
    row.replaceChildren(...parts, remove);
  }

  function upload(file) {
    const row = element("li", { className: "attach__file" }, element("p", { textContent: file.name }));
    const bar = element("progress", { max: 100, value: 0 });
    bar.setAttribute("aria-label", `${file.name} wordt opgeladen`);
    row.append(bar);
    list.append(row);
    const data = new FormData();
    for (const [field, value] of typed()) data.append(field, value);
    data.append("csrfmiddlewaretoken", token);
    data.append("bestand", file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.dataset.upload);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      });
      const fail = (text, keep) => {
        const told = element("p", { className: "invalid-feedback", textContent: `${file.name}: ${text}` });
        told.setAttribute("role", "alert");
        row.replaceChildren(told);
        resolve(keep ? file : null);
      };
      request.addEventListener("load", () => {
        if (request.status === 201 && request.response) {
          shown(row, request.response);
          say(`${request.response.name} is toegevoegd.`);
          resolve(null);
        } else fail(request.response?.message ?? "Toevoegen lukt nu niet.", !request.response);
      });
      request.addEventListener("error", () => fail("Geen verbinding. Het bestand gaat mee als je plaatst.", true));
      request.send(data);
    });
  }

  input?.addEventListener("change", async () => {
    if (!form.dataset.upload || !input.files.length) return;
    const chosen = [...input.files];
    input.value = "";
    uploads += 1;
    const left = new DataTransfer();
    for (const file of chosen) {
      const failed = await upload(file);
      if (failed) left.items.add(failed);
    }
    input.files = left.files;
    uploads -= 1;
    if (uploads === 0 && submitAfter) {
      const button = submitAfter;
      submitAfter = null;
      form.requestSubmit(button);
    }
  });

  files?.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    const row = button?.closest("[data-file]");
    if (!row) return;
    event.preventDefault();
    const entries = [...typed(), ["weg", row.dataset.file]];
    try {
      const { told } = await send(form.dataset.upload, entries);
      if (told) row.remove();
      else say("Weghalen lukt nu niet.", true);
    } catch {
      say("Geen verbinding: weghalen lukt nu niet.", true);
    }
    input?.focus();
  });

  // Names ----------------------------------------------------------------------------------------------------------

  const asked = /(?:^|[\s(])@(\p{L}[\p{L}'’ -]{0,30})$/u;

  function completeNames() {
    const dom = editor.view.dom;
    const options = element("ul", { className: "names-list", id: `${box.id}-namen`, hidden: true });
    options.setAttribute("role", "listbox");
    options.setAttribute("aria-label", "Leden");
    dom.closest(".prose-editor").after(options);
    let found = [];
    let place = 0;
    let begins = 0;
    let wait = 0;

    const close = () => {
      found = [];
      options.hidden = true;
      dom.removeAttribute("aria-activedescendant");
      dom.removeAttribute("aria-controls");
    };
    const mark = () => {
      [...options.children].forEach((option, index) => option.setAttribute("aria-selected", index === place));
      dom.setAttribute("aria-controls", options.id);
      dom.setAttribute("aria-activedescendant", `${options.id}-${place}`);
    };
    const choose = (member) => {
      const to = editor.state.selection.from;
      const link = { type: "link", attrs: { href: member.address } };
      editor
        .chain()
        .focus()
        .insertContentAt({ from: begins, to }, [
          { type: "text", text: `@${member.name}`, marks: [link] },
          { type: "text", text: " " },
        ])
        .run();
      close();
    };
    const look = async () => {
      const { $from, empty, from } = editor.state.selection;
      const before = $from.parent.textBetween(0, $from.parentOffset, null, "\ufffc");
      const match = empty && asked.exec(before);
      if (!match) {
        close();
        return;
      }
      begins = from - match[1].length - 1;
      try {
        const answer = await fetch(`${form.dataset.names}?q=${encodeURIComponent(match[1])}`);
        found = answer.ok ? (await answer.json()).members : [];
      } catch {
        found = [];
      }
      if (!found.length || editor.state.selection.from !== from) {
        close();
        return;
      }
      place = 0;
      options.replaceChildren(
        ...found.map((member, index) => {
          const option = element("li", { id: `${options.id}-${index}`, textContent: member.label });
          option.setAttribute("role", "option");
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            choose(member);
          });
          return option;
        }),
      );
      options.hidden = false;
      mark();
    };
    editor.on("update", () => {
      clearTimeout(wait);
      wait = setTimeout(look, 200);
    });
    editor.on("blur", close);
    dom.addEventListener(
      "keydown",
      (event) => {
        if (!found.length) return;
        if (event.key === "Escape") close();
        else if (event.key === "Enter" || event.key === "Tab") choose(found[place]);
        else if (event.key === "ArrowDown") place = (place + 1) % found.length;
        else if (event.key === "ArrowUp") place = (place + found.length - 1) % found.length;
        else return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (found.length) mark();
      },
      true,
    );
  }

  document.addEventListener("prose-editor:ready", ({ detail }) => {
    if (detail.textarea !== box) return;
    editor = detail.editor;
    if (form.dataset.names) completeNames();
    editor.on("update", () => soon());
  });

  let isTouched = false;
  form.addEventListener("input", () => {
    isTouched = true;
  });
  saved = words(typed());
  // After the editor, which may write the same text a little differently, has taken its place.
  addEventListener("load", () => {
    if (!isTouched) saved = words(typed());
    if (isWriting || isChange) settle();
  });
})();
