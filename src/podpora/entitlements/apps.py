from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    name = "podpora.entitlements"
    label = "entitlements"
