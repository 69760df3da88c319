"""A year of the demonstration county: N requests, the same for the same seed and the same last day."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from lianying.audit.log import make_roots
from lianying.cases import actions
from lianying.common.clock import standing_at
from lianying.desk.demo.campaigns import make_campaigns
from lianying.desk.demo.care import care_records
from lianying.desk.demo.life import Life, Today, go_on, hand_up, hear, live
from lianying.desk.demo.people import Cast, make_people
from lianying.desk.demo.results import make_results
from lianying.desk.demo.visits import make_visits
from lianying.reference.demo import county, homes, words
from lianying.reference.demo.compose import Story, compose, compose_again, compose_declined
from lianying.rules.kinds import CaseKind, Channel
from lianying.rules.lifecycle import State
from lianying.rules.powers import Role

SPAN = timedelta(days=365)
DECLINED, AGAIN = 0.05, 0.04
#: This share of the requests came in the last part of the year, so that every queue has something in it.
LATELY = (0.16, 0.035)
#: A county of fewer has no visit that led to a request.
SMALL = 30
#: Cases that share a transaction: one write to the disk for all of them.
BATCH = 50
#: Who came to a town and a village in the last hours, and how far their desks handed it up: every queue has something.
COUNTERS = (("lutan-desk", 1), ("shazhou-desk", 0), ("lutan-desk", 0), ("shazhou-desk", 1), ("shazhou-desk", 0))


def make_county(cases: int, seed: int, *, until: datetime, progress: Callable[[int], None]) -> None:
    """Make the site, its people and `cases` requests that end at `until`; progress gets how many were made."""
    rng = random.Random(seed)  # noqa: S311 - the same county again, not a secret
    start = until - SPAN
    with standing_at(start):
        cast = make_people(at=start)
    counters = COUNTERS[: cases // 6]
    told = homes().requests if cases >= SMALL else 0
    lived = cases - len(counters) - told
    moments = sorted(_moment(start, until, rng) for _ in range(lived))
    made = 0
    while made < lived:
        with transaction.atomic():
            for _ in range(min(BATCH, lived - made)):
                if made < lived:
                    made += _one(cast, rng, moments[made], until, room=lived - made)
                    progress(made)
    with transaction.atomic():
        for desk, steps in counters:
            _at_counter(cast, rng, desk, steps, until)
    care_records(cast, until=until)
    with transaction.atomic():
        make_visits(cast, rng, requests=told > 0, start=start, until=until)
        make_campaigns(cast, until=until)
        make_results(cast, until=until)
    progress(cases)
    make_roots(at=until)


def _at_counter(cast: Cast, rng: random.Random, desk: str, steps: int, until: datetime) -> None:
    """A resident comes to the desk today, which hands the request up so many steps."""
    at = until - timedelta(minutes=rng.randrange(40, 150))
    while True:
        story = _story(rng, timezone.localtime(at).month)
        here = story.address and county().desk_near(story.place_code) == desk
        if here and story.decline is None and story.kind not in {CaseKind.REPORT, CaseKind.THANKS}:
            break
    life = Life(replace(story, channel=Channel.COUNTER), cast, rng, at, until)
    hear(life)
    for _ in range(steps):
        life.at += timedelta(minutes=10)
        hand_up(life)


def _moment(start: datetime, until: datetime, rng: random.Random) -> datetime:
    """Residents speak mostly by day, and more of them lately: the system becomes known."""
    share = 1 - rng.random() * LATELY[1] if rng.random() < LATELY[0] else rng.random() ** 0.8
    day = start + (until - start - timedelta(hours=1)) * share
    hour = rng.choices(range(24), [1, 1, 0, 0, 0, 1, 3, 6, 10, 12, 12, 9, 7, 7, 9, 10, 10, 9, 8, 8, 8, 6, 4, 2])[0]
    local = timezone.localtime(day)
    at = timezone.make_aware(datetime.combine(local.date(), time(hour, rng.randrange(60), rng.randrange(60))))
    return min(at, until - timedelta(minutes=rng.randrange(5, 60)))


def _one(cast: Cast, rng: random.Random, at: datetime, until: datetime, *, room: int) -> int:
    """Live one request, now and then two about the same matter; returns how many there were."""
    story = _story(rng, timezone.localtime(at).month)
    life = Life(story, cast, rng, at, until)
    if room > 1 and story.kind != CaseKind.REPORT and story.decline is None and rng.random() < AGAIN:
        return _merged(life)
    live(life)
    return 1


def _story(rng: random.Random, month: int) -> Story:
    if rng.random() < DECLINED:
        return compose_declined(words(), rng)
    return compose(words(), rng, month=month)


def _alone_again(second: Life, at: datetime) -> None:
    """The first was withdrawn or declined, and the other goes on by itself."""
    second.held().refresh_from_db()
    if second.held().state == State.HEARD:
        second.at = at
        go_on(second)


def _merged(life: Life) -> int:
    """Another resident tells the same before the desk has sorted it, and the desk joins the two."""
    hear(life)
    heard_at = life.at + timedelta(minutes=life.rng.randrange(10, 90))
    second = Life(compose_again(words(), life.story, life.rng), life.cast, life.rng, heard_at, life.until)
    if heard_at > life.until:
        return 1
    hear(second)
    try:
        second.pass_time(0.1, 2)
        # The county's, who sees both wherever they lie.
        second.move(actions.merge, life.rng.choice(life.cast.at(Role.CLERK, "desk")), main=life.held())
        life.at = second.at
        go_on(life)
        _alone_again(second, life.at)
    except Today:
        pass
    return 2
