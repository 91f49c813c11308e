from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "thudo.live"
    label = "live"
