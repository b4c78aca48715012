from django.apps import AppConfig


class NetworkcrmConfig(AppConfig):
    name = "networkcrm"
