from django.urls import path

from lianying.desk.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("ledger/", public.ledger, name="ledger"),
    path("ledger/feed/", public.ledger_feed, name="ledger_feed"),
    path("ledger.csv", public.ledger_csv, name="ledger_csv"),
    path("centres/", public.centres, name="centres"),
    path("privacy/", public.privacy, name="privacy"),
    path("display/", public.display, name="display"),
    path("healthz", public.healthz, name="healthz"),
    path("readyz", public.readyz, name="readyz"),
]
