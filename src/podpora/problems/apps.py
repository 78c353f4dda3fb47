from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "podpora.problems"
    label = "problems"
