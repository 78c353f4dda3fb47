from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "podpora.fleet"
    label = "fleet"
