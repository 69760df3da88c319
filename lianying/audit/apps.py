from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lianying.audit"
    label = "audit"
