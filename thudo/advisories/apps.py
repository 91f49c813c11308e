from django.apps import AppConfig


class AdvisoriesConfig(AppConfig):
    name = "thudo.advisories"
    label = "advisories"
