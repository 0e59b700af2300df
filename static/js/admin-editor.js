// The rich text editor says what it is for: its name and help come from the field, its buttons speak Dutch.
(() => {
  const words = {
    "paragraph": "Gewone tekst",
    "heading 3": "Tussenkop",
    "heading 4": "Kleine tussenkop",
    "unordered list": "Opsomming",
    "ordered list": "Genummerde lijst",
    "List properties": "Nummering",
    "blockquote": "Citaat",
    "bold": "Vet",
    "italic": "Schuin",
    "insert link": "Link",
    "remove link": "Link weghalen",
    "undo": "Ongedaan maken",
    "redo": "Opnieuw",
  };
  const options = { paragraph: "Gewone tekst", heading3: "Tussenkop", heading4: "Kleine tussenkop" };

  const name = (button) => {
    const word = words[button.title];
    if (!word) return;
    button.title = word;
    button.setAttribute("aria-label", word);
  };

  const tellState = (button) => {
    if (!button.dataset.name || button.classList.contains("prose-menubar__option")) return;
    button.setAttribute("aria-pressed", button.classList.contains("active"));
    button.setAttribute("aria-disabled", button.classList.contains("disabled"));
  };

  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const box = editor.view.dom;
    const bar = box.closest(".prose-editor").querySelector(".prose-menubar");
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    box.setAttribute("aria-multiline", "true");
    if (textarea.getAttribute("aria-describedby")) {
      box.setAttribute("aria-describedby", textarea.getAttribute("aria-describedby"));
    }
    if (textarea.getAttribute("aria-invalid")) box.setAttribute("aria-invalid", "true");
    if (label) {
      label.id ||= `${textarea.id}_label`;
      box.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", () => editor.commands.focus());
    }
    if (!bar) return;
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", `Opmaak${label ? ` van ${label.textContent.replace(/:\s*$/, "").trim()}` : ""}`);
    for (const option of bar.querySelectorAll(".prose-menubar__option")) {
      if (options[option.dataset.name]) option.firstElementChild.textContent = options[option.dataset.name];
    }
    const update = () => bar.querySelectorAll("button").forEach((button) => { name(button); tellState(button); });
    update();
    new MutationObserver(update).observe(bar, { subtree: true, childList: true, attributeFilter: ["class"] });
  });

  // The arrows of a row that can be dragged are pictures; the buttons around them pass on a press of a key.
  document.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLButtonElement && "move" in target.dataset) target.querySelector("i").click();
  });
})();
