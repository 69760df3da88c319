from django.urls import path

from lianying.orgs.views import absence, account, duties, imports, logo, settings

urlpatterns = [
    path("sign-in/", account.sign_in, name="sign_in"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("password/", account.password, name="password"),
    path("welcome/<str:uid>/<str:token>/", account.welcome, name="welcome"),
    path("logo/<str:digest>.webp", logo.logo, name="logo"),
    path("desk/absence/", absence.own, name="absence"),
    path("desk/settings/", settings.overview, name="settings"),
    path("desk/settings/units/", settings.units, name="settings_units"),
    path("desk/settings/units/<slug:code>/", settings.unit, name="settings_unit"),
    path("desk/settings/duties/", duties.duties, name="settings_duties"),
    path("desk/settings/imports/", imports.imports, name="settings_imports"),
    path("desk/settings/imports/template/", imports.template, name="settings_template"),
    path("desk/settings/imports/<uuid:uuid>/", imports.one_import, name="settings_import"),
    path("desk/settings/people/", settings.people, name="settings_people"),
    path("desk/settings/people/<str:username>/", settings.person, name="settings_person"),
    path("desk/settings/people/<str:username>/absence/", absence.of_person, name="settings_absence"),
]
