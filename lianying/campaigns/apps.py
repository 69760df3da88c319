from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "lianying.campaigns"
    label = "campaigns"
