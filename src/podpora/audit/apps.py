from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "podpora.audit"
    label = "audit"
