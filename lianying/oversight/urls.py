from django.urls import path

from lianying.oversight.views import circular, ladder, sheet, watch

urlpatterns = [
    path("desk/watch/", watch.watch, name="watch"),
    path("desk/watch/remind/", watch.remind, name="watch_remind"),
    path("desk/watch/owed/", watch.owed, name="watch_owed"),
    path("desk/watch/circular/", circular.new_circular, name="circular_new"),
    path("desk/watch/circular/<int:year>/<int:number>/", circular.circular, name="circular"),
    path("desk/watch/sheet/", sheet.sheet, name="sheet"),
    path("desk/watch/sheet.xlsx", sheet.sheet_file, name="sheet_file"),
    path("desk/cases/<str:ref>/supervision/", ladder.supervision, name="supervision"),
    path("desk/watch/step/<uuid:uuid>/", ladder.supervision_step, name="supervision_step"),
]
