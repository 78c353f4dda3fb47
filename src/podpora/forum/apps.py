from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "podpora.forum"
    label = "forum"
