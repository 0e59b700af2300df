// "Mijn waaier": a collection is its address. Here the browser remembers the address of its own one, in its own
// storage and not in a cookie, so that practices can be added from wherever they stand.
(() => {
  const KEY = "waaier";
  const MOST = 30;
  const PAGE = "/praktijken/waaier/";

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(kept) ? kept.filter((slug) => /^[-\w]{1,110}$/.test(slug)).slice(0, MOST) : [];
    } catch {
      return [];
    }
  };
  const write = (slugs) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(slugs));
    } catch {
      // Storage is full or closed: the address still holds the collection.
    }
  };
  const addressOf = (slugs) => (slugs.length ? `${PAGE}?p=${slugs.join(",")}` : PAGE);
  const slugsOf = (address) => new URL(address, location.href).searchParams.getAll("p").join(",").split(",").filter(Boolean);

  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.role = "status";
  document.body.append(status);

  const toggle = (slug, name) => {
    const own = read();
    const isIn = own.includes(slug);
    if (!isIn && own.length >= MOST) {
      status.textContent = `Je waaier is vol: er passen ${MOST} praktijken in.`;
      return;
    }
    write(isIn ? own.filter((kept) => kept !== slug) : [...own, slug]);
    status.textContent = isIn ? `${name} is uit je waaier.` : `${name} zit in je waaier.`;
    show();
  };

  const show = () => {
    const own = read();
    for (const link of document.querySelectorAll("[data-collection-link]")) {
      link.href = addressOf(own);
      link.textContent = own.length ? `Mijn waaier (${own.length})` : "Mijn waaier";
    }
    for (const button of document.querySelectorAll("[data-collection-toggle]")) {
      const isIn = own.includes(button.dataset.collectionToggle);
      button.setAttribute("aria-pressed", isIn);
      if (button.dataset.words) button.textContent = isIn ? "✓ In mijn waaier" : button.dataset.words;
    }
  };

  const makeButton = (slug, name, className) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.dataset.collectionToggle = slug;
    button.addEventListener("click", () => toggle(slug, name));
    return button;
  };

  // A link that adds to nothing but itself becomes a button that adds to the collection of this browser.
  const decorate = () => {
    for (const link of document.querySelectorAll("[data-collection-add]")) {
      const button = makeButton(link.dataset.collectionAdd, document.querySelector("h1").textContent, link.className);
      button.dataset.words = link.textContent;
      link.replaceWith(button);
    }
    for (const card of document.querySelectorAll("#resultaten .card:not(:has([data-collection-toggle]))")) {
      const name = card.querySelector(".card__title").textContent;
      const button = makeButton(card.dataset.slug, name, "card__collect");
      button.setAttribute("aria-label", `${name} in mijn waaier`);
      card.append(button);
    }
    show();
  };

  // The page of a collection: one's own follows its address; somebody else's is kept only when asked.
  const page = document.querySelector("[data-collection]");
  if (page) {
    const shown = page.dataset.collection.split(",").filter(Boolean);
    const own = read();
    const isOwn = shown.join() === own.join();
    if (!shown.length && own.length && !location.search) location.replace(addressOf(own));
    for (const link of document.querySelectorAll("[data-collection-change]")) {
      link.addEventListener("click", () => {
        if (isOwn || !own.length) write(slugsOf(link.href));
      });
    }
    const other = document.querySelector("[data-collection-other]");
    if (!isOwn && shown.length) {
      const keep = document.createElement("button");
      keep.type = "button";
      keep.className = "btn";
      keep.textContent = own.length ? "Bewaar deze in plaats van mijn waaier" : "Bewaar als mijn waaier";
      keep.addEventListener("click", () => {
        write(shown);
        other.replaceChildren("Bewaard in deze browser als jouw waaier.");
      });
      other.append(keep);
      if (own.length) {
        const link = document.createElement("a");
        link.className = "btn btn-quiet";
        link.dataset.collectionLink = "";
        other.append(link);
      }
      other.hidden = false;
    }
  }

  decorate();
  document.addEventListener("htmx:afterSettle", decorate);
  // Another tab, or the back button.
  addEventListener("storage", show);
  addEventListener("pageshow", show);
})();
