from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "podpora.knowledge"
    label = "knowledge"
