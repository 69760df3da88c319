from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lianying.desk"
    label = "desk"
