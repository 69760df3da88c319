from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "lianying.orgs"
    label = "orgs"
