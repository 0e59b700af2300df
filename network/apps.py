from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The closed groups."""

    name = "network"
    verbose_name = "Netwerk"

    def ready(self) -> None:
        from expoo_portal.visibility import register_group_source

        from .models import active_group_ids

        register_group_source(active_group_ids)
