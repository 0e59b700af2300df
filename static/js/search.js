// Completes what is typed in a search box: a combobox with a list (WAI-ARIA). Without this the box works as it is.
(() => {
  const DELAY = 120;

  const enhance = (form) => {
    const input = form.querySelector("input[type=search]");
    // The script comes with each box; it enhances all of them.
    if (input.hasAttribute("role")) return;
    const list = document.createElement("ul");
    const status = document.createElement("p");
    list.className = "search-form__list";
    list.id = `${input.id}-lijst`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Voorstellen");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    form.append(list, status);
    input.autocomplete = "off";
    for (const [name, value] of Object.entries({
      "role": "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
    })) input.setAttribute(name, value);

    let timer = 0;
    let asking = null;
    let typed = input.value;

    const options = () => [...list.children];
    const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (place) => {
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
      const option = options()[place];
      input.value = option ? option.dataset.text : typed;
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
    };

    const show = (suggestions) => {
      list.replaceChildren(...suggestions.map(({ text, total, more }, number) => {
        const option = document.createElement("li");
        const words = document.createElement("span");
        const count = document.createElement("span");
        option.id = `${list.id}-${number}`;
        option.dataset.text = text;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        words.textContent = text;
        count.textContent = total === 1 ? "1 resultaat" : `${total}${more ? "+" : ""} resultaten`;
        option.append(words, " ", count);
        return option;
      }));
      list.hidden = !suggestions.length;
      input.setAttribute("aria-expanded", String(Boolean(suggestions.length)));
      input.removeAttribute("aria-activedescendant");
      status.textContent = suggestions.length === 1 ? "1 voorstel" : `${suggestions.length} voorstellen`;
    };

    const ask = async () => {
      asking?.abort();
      asking = new AbortController();
      const address = `${form.dataset.suggest}?${new URLSearchParams({ q: typed })}`;
      try {
        const answer = await fetch(address, { signal: asking.signal });
        if (!answer.ok) return;
        const { suggestions } = await answer.json();
        if (document.activeElement === input && input.value === typed) show(suggestions);
      } catch {
        // Offline, or overtaken by the next letter: the box works without.
      }
    };

    input.addEventListener("input", () => {
      typed = input.value;
      close();
      if (typed.trim().length > 1) timer = setTimeout(ask, DELAY);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        input.value = typed;
        close();
        event.preventDefault();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
        const many = options().length;
        const step = event.key === "ArrowDown" ? 1 : -1;
        // One more place than there are suggestions: what was typed itself.
        choose(((chosen() + 1 + step + many + 1) % (many + 1)) - 1);
        event.preventDefault();
      } else if (event.key === "ArrowDown" && typed.trim().length > 1) {
        ask();
        event.preventDefault();
      }
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    // Before the box loses the focus, which closes the list.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      input.value = option.dataset.text;
      form.requestSubmit();
    });
  };

  document.querySelectorAll("form[data-suggest]").forEach(enhance);
})();
