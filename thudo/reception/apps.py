from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "thudo.reception"
    label = "reception"
