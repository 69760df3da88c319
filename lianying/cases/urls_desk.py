from django.urls import path

from lianying.cases.views import call, checks

urlpatterns = [
    path("new/", call.call, name="call"),
    path("new/<str:ref>/", call.called, name="called"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<str:ref>/open/", checks.checks_open, name="checks_open"),
    path("checks/<str:ref>/", checks.checks_record, name="checks_record"),
]
