from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "thudo.base"
    label = "base"
