"""Every URL and every move, for everybody: what comes back. A URL that is missing in the table fails."""

import json
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from lianying.cases import actions
from lianying.cases.models import Case
from lianying.cases.views.deeds import DEEDS
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.files.images import Photo
from lianying.orgs.scope import RESIDENT
from lianying.rules.kinds import Outcome
from lianying.rules.petitions import Step
from lianying.rules.powers import Role
from lianying.visits.actions import VisitCard, keep_photo, record_visit
from tests import make
from tests.care.records import admitted, measure, place_of
from tests.cast import NOON, STEP, County, person
from tests.house.permission_tables import MOVES, PAGES
from tests.house.test_urls_declare_power import patterns
from tests.visits.links import Linked, linked_of

pytestmark = pytest.mark.slow

#: `resident` opens what there is with number and code; `neighbour` handles at an office that has nothing to do with it;
#: `visitor` looks after a household of the village for `management`; `keeper` keeps the households of the village.
PEOPLE = ("anyone", "resident", "clerk", "handler", "head", "supervisor", "operator", "neighbour", "visitor", "keeper")


def extension_asked(county: County) -> Case:
    case = make.handling(county)
    return actions.propose_extension(
        case, version=case.version, days=3, reason="灯杆缺货", by=county.handler, at=NOON + 3 * STEP
    )


def answer_proposed(county: County) -> Case:
    case = make.handling(county)
    answer = actions.Answer("办不了", Outcome.CANNOT)
    return actions.answer(case, version=case.version, answer=answer, by=county.handler, at=NOON + 3 * STEP)


def end_asked(county: County) -> Case:
    case = make.handling(county)
    return actions.propose_end(case, version=case.version, reason="已起诉", by=county.head, at=NOON + 3 * STEP)


def twice_reworked(county: County) -> Case:
    return make.reworked(county, times=2)


def planned(county: County) -> Case:
    return make.closed(county, outcome=Outcome.PLANNED, planned_days=20)


def petition_accepted(county: County) -> Case:
    return make.stepped(county, make.petition(county), Step.SEND, Step.DECIDE, Step.ACCEPT)


def without_phone(county: County) -> Case:
    return make.handling(county, phone="")


PHOTO = Photo(b"not looked at", "ab" * 32, 1, 1)
Start = tuple[Callable[[County], Case], dict[str, str]]
SORTED = {"kind": "help", "urgency": "ordinary", "category": ""}
STARTS: dict[str, Start] = {
    "note": (make.handling, {"text": "已到现场"}),
    "correct": (make.handling, SORTED),
    "assign": (make.heard, {**SORTED, "to": "management"}),
    "answer_now": (make.heard, {**SORTED, "text": "请拨打电话"}),
    "decline": (make.heard, {"reason": "legal_channel", "text": "请向法院查询"}),
    "merge": (make.assigned, {}),
    "unmerge": (make.merged, {}),
    "hand_up": (make.at_town, {"reason": "镇里办不了"}),
    "recall": (make.assigned, {"reason": "派错了"}),
    "uphold": (make.disputed, {"reason": "确属住建局"}),
    "dismiss": (make.disputed, {"reason": "路灯归城管局"}),
    "sign": (make.assigned, {}),
    "pass": (make.assigned, {"to": "section"}),
    "hand_to": (make.handling, {"to": "colleague"}),
    "dispute": (make.assigned, {"reason": "不归我局", "proposed": "housing"}),
    "take_back": (make.disputed, {}),
    "ask": (make.handling, {"text": "哪一盏？", "told": "yes"}),
    "ask_openly": (without_phone, {"text": "哪一盏？"}),
    "reply": (make.waiting, {"text": "东头第二盏"}),
    "resume": (make.waiting, {}),
    "answer": (make.handling, {"outcome": "solved", "text": "已修好"}),
    "approve": (answer_proposed, {"text": "办不了，已报市里"}),
    "refuse_answer": (answer_proposed, {"reason": "再去看看"}),
    "correct_answer": (make.answered, {"outcome": "partly", "text": "修好两盏"}),
    "propose_extension": (make.handling, {"days": "3", "reason": "缺货"}),
    "extend": (extension_asked, {"words": "灯杆缺货"}),
    "refuse_extension": (extension_asked, {"reason": "来得及"}),
    "propose_end": (make.handling, {"reason": "已起诉"}),
    "terminate": (end_asked, {}),
    "refuse_end": (end_asked, {"reason": "仍可办理"}),
    "check_satisfied": (make.answered, {"solved": "yes", "satisfaction": "5"}),
    "check_unsatisfied": (make.answered, {"solved": "no", "satisfaction": "1", "words": "没亮"}),
    "end_unsolved": (twice_reworked, {"reason": "暂无条件"}),
    "close_unreached": (make.answered, {}),
    "complete": (planned, {"words": "换好了"}),
    "reopen": (make.closed, {"words": "又坏了"}),
    "transfer": (make.heard, {"text": "已转县信访局"}),
    "petition_step": (make.petition, {"step": "send", "on": "2026-11-12", "unit": "housing", "text": "已转住建局"}),
    "conclude": (petition_accepted, {"text": "已办结"}),
    "return": (make.petition, {"reason": "不属信访事项"}),
}


