from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "thudo.standards"
    label = "standards"
