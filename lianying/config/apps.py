from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "lianying.config"
    label = "config"
