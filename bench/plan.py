"""The measured requests, drawn from what the filled database holds."""

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.utils import timezone

from bench.asks import Ask
from lianying.cases.models import IS_OPEN, Case
from lianying.cases.queries.lists import BY_DUE, BY_END
from lianying.common.crypto import case_code
from lianying.common.paging import page_of
from lianying.orgs.models import Post, Unit, User
from lianying.orgs.paths import within
from lianying.rules.lifecycle import State
from lianying.rules.powers import Role

CSRF = "b" * 32
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
WORDS = "我们小区北门的路灯坏了半个多月，晚上老人孩子出门看不清路，已经有人摔倒过，请安排人来修一下。"
POOL = 60


def session(user: User) -> str:
    """The cookie of somebody who has just signed in."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY], store["seen"] = user.get_session_auth_hash(), timezone.now().timestamp()
    store.set_expiry(24 * 3600)
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def _first(role: Role) -> User:
    return User.objects.get(pk=Post.objects.filter(role=role).order_by("unit__path", "pk").values_list("user_id")[:1])


def creates() -> Iterator[Ask]:
    """As another program sends them: each with its own id, place and telephone."""
    rng = random.Random(1)
    while True:
        phone = f"139{rng.randrange(10**8):08d}"
        given = {"text": WORDS, "address": "和平路12号", "phone": phone, "name": "王某", "client_id": str(uuid.uuid4())}
        yield Ask("/tell/", method="POST", body=urlencode(given), accept="application/json", expect=201)


def signs(most: int) -> Iterator[Ask]:
    """Each assigned case once, signed by a handler of its unit; raises StopIteration when there are no more."""
    handlers = dict(Post.objects.filter(role=Role.HANDLER).order_by("-pk").values_list("unit_id", "user_id"))
    cookies = {unit: session(User.objects.get(pk=user)) for unit, user in handlers.items()}
    waiting = Case.objects.filter(IS_OPEN, state=State.ASSIGNED, unit__in=handlers).order_by("stage_due_at", "pk")
    for ref, version, unit in list(waiting.values_list("ref", "version", "unit_id")[:most]):
        body = urlencode({"version": version, "csrfmiddlewaretoken": CSRF})
        yield Ask(f"/desk/cases/{ref}/move/sign/", cookies[unit], "POST", body, expect=303)


def _deep(rows: QuerySet[Case], order: tuple[str, str]) -> str:
    """The token of a page nine tenths down a list."""
    name = order[0].lstrip("-")
    value = rows.order_by(*order).values_list(name, flat=True)[rows.count() * 9 // 10]
    beyond = {f"{name}__{'lte' if order[0].startswith('-') else 'gte'}": value}
    return page_of(rows.filter(**beyond), order, size=1).next


def drawn(signed: int) -> dict[str, Iterator[Ask]]:
    """By name of the row in the report; signed: how many moves are needed at most."""
    rng = random.Random(2)
    root, clerk, busiest = session(_first(Role.SUPERVISOR)), session(_first(Role.CLERK)), _busiest()
    pks = rng.choices(range(1, Case.objects.order_by("-pk").values_list("pk", flat=True)[0]), k=POOL)
    some = list(Case.objects.filter(pk__in=pks, accused__isnull=True).only("ref", "uuid"))
    opened = Case.objects.filter(IS_OPEN, state=State.HANDLING, stage_due_at__isnull=False)
    running = list(opened.filter(received_at__gte=timezone.now() - timedelta(days=60))[:POOL])
    county = within(Unit.objects.get(parent=None).path)
    ended = Case.objects.filter(county, closed_at__isnull=False)
    track = [Ask(f"/track/?{urlencode({'ref': case.ref, 'code': case_code(case.uuid)})}") for case in some]
    pages: dict[str, list[Ask]] = {
        "list of 50, whole county": [Ask("/desk/work/?tab=handling", root)],
        "list of 50, nine tenths down": [Ask(f"/desk/work/?tab=handling&after={_deep(opened, BY_DUE)}", root)],
        "closed, nine tenths down": [Ask(f"/desk/work/?tab=closed&after={_deep(ended, BY_END)}", root)],
        "list of 50, one unit": [Ask("/desk/work/?tab=handling", busiest)],
        "case, closed": [Ask(f"/desk/cases/{case.ref}/", root) for case in some],
        "case, in hand": [Ask(f"/desk/cases/{case.ref}/", root) for case in running],
        "search by number": [Ask(f"/desk/find/?q={case.ref}", root, expect=302) for case in some],
        "today": [Ask("/desk/", root)],
        "sorting": [Ask("/desk/sort/", clerk)],
        "calls to make": [Ask("/desk/checks/", clerk)],
        "home": [Ask("/")],
        "track": track,
        "board": [Ask("/board/")],
        "numbers": [Ask("/numbers/")],
    }
    reads: dict[str, Iterator[Ask]] = {name: cycle(asks) for name, asks in pages.items()}
    return {"create": creates(), "one move (sign)": signs(signed), **reads}


def _busiest() -> str:
    """A handler of the unit with most in hand."""
    units = Post.objects.filter(role=Role.HANDLER).values("unit_id")
    rows = Case.objects.filter(IS_OPEN, state=State.HANDLING, unit__in=units).values_list("unit_id", flat=True)
    tally: dict[int, int] = {}
    for unit in rows:
        tally[unit] = tally.get(unit, 0) + 1
    unit = max(tally, key=lambda one: (tally[one], one))
    return session(User.objects.get(pk=Post.objects.filter(role=Role.HANDLER, unit=unit).values_list("user_id")[:1]))
