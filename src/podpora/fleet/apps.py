from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "podpora.fleet"
    label = "fleet"

    def ready(self) -> None:
        from podpora.fleet import values  # noqa: F401  # declares its reason codes
