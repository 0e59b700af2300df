"""Which admin site the portal uses; loaded before any model."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The admin, with the portal's own site."""

    default_site = "expoo_portal.admin_site.PortalAdminSite"
