// Shows what needs a passkey where the browser can, and says so when getting one did not work.
(() => {
  const able = "PublicKeyCredential" in window;
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !able;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = able;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const notice = document.getElementById("passkey-error");
    if (notice) {
      notice.hidden = false;
      notice.focus();
    }
  });
})();
