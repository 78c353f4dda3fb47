from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "podpora.config"
    label = "config"

    def ready(self) -> None:
        from podpora.config import checks, mail_providers, payments  # noqa: F401

        payments.plug_in()
        mail_providers.plug_in()
