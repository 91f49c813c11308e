from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "thudo.journal"
    label = "journal"
