from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "podpora.web"
    label = "web"
