// A button that copies the field it names; without this script the field can be selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Het adres is gekopieerd.";
    } catch {
      said.textContent = "Het adres is geselecteerd: kopieer het met Ctrl+C.";
    }
  });
}
