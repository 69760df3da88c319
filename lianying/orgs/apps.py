from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "lianying.orgs"
    label = "orgs"

    def ready(self) -> None:
        from lianying.orgs.importing.own import DUTIES, PEOPLE, UNITS
        from lianying.orgs.importing.tables import offer

        offer(UNITS, PEOPLE, DUTIES)
