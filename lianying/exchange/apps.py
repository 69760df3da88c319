from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lianying.exchange"
    label = "exchange"
