"""The portal's own settings with two baseline views beside its pages; same middleware, nothing switched off."""

from expoo_portal.settings import *  # noqa: F403
from expoo_portal.settings import INSTALLED_APPS

ROOT_URLCONF = "bench.urls"
INSTALLED_APPS.append("bench")
