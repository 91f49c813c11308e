from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "thudo.directory"
    label = "directory"
