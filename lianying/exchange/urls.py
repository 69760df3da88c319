from django.urls import path, register_converter

from lianying.exchange.views import clients, endpoints, georeport, outward


class Form:
    """A suffix of the standard."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Bulk(Form):
    regex = "json|xml|csv"


register_converter(Form, "form")
register_converter(Bulk, "bulk")

#: Below the service's own address and below that of its test endpoint, where nothing stays.
PATHS = {
    "discovery": "discovery.<form:form>",
    "services": "services.<form:form>",
    "service": "services/<str:code>.<form:form>",
    "requests": "requests.<bulk:form>",
    "request": "requests/<str:ref>.<form:form>",
    "token": "tokens/<str:token>.<form:form>",
    "updates": "servicerequestupdates.<form:form>",
}

urlpatterns = [
    *(path(f"open311/v2/{address}", georeport.VIEWS[name], name=f"open311_{name}") for name, address in PATHS.items()),
    *(
        path(f"open311/v2/test/{address}", georeport.VIEWS[name], {"is_test": True}, name=f"open311_test_{name}")
        for name, address in PATHS.items()
    ),
    path("open311/v2/openapi.json", georeport.openapi, name="open311_openapi"),
    path("open311/v2/<path:rest>", georeport.nothing, name="open311_nothing"),
    path("desk/settings/clients/", clients.settings_clients, name="settings_clients"),
    path("desk/settings/clients/<uuid:uuid>/end/", clients.settings_client_end, name="settings_client_end"),
    path("desk/settings/endpoints/", endpoints.settings_endpoints, name="settings_endpoints"),
    path("desk/settings/endpoints/<uuid:uuid>/", endpoints.settings_endpoint, name="settings_endpoint"),
    path("desk/cases/<str:ref>/referrals/", outward.referrals, name="referrals"),
    path("desk/referrals/<uuid:uuid>/", outward.referral, name="referral"),
]
