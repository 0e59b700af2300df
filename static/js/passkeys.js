// Shows what needs a passkey where the browser can, and says so when getting one did not work.
(() => {
  // A passkey belongs to a name: at a bare address (127.0.0.1) a browser makes none.
  const hasName = !/^[\d.]+$|:/.test(location.hostname);
  const able = "PublicKeyCredential" in window && hasName;
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
