from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "thudo.notices"
    label = "notices"
