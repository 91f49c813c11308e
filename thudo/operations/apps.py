from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "thudo.operations"
    label = "operations"
