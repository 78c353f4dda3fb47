from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "podpora.search"
    label = "search"
