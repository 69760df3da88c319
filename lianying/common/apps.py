from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "lianying.common"
    label = "common"