#: What is sent to a page, where it must be something.
SENT = {
    "tell": {"text": make.TEXT},
    "call": {"text": make.TEXT, "channel": "phone", "kind": "other", "urgency": "ordinary"},
    "held": {"name": "王秀"},
    "track": {"do": "note", "words": "另外一盏也坏了"},
    "contact": {"reason": "call_back"},
    "preview": {"text": "已修好"},
    "release": {"title": "路灯", "question": "坏了", "answer": "好了", "harmless": "on"},
    "sign_in": {"username": "nobody", "password": "wrong"},
    "visits_link": {"reason": "visit"},
    "visits_home": {"do": "open", "reason": "visit"},
    "calendar_address": {"do": "make"},
    "visits_unit": {"do": "change"},
    "visits_person": {"do": "change"},
    "visits_campaign": {"do": "end", "version": "1", "why": "已走完"},
    "visits_proposal": {"do": "done", "done_on": "2026-11-12", "told": "已办好"},
    "visits_campaign_report": {"version": "1"},
    "settings_visits": {"ask": "", "look": "", "leave": ""},
    "results_new": {"text": ""},
    "results_one": {"do": "take_back", "why": "填错了"},
    "results_goal": {"do": "give_up", "version": "1", "why": "并入另一个目标"},
    "results_task": {"do": "done", "done_on": "2026-11-12", "evidence": "签到表"},
}


