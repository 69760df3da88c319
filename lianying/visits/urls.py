from django.urls import path

from lianying.visits.views import due, link, record

urlpatterns = [
    path("desk/visits/", due.visits, name="visits"),
    path("desk/visits/<uuid:uuid>/", link.link, name="visits_link"),
    path("desk/visits/<uuid:uuid>/record/", record.record, name="visits_record"),
    path("desk/visits/made/<uuid:uuid>/", record.kept, name="visits_kept"),
    path("desk/visits/made/<uuid:uuid>/correct/", record.correct, name="visits_correct"),
]
