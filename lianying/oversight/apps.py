from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "lianying.oversight"
    label = "oversight"
