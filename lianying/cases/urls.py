from django.urls import include, path

urlpatterns = [
    path("", include("lianying.cases.urls_public")),
    path("desk/", include("lianying.cases.urls_desk")),
]
