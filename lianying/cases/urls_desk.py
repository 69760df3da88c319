from django.urls import path

from lianying.cases.views import call, case, checks, contact, duties, export, maps, moves, saved, sorting, work

urlpatterns = [
    path("work/", work.work, name="work"),
    path("work/map/", maps.work_map, name="work_map"),
    path("work/points/", maps.work_points, name="work_points"),
    path("work/export/", export.export, name="work_export"),
    path("work/export/file/", export.export_file, name="work_export_file"),
    path("work/columns/", saved.columns, name="work_columns"),
    path("work/saved/", saved.keep, name="work_saved"),
    path("work/saved/<uuid:uuid>/", saved.change, name="work_saved_one"),
    path("work/<str:ref>/<str:way>/", work.work_step, name="work_step"),
    path("sort/", sorting.sort, name="sort"),
    path("sort/queue/", sorting.sort_queue, name="sort_queue"),
    path("sort/<str:ref>/choices/", sorting.sort_choices, name="sort_choices"),
    path("sort/<str:ref>/<str:name>/", sorting.sort_move, name="sort_move"),
    path("cases/<str:ref>/", case.case, name="case"),
    path("cases/<str:ref>/print/", case.print_case, name="print"),
    path("cases/<str:ref>/contact/", contact.contact, name="contact"),
    path("cases/<str:ref>/opened/", moves.opened, name="opened"),
    path("cases/<str:ref>/release/", moves.release, name="release"),
    path("cases/<str:ref>/unrelease/", moves.unrelease, name="unrelease"),
    path("cases/<str:ref>/move/<str:name>/", moves.move, name="move"),
    path("cases/<str:ref>/move/<str:name>/preview/", moves.preview, name="preview"),
    path("settings/duties/trial/", duties.trial, name="duties_trial"),
    path("settings/duties/trial/<uuid:uuid>/", duties.trial, name="duties_trial_of"),
    path("new/", call.call, name="call"),
    path("new/<str:ref>/", call.called, name="called"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<str:ref>/open/", checks.checks_open, name="checks_open"),
    path("checks/<str:ref>/", checks.checks_record, name="checks_record"),
]
