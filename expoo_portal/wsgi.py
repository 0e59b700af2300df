"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expoo_portal.settings")
# A page that asks this long is lost anyway; migrations and imports may take their time.
os.environ.setdefault("STATEMENT_TIMEOUT", "30s")
application = get_wsgi_application()
