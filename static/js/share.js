// The form of sharing keeps what is typed while it is typed: on the server, and on this device as long as the
// server did not get it (no connection, a closed tab). Without this script the buttons of the form do the same.
(() => {
  const place = document.querySelector("[data-share]");
  if (!place) return;
  const PREFIX = "delen:";
  const DAYS_KEPT = 7;
  const PAUSE = 1200;
  const RETRY = 15000;
  const NOT_TYPED = new Set(["base", "page", "number"]);
  const key = PREFIX + location.pathname;

  const store = {
    read(name) {
      try {
        return JSON.parse(localStorage.getItem(name));
      } catch {
        return null;
      }
    },
    write(name, draft) {
      try {
        localStorage.setItem(name, JSON.stringify(draft));
        return true;
      } catch {
        return false; // The browser's storage is full or closed.
      }
    },
    drop(name) {
      try {
        localStorage.removeItem(name);
      } catch {
        // Then there is nothing to drop.
      }
    },
    names() {
      try {
        return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
      } catch {
        return [];
      }
    },
  };

  // What the server got of a draft that was kept here: it names the page and how often that sent something.
  function arrived(draft) {
    return place.dataset.marks.split(" ").some((mark) => {
      const [from, count] = mark.split(":");
      return from === draft.page && Number(count) >= draft.number;
    });
  }

  function dropWhatArrived() {
    const limit = Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1000;
    for (const name of store.names()) {
      const draft = store.read(name);
      const isOfThis = name.startsWith(PREFIX + place.dataset.share);
      if (!draft || draft.at < limit || (isOfThis && arrived(draft))) store.drop(name);
    }
  }

  dropWhatArrived();
  const form = document.getElementById("stap");
  if (!form) return;
  const { base, page, number } = form.elements;
  const line = form.querySelector("[data-saved]");

  const entriesOf = (fields) =>
    [...new FormData(fields)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name));
  const typed = () => entriesOf(form);
  // What came from the server: who types fast, types before this script is there.
  const given = () => {
    const copy = form.cloneNode(true);
    copy.reset();
    return entriesOf(copy);
  };
  const say = (text, isProblem = false) => {
    line.textContent = text;
    line.classList.toggle("is-problem", isProblem);
  };

  let saved = JSON.stringify(given());
  let timer = 0;
  let isBusy = false;
  let isStopped = false;
  let isLeaving = false;

  const isNew = () => JSON.stringify(typed()) !== saved;
  const keepHere = () =>
    store.write(key, {
      at: Date.now(),
      base: base.value,
      page: page.value,
      number: Number(number.value),
      entries: typed(),
    });
  const body = () => {
    number.value = Number(number.value) + 1;
    return new URLSearchParams([
      ...typed(),
      ["base", base.value],
      ["page", page.value],
      ["number", number.value],
    ]);
  };

  async function save() {
    clearTimeout(timer);
    timer = 0;
    if (isBusy || isStopped || isLeaving || !isNew()) return;
    isBusy = true;
    const sent = JSON.stringify(typed());
    const data = body();
    keepHere();
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST",
        body: data,
        signal: AbortSignal.timeout(RETRY),
      });
      const told = answer.headers.get("Content-Type")?.startsWith("application/json")
        ? await answer.json()
        : { message: "Bewaren lukt nu niet. Wat je typt, staat op dit toestel. We proberen het opnieuw." };
      if (answer.ok) {
        saved = sent;
        base.value = told.base;
        if (!isNew()) store.drop(key);
        say(told.message);
      } else {
        isStopped = [404, 409, 413].includes(answer.status);
        say(told.message, true);
        if (!isStopped) timer = setTimeout(save, RETRY);
      }
    } catch {
      offline();
      timer = setTimeout(save, RETRY);
    }
    isBusy = false;
    if (isNew() && !timer) soon();
  }

  function offline() {
    const text = keepHere()
      ? "Geen verbinding. Wat je typt, staat op dit toestel. We bewaren het zodra er weer verbinding is."
      : "Geen verbinding. Laat deze pagina open tot er weer verbinding is.";
    say(text, true);
  }

  function soon() {
    clearTimeout(timer);
    if (isStopped && isNew()) isStopped = false;
    timer = setTimeout(save, PAUSE);
  }

  function settle() {
    const draft = store.read(key);
    if (!draft) {
      if (isNew()) soon();
      return;
    }
    if (JSON.stringify(draft.entries) === saved) store.drop(key);
    else putBack(draft);
  }

  function putBack(draft) {
    const values = new Map();
    for (const [name, value] of draft.entries) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || NOT_TYPED.has(field.name) || ["file", "submit", "button"].includes(field.type)) continue;
      const wanted = values.get(field.name) ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
      else field.value = wanted[0] ?? "";
    }
    // The text goes on from the page of then, so that what changed elsewhere since is not overwritten unseen.
    base.value = draft.base;
    page.value = draft.page;
    number.value = draft.number;
    say("Wat je hier typte en nog niet bewaard was, staat er weer.");
    save();
  }

  function count(field) {
    const least = Number(field.dataset.least || 0);
    const most = Number(field.dataset.most);
    const told = document.createElement("p");
    told.className = "form-text share-count";
    field.after(told);
    const tell = () => {
      const length = field.value.trim().length;
      told.hidden = !least && length < most * 0.8;
      if (length > most) told.textContent = `${length} tekens: ${length - most} te veel.`;
      else if (length < least) told.textContent = `${length} tekens, nog minstens ${least - length}.`;
      else told.textContent = `${length} van de ${most} tekens.`;
      told.classList.toggle("is-problem", length > most);
    };
    field.addEventListener("input", tell);
    tell();
  }

  function weigh(input) {
    const told = document.createElement("p");
    told.className = "invalid-feedback";
    told.setAttribute("role", "alert");
    input.after(told);
    input.addEventListener("change", () => {
      const most = Number(input.dataset.mostBytes);
      const isTooLarge = [...input.files].some((file) => file.size > most);
      told.textContent = isTooLarge
        ? `Dit bestand is groter dan ${Math.round(most / 1048576)} MB. Kies een kleiner bestand.`
        : "";
      if (isTooLarge) input.value = "";
    });
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    if (isLeaving) {
      event.preventDefault(); // A double click: the first one is on its way.
      return;
    }
    isLeaving = true;
    clearTimeout(timer);
    number.value = Number(number.value) + 1;
    if (isNew()) keepHere();
    setTimeout(() => {
      isLeaving = false;
    }, 8000);
  });
  addEventListener("pagehide", () => {
    if (isLeaving || isStopped || !isNew()) return;
    const data = body();
    keepHere();
    navigator.sendBeacon(form.dataset.save, data);
  });
  addEventListener("offline", () => isNew() && offline());
  addEventListener("online", save);
  form.querySelectorAll("[data-most]").forEach(count);
  form.querySelectorAll("[data-most-bytes]").forEach(weigh);
  settle();
})();
