from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "thudo.desks"
    label = "desks"
