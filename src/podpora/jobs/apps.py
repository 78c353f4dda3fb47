from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "podpora.jobs"
    label = "jobs"
