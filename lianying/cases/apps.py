from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lianying.cases"
    label = "cases"
