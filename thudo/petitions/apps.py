from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "thudo.petitions"
    label = "petitions"
