from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "podpora.config"
    label = "config"

    def ready(self) -> None:
        from podpora.config import checks  # noqa: F401
