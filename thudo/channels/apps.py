from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "thudo.channels"
    label = "channels"
