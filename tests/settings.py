"""The portal's own settings, with what tests need: strict templates, quick passwords, no waiting for caches."""

import sys
from pathlib import Path

from expoo_portal.settings import *  # noqa: F403
from expoo_portal.settings import BASE_DIR, DATABASES, STORAGES, TEMPLATES

OWN_TEMPLATES = str(BASE_DIR / "templates")


class UndefinedVariable(str):
    """Fails a test when one of our templates shows a variable that does not exist."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: object) -> str:  # type: ignore[override]
        context = sys._getframe(1).f_locals.get("context")
        template = context.render_context.template if context is not None else None
        if template is not None and str(Path(template.origin.name)).startswith(OWN_TEMPLATES):
            raise AssertionError(f"undefined variable {variable} in {template.name}")
        return ""


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CONTENT_VERSION_SECONDS = 0.0
DATABASES["default"]["OPTIONS"].pop("pool", None)
# Whoever keeps a transaction open for ever is ended, so that a test that waits for it fails and does not hang.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=300s"
