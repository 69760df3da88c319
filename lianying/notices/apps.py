from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lianying.notices"
    label = "notices"
