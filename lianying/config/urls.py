from django.urls import include, path

urlpatterns = [
    path("", include("lianying.desk.urls")),
    path("", include("lianying.orgs.urls")),
    path("", include("lianying.notices.urls")),
    path("", include("lianying.reviews.urls")),
    path("", include("lianying.campaigns.urls")),
    path("", include("lianying.exchange.urls")),
    path("", include("lianying.oversight.urls")),
    path("", include("lianying.care.urls")),
    path("", include("lianying.visits.urls")),
    path("", include("lianying.cases.urls")),
]

handler400 = "lianying.common.pages.bad_request"
handler403 = "lianying.common.pages.forbidden"
handler404 = "lianying.common.pages.not_found"
handler500 = "lianying.common.pages.server_error"
