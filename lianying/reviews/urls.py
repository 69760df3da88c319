from django.urls import path

from lianying.reviews.views import goal, programmes, result, tally

urlpatterns = [
    path("desk/tally/", tally.tally, name="results"),
    path("desk/tally/new/", result.result_kinds, name="results_kinds"),
    path("desk/tally/new/<str:name>/", result.result_new, name="results_new"),
    path("desk/tally/result/<uuid:uuid>/", result.result, name="results_one"),
    path("desk/tally/<str:name>.xlsx", tally.tally_file, name="results_file"),
    path("desk/tally/<str:name>/", tally.tally_kind, name="results_kind"),
    path("desk/programmes/", programmes.programmes, name="results_programmes"),
    path("desk/programmes/goals/new/", programmes.goal_new, name="results_goal_new"),
    path("desk/programmes/goals/<uuid:uuid>/", goal.goal, name="results_goal"),
    path("desk/programmes/goals/<uuid:uuid>/rows/", goal.goal_rows, name="results_goal_rows"),
    path("desk/programmes/goals/<uuid:uuid>/history/", goal.goal_history, name="results_history"),
    path("desk/programmes/tasks/<uuid:uuid>/", goal.task, name="results_task"),
    path("desk/programmes/<str:code>/", programmes.programme_line, name="results_line"),
    path("desk/settings/programmes/", programmes.settings_lines, name="settings_lines"),
]
