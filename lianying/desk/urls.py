from django.urls import include, path

urlpatterns = [
    path("", include("lianying.desk.urls_public")),
    path("", include("lianying.desk.urls_staff")),
]
