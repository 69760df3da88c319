from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "lianying.visits"
    label = "visits"
