from django.urls import path

from lianying.notices import views

urlpatterns = [
    path("desk/settings/notices/", views.texts, name="settings_notices"),
    path("desk/settings/messages/", views.messages, name="settings_messages"),
]
