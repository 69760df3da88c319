from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "lianying.visits"
    label = "visits"

    def ready(self) -> None:
        from lianying.orgs.importing.tables import offer
        from lianying.visits.importing.table import LINKS

        offer(LINKS)
