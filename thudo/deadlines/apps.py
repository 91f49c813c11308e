from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "thudo.deadlines"
    label = "deadlines"
