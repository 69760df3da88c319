from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "lianying.care"
    label = "care"
