from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What every app stands on: visibility, rich text, files, pages."""

    name = "expoo_portal"
    label = "portal"
    verbose_name = "Portaal"
