from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "podpora.licensing"
    label = "licensing"
