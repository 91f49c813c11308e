from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "thudo.cases"
    label = "cases"
