from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "lianying.households"
    label = "households"
