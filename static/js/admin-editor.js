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

  const tell = (button) => {
    if (button.classList.contains("prose-menubar__option")) {
      const option = button.firstElementChild;
      const word = options[button.dataset.name];
      if (word && option.textContent !== word) option.textContent = word;
      return;
    }
    if (words[button.title]) {
      button.title = words[button.title];
      button.setAttribute("aria-label", button.title);
    }
    if (!button.dataset.name) return;
    button.setAttribute("aria-pressed", button.classList.contains("active"));
    button.setAttribute("aria-disabled", button.classList.contains("disabled"));
  };

  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const box = editor.view.dom;
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    box.setAttribute("aria-multiline", "true");
    for (const attribute of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(attribute)) box.setAttribute(attribute, textarea.getAttribute(attribute));
    }
    if (label) {
      label.id ||= `${textarea.id}_label`;
      box.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", () => editor.commands.focus());
    }
    // The buttons come after this moment, and change with the place of the cursor.
    const frame = box.closest(".prose-editor");
    const update = () => {
      const bar = frame.querySelector(".prose-menubar");
      if (!bar) return;
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", "Opmaak");
      bar.querySelectorAll("button").forEach(tell);
    };
    update();
    new MutationObserver(update).observe(frame, { subtree: true, childList: true, attributeFilter: ["class"] });
  });

  // The arrows of a row that can be dragged are pictures; the buttons around them pass on a press of a key.
  document.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLButtonElement && "move" in target.dataset) target.querySelector("i").click();
  });
})();
