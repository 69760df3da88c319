from django.urls import path

from lianying.desk.views.access import access
from lianying.desk.views.find import find
from lianying.desk.views.hand_over import hand_over
from lianying.desk.views.health import health
from lianying.desk.views.rail import rail
from lianying.desk.views.site import site
from lianying.desk.views.today import today

urlpatterns = [
    path("desk/", today, name="desk"),
    path("desk/find/", find, name="find"),
    path("desk/settings/site/", site, name="settings_site"),
    path("desk/settings/health/", health, name="settings_health"),
    path("desk/settings/people/<str:username>/hand-over/", hand_over, name="hand_over"),
    path("desk/access/", access, name="access"),
    path("desk/rail/", rail, name="rail"),
]
