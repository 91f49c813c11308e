from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "thudo.routing"
    label = "routing"
