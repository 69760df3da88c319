from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "lianying.households"
    label = "households"

    def ready(self) -> None:
        from lianying.households.importing.table import HOUSEHOLDS
        from lianying.orgs.importing.tables import offer

        offer(HOUSEHOLDS)
