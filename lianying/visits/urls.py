from django.urls import path

from lianying.visits.views import burden, calendar, checklist, due, households, link, links, offline, record, sent

urlpatterns = [
    path("desk/settings/visits/", checklist.checklist, name="settings_visits"),
    path("desk/visits/", due.visits, name="visits"),
    path("calendar/<str:token>.ics", calendar.calendar, name="calendar"),
    path("desk/calendar/", calendar.address, name="calendar_address"),
    path("desk/visits/burden/", burden.burden, name="visits_burden"),
    path("desk/visits/offline/", offline.shell, name="visits_offline"),
    path("desk/visits/offline/links/", offline.own, name="visits_offline_links"),
    path("desk/visits/worker.js", offline.worker, name="visits_worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("visits/<uuid:uuid>", sent.visit, name="visits_sent"),
    path("blobs/<str:sha256>", sent.blob, name="visits_blob"),
    path("desk/visits/units/", links.units, name="visits_units"),
    path("desk/visits/units/<slug:code>/", links.unit, name="visits_unit"),
    path("desk/visits/units/<slug:code>/<str:username>/", links.person, name="visits_person"),
    path("desk/visits/households/", households.places, name="visits_places"),
    path("desk/visits/households/at/<slug:code>/", households.at_place, name="visits_homes"),
    path("desk/visits/households/at/<slug:code>/new/", households.new, name="visits_home_new"),
    path("desk/visits/households/<uuid:uuid>/", households.household, name="visits_home"),
    path("desk/visits/<uuid:uuid>/", link.link, name="visits_link"),
    path("desk/visits/<uuid:uuid>/photos/<uuid:photo>/", link.photo, name="visits_photo"),
    path("desk/visits/<uuid:uuid>/record/", record.record, name="visits_record"),
    path("desk/visits/made/<uuid:uuid>/", record.kept, name="visits_kept"),
    path("desk/visits/made/<uuid:uuid>/correct/", record.correct, name="visits_correct"),
]
