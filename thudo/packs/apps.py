from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "thudo.packs"
    label = "packs"
