from django.urls import path

from lianying.care.views import clues, lists, public, record

urlpatterns = [
    path("care/", public.care_public, name="care_public"),
    path("desk/care/", lists.care, name="care"),
    path("desk/care/counts/", lists.counts, name="care_counts"),
    path("desk/care/new/", clues.new, name="care_new"),
    path("desk/care/import/", clues.bring, name="care_import"),
    path("desk/care/import/template/", clues.template, name="care_template"),
    path("desk/care/measures/", lists.measures, name="care_measures"),
    path("desk/care/measures/<uuid:uuid>/", record.measure, name="care_measure"),
    path("desk/care/<uuid:uuid>/", record.record, name="care_record"),
    path("desk/care/<uuid:uuid>/<str:name>/", record.step, name="care_step"),
]
