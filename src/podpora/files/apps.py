from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "podpora.files"
    label = "files"