def rows(table: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, method and the cells of each row."""
    for line in table.strip().splitlines()[1:]:
        name, method, *cells = line.split()
        yield name, method, cells


def printed(table: str, got: Callable[[str, str], list[str]]) -> str:
    """The table again, filled with what came back."""
    heading, *lines = table.strip("\n").splitlines()
    starts = [index for index, letter in enumerate(heading) if letter != " " and heading[index - 1] == " "]
    filled = [heading]
    for line in lines:
        name, method = line.split()[:2]
        text = f"{name} {method}"
        for start, cell in zip(starts, got(name, method), strict=True):
            text = text.ljust(start) + cell
        filled.append(text)
    return "\n" + "\n".join(filled) + "\n"


def word(client: Client, method: str, url: str, data: dict[str, str]) -> str:
    """What comes back, and nothing of it stays."""
    cookies = SimpleCookie(client.cookies)
    with transaction.atomic():
        if method == "POST":
            response = client.post(url, data)
        else:
            body = json.dumps(data) if method == "PUT" else ""
            response = client.generic(method, url, body, content_type="application/json")
        transaction.set_rollback(True)
    client.cookies = cookies
    response.getvalue()  # closes a file that is being sent
    signs_in = response.status_code == 302 and response["Location"].startswith("/sign-in/")
    return "in" if signs_in else str(response.status_code)


@pytest.fixture
def linked(county: County) -> Linked:
    return linked_of(county)


@pytest.fixture
def clients(county: County, linked: Linked, client_of: Callable[[Any], Client]) -> dict[str, Client]:
    keeper = person("keeper", "周小华", county.village, Role.GRID_KEEPER)
    others = {"visitor": linked.leader, "keeper": keeper}
    return {
        name: Client() if name in {"anyone", "resident"} else client_of(others.get(name) or getattr(county, name))
        for name in PEOPLE
    }


def test_every_url_is_in_the_table() -> None:
    named = {str(one.name) for one in patterns(get_resolver())}

    assert named == {name for name, _, _ in rows(PAGES)}


def test_every_move_is_in_the_table() -> None:
    assert set(DEEDS) == {name for name, _, _ in rows(MOVES)} == set(STARTS)


def programs(county: County, case: Case) -> dict[str, list[object]]:
    """What other programs ask for, of `case`, and the key of one."""
    arguments: dict[str, list[object]] = {}
    for prefix in ("open311_", "open311_test_"):
        arguments |= {f"{prefix}{name}": ["json"] for name in ("discovery", "services", "requests", "updates")}
        arguments |= {f"{prefix}service": ["0304", "json"], f"{prefix}request": [case.ref, "json"]}
        arguments[f"{prefix}token"] = ["no-such-token", "json"]
    arguments["open311_nothing"] = ["nothing"]
    arguments["settings_client_end"] = [make.client(county).uuid]
    referral = make.referral(county, case)
    arguments |= {"referrals": [case.ref], "referral": [referral.uuid], "settings_endpoint": [referral.endpoint.uuid]}
    return arguments


def arguments_of(county: County, linked: Linked, case: Case, uuid: UUID) -> dict[str, list[object]]:
    """What the addresses name: of `case` itself and its attachment `uuid`, and of one thing more of each kind."""
    arguments: dict[str, list[object]] = {
        "photo": [uuid],
        "desk_photo": [uuid],
        "work_saved_one": [uuid],
        "public_version": [make.released(county).public_version.uuid],
        "numbers_month": [2026, 10],
        "welcome": ["MQ", "used-before"],
        "work_step": [case.ref, "next"],
        "sort_choices": [case.ref],
        "sort_move": [case.ref, "assign"],
        "move": [case.ref, "note"],
        "preview": [case.ref, "answer"],
        "settings_unit": ["section"],
        "logo": [make.logo()],
        "circular": [2026, 1],
        "supervision_step": [uuid],
    }
    arguments |= {name: [case.ref] for name in ("called", "case", "opened", "print", "why_here", "contact", "release")}
    arguments |= {name: [case.ref] for name in ("unrelease", "supervision")}
    arguments |= {name: [case.ref] for name in ("checks_open", "checks_record")}
    arguments |= {name: ["colleague"] for name in ("settings_person", "settings_absence", "hand_over")}
    place = place_of(county)
    record = admitted(place)
    arguments |= {"care_record": [record.uuid], "care_step": [record.uuid, "review"]}
    arguments["care_measure"] = [measure(place, record, unit=county.management).uuid]
    task = make.task(county)
    arguments |= {name: ["job"] for name in ("results_kind", "results_file", "results_new")}
    arguments |= {"results_line": ["income"], "results_one": [make.result(county).uuid], "results_task": [task.uuid]}
    arguments |= {name: [task.goal.uuid] for name in ("results_goal", "results_goal_rows", "results_history")}
    card = VisitCard(UUID(int=1), NOON.date(), photos=["ab" * 32])
    visit = record_visit(card, link=linked.home, by=linked.leader, at=NOON)
    keep_photo("ab" * 32, PHOTO, by=linked.leader, at=NOON)
    arguments |= {"visits_sent": [UUID(int=2)], "visits_blob": ["cd" * 32]}
    arguments["visits_photo"] = [linked.home.uuid, visit.photos.get().uuid]
    proposal = make.proposal(county)
    campaign = {"campaign", "campaign_change", "campaign_places", "campaign_found", "campaign_report", "campaign_file"}
    arguments |= {f"visits_{name}": [proposal.campaign.uuid] for name in campaign}
    arguments["visits_proposal"] = [proposal.uuid]
    arguments |= {name: [linked.home.uuid] for name in ("visits_link", "visits_record")}
    arguments |= {name: [visit.uuid] for name in ("visits_kept", "visits_correct")}
    arguments |= {"visits_unit": ["management"], "visits_person": ["management", "leader"]}
    arguments |= {name: ["village"] for name in ("visits_homes", "visits_home_new")}
    arguments["calendar"] = ["no-such-token"]
    arguments["visits_home"] = [linked.household.uuid]
    arguments |= programs(county, case)
    workbook = make.workbook_checked(county).uuid
    arguments |= {name: [workbook] for name in ("settings_import", "duties_trial_of")}
    return arguments


def test_every_url_answers_everybody_as_the_table_says(
    county: County, linked: Linked, clients: dict[str, Client]
) -> None:
    case = actions.note(make.handling(county), text="", photos=(PHOTO,), by=RESIDENT, at=NOON + 5 * STEP)
    key = {"ref": case.ref, "code": case_code(case.uuid)}
    keyed = {"receipt", "track", "case_feed", "held", "held_file", "photo"}
    arguments = arguments_of(county, linked, case, case.attachments.get().uuid)
    found = {"find": f"?q={case.ref}"}

    def got(name: str, method: str) -> list[str]:
        url = reverse(name, args=arguments.get(name, [])) + found.get(name, "")
        words = []
        for somebody, client in clients.items():
            shown = key if somebody == "resident" and name in keyed else {}
            sent = {"version": str(case.version), **SENT.get(name, {}), **shown}
            if name == "visits_sent":
                sent = {"link": str(linked.home.uuid), "on": "2026-11-12"}
            query = (
                "?" + "&".join(f"{one}={value}" for one, value in shown.items()) if shown and method == "GET" else ""
            )
            words.append(word(client, method, url + query, sent))
        return words

    with standing_at(NOON + 6 * STEP):
        assert printed(PAGES, got) == PAGES


def test_every_move_answers_everybody_as_the_table_says(county: County, clients: dict[str, Client]) -> None:
    cases = {start: start(county) for start, _ in STARTS.values()}
    main = make.assigned(county)

    def got(name: str, method: str) -> list[str]:
        start, fields = STARTS[name]
        case = cases[start]
        sent = {"version": str(case.version), **fields, **({"main": main.ref} if name == "merge" else {})}
        return [word(client, method, reverse("move", args=[case.ref, name]), sent) for client in clients.values()]

    with standing_at(NOON + 6 * STEP):
        assert printed(MOVES, got) == MOVES
