from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "podpora.notifications"
    label = "notifications"
