from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "thudo.files"
    label = "files"
