from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thudo.accounts"
    label = "accounts"
