from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "lianying.triage"
    label = "triage"
