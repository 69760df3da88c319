"""The progress page: finding a request, its story, and every step that its resident may take."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from lianying.cases import actions
from lianying.cases.models import Attachment, Case
from lianying.cases.queries.timeline import SHOWN_TO_RESIDENTS, Moment
from lianying.cases.queries.track import SHOWN_OF_MAIN, plain_ref, tracked
from lianying.cases.sentences import STEPS_FOR_RESIDENTS, sentence
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.events import EventKind
from lianying.rules.kinds import Outcome, Solved
from lianying.rules.lifecycle import State
from tests import make
from tests.cases.test_tell import picture, upload
from tests.cast import NOON, STEP, County

JSON = {"Accept": "application/json"}
WORDS = "店名叫“老张烧烤”。"


def key(case: Case) -> dict[str, str]:
    return {"ref": case.ref, "code": case_code(case.uuid)}


def see(client: Client, case: Case) -> str:
    response = client.get("/track/", key(case))
    assert response.status_code == 200
    return response.content.decode()


def do(client: Client, case: Case, name: str, **fields: Any) -> Any:
    return client.post("/track/", key(case) | {"version": case.version, "do": name} | fields)


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_the_form_stands_there_without_number_and_code(county: County, client: Client) -> None:
    response = client.get("/track/")

    assert (response.status_code, 'name="code"' in response.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "typed",
    [
        "NH-20261112-0042",
        "nh-20261112-0042",
        " NH 20261112 0042 ",
        "ＮＨ－２０２６１１１２－００４２",
        "NH202611120042",
    ],
)
def test_a_number_is_understood_as_people_type_it(typed: str) -> None:
    assert plain_ref(typed) == "NH-20261112-0042"


def test_number_and_code_are_found_as_people_type_them(county: County, client: Client) -> None:
    case = make.heard(county)
    code = case_code(case.uuid).lower()

    response = client.get("/track/", {"ref": case.ref.lower(), "code": f" {code[:5]} {code[5:]}"})

    assert (response.status_code, case.ref in response.content.decode()) == (200, True)


def test_a_wrong_number_and_a_wrong_code_read_the_same(county: County, client: Client) -> None:
    case = make.heard(county)
    wrong = [(case.ref, "AAAAAAAAAA"), ("NH-19990101-0001", case_code(case.uuid)), ("'", "'"), ("长" * 9999,) * 2]

    pages = [client.get("/track/", {"ref": ref, "code": code}) for ref, code in wrong]
    as_json = client.get("/track/", {"ref": case.ref, "code": "A"}, headers=JSON)

    problems = {re.search(r'role="alert">(.*?)</p>', page.content.decode())[1] for page in pages}  # type: ignore[index]
    assert ([page.status_code for page in pages], len(problems)) == ([404] * 4, 1)
    assert (as_json.status_code, as_json["Content-Type"]) == (404, "application/json")


def test_only_wrong_tries_are_counted(county: County, client: Client, settings: Settings) -> None:
    settings.ENV = settings.ENV | {"TRACK_PER_HOUR": 1}
    case = make.heard(county)

    right = [client.get("/track/", key(case)).status_code for _ in range(3)]
    wrong = [client.get("/track/", {"ref": case.ref, "code": "A"}).status_code for _ in range(2)]

    assert (right, wrong) == ([200] * 3, [404, 429])


def test_as_json_it_tells_the_public_steps(county: County, client: Client) -> None:
    case = make.handling(county)

    response = client.get("/track/", key(case), headers=JSON)

    assert response.json() == {
        "ref": case.ref,
        "state": "handling",
        "unit": "城市管理局",
        "due_at": "2026-11-26T09:30:00+00:00",
        "events": [
            {"at": "2026-11-12T04:00:00+00:00", "kind": "case.heard", "unit": "群众诉求服务中心"},
            {"at": "2026-11-12T04:10:00+00:00", "kind": "case.assigned", "unit": "城市管理局"},
            {"at": "2026-11-12T04:20:00+00:00", "kind": "case.signed", "unit": "城市管理局"},
        ],
    }


def test_every_step_that_is_shown_has_its_sentence() -> None:
    assert set(SHOWN_TO_RESIDENTS) - set(STEPS_FOR_RESIDENTS) == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page(county: County, client: Client, state: State, language: str) -> None:
    case = make.IN_STATE[state](county)
    client.cookies["lianying_language"] = language

    with standing_at(NOON + timedelta(hours=2)), translation.override(language):
        html = see(client, case)

    assert case.ref in html
    assert "陈立" not in html  # a person's name only where the unit chooses


def test_the_ticket_says_who_until_when_and_why(county: County, client: Client) -> None:
    case = make.waiting(county)
    reply_at = NOON + timedelta(days=4)
    case = actions.reply(case, version=case.version, text=WORDS, by=RESIDENT, at=reply_at)

    with standing_at(NOON + timedelta(days=5)):
        html = see(client, case)

    for shown in ("现在由城市管理局在办", "0552-1234567", "11月30日 17:30", "安徽省", "等您回答的日子", "11月13日"):
        assert shown in html
    assert re.search(r'<progress class="bar"\s+max="12"\s+value="3"', html)


def test_a_late_promise_is_called_late(county: County, client: Client) -> None:
    case = make.handling(county)

    with standing_at(NOON + timedelta(days=30)):
        html = see(client, case)

    assert "已经迟了" in html
    assert "chip late" in html


def test_a_note_is_added_to_any_version(county: County, client: Client) -> None:
    case = make.handling(county)

    response = do(client, case, "note", version="0", words=WORDS, photos=[upload(picture())])

    assert (response.status_code, response["Location"]) == (
        303,
        f"/track/?ref={case.ref}&code={case_code(case.uuid)}&done=note",
    )
    html = client.get(response["Location"]).content.decode()
    assert (WORDS in html, "已经补充" in html) == (True, True)
    assert Attachment.objects.get().case_id == case.pk


def test_an_empty_note_is_refused_with_a_word(county: County, client: Client) -> None:
    response = do(client, make.handling(county), "note", words=" ")

    assert (response.status_code, "请写几句话" in response.content.decode()) == (422, True)


def test_a_photo_that_is_none_keeps_the_words_of_a_note(county: County, client: Client) -> None:
    response = do(client, make.handling(county), "note", words=WORDS, photos=[upload(b"PK\x03\x04", "x.jpg")])

    html = response.content.decode()
    assert (response.status_code, f">\n{WORDS}</textarea>" in html, "不是照片" in html) == (422, True, True)


def test_a_reply_lets_the_time_run_again(county: County, client: Client) -> None:
    case = make.waiting(county)

    assert make.QUESTION in see(client, case)
    response = do(client, case, "reply", words=WORDS)

    assert (response.status_code, state_of(case)) == (303, "handling")


def test_an_open_question_without_a_number_is_answered_by_a_note(county: County, client: Client) -> None:
    case = make.handling(county, phone="")
    case = actions.ask_openly(case, version=case.version, text=make.QUESTION, by=county.handler, at=NOON + 3 * STEP)

    before = see(client, case)
    do(client, case, "note", words=WORDS)
    after = see(client, case)

    assert ("有句话要问您" in before, "有句话要问您" in after) == (True, False)


def test_a_content_resident_closes_the_request(county: County, client: Client) -> None:
    case = make.answered(county)

    assert make.ANSWER in see(client, case)
    response = do(client, case, "rate", solved="yes", satisfaction="5", words="谢谢")

    case.refresh_from_db()
    assert (response.status_code, case.state, case.solved, case.satisfaction) == (303, "closed", "yes", 5)


@pytest.mark.parametrize(("solved", "satisfaction"), [("no", "4"), ("yes", "2"), ("partly", "1")])
def test_an_unsatisfied_resident_sends_it_back(county: County, client: Client, solved: str, satisfaction: str) -> None:
    case = make.answered(county)

    silent = do(client, case, "rate", solved=solved, satisfaction=satisfaction)
    spoken = do(client, case, "rate", solved=solved, satisfaction=satisfaction, words="还是没有亮。")

    assert (silent.status_code, "请写明哪里还没解决" in silent.content.decode()) == (422, True)
    assert (spoken.status_code, state_of(case)) == (303, "handling")


def test_after_two_reworks_the_verdict_is_kept_for_the_supervisor(county: County, client: Client) -> None:
    case = make.reworked(county, times=2)

    response = do(client, case, "rate", solved="no", satisfaction="1", words="还是没有亮。")

    assert (response.status_code, state_of(case)) == (303, "answered")
    assert "督查人员决定下一步" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    "fields", [{}, {"solved": "maybe", "satisfaction": "5"}, {"solved": "yes", "satisfaction": "9"}]
)
def test_a_rating_without_a_choice_keeps_its_words(county: County, client: Client, fields: dict[str, str]) -> None:
    response = do(client, make.answered(county), "rate", words=WORDS, **fields)

    assert (response.status_code, f">\n{WORDS}</textarea>" in response.content.decode()) == (422, True)


def test_a_closed_request_is_reopened_once(county: County, client: Client) -> None:
    case = make.closed(county)

    with standing_at(NOON + timedelta(days=2)):
        response = do(client, case, "reopen", words="又坏了")
        again = do(client, case, "reopen", words="又坏了")

    assert (response.status_code, state_of(case), again.status_code) == (303, "handling", 409)


def test_a_declined_request_is_objected_to(county: County, client: Client) -> None:
    case = make.declined(county)

    with standing_at(NOON + timedelta(hours=2)):
        response = do(client, case, "object", words="这不是法院的事")

    assert (response.status_code, state_of(case)) == (303, "heard")


def test_a_resident_withdraws(county: County, client: Client) -> None:
    case = make.handling(county)

    response = do(client, case, "withdraw", words="")

    assert (response.status_code, state_of(case)) == (303, "withdrawn")


def test_a_resident_takes_the_publication_back(county: County, client: Client) -> None:
    case = make.released(county)
    public = case.public_version

    response = do(client, case, "unpublish")

    case.refresh_from_db()
    assert (response.status_code, case.may_publish) == (303, False)
    assert client.get(f"/board/{public.uuid}/").status_code == 404


def test_a_stale_form_is_shown_again_with_what_is_new(county: County, client: Client) -> None:
    case = make.waiting(county)
    actions.resume(case, version=case.version, by=county.handler, at=NOON + 4 * STEP)

    response = do(client, case, "reply", words=WORDS)

    html = response.content.decode()
    assert (response.status_code, WORDS in html, html.count("chip near")) == (409, True, 1)
    assert "有了新的变化" in html


def test_a_stale_rating_keeps_its_choices(county: County, client: Client) -> None:
    case = make.answered(county)
    answer = actions.Answer("更正：换了四盏。")
    actions.correct_answer(case, version=case.version, answer=answer, by=county.handler, at=NOON + 5 * STEP)

    response = do(client, case, "rate", solved="yes", satisfaction="4", words=WORDS)

    html = response.content.decode()
    assert (response.status_code, f">\n{WORDS}</textarea>" in html) == (409, True)
    assert len(re.findall(r'type="radio"[^>]*\bchecked', html)) == 2


@pytest.mark.parametrize("version", ["", "-1", "1e9", "٣", "9" * 5000, "\x00"])
def test_a_version_that_is_none_counts_as_stale(county: County, client: Client, version: str) -> None:
    response = do(client, make.answered(county), "rate", version=version, solved="yes", satisfaction="5")

    assert response.status_code == 409


def test_resident_reads_why_it_takes_longer(county: County, client: Client) -> None:
    case = make.handling(county)
    case = actions.propose_extension(
        case, version=3, days=3, reason="内部的理由", by=county.handler, at=NOON + 3 * STEP
    )
    joined = make.merged(county, main=case)
    case = actions.extend(case, version=4, words="配件下周才到", by=county.head, at=NOON + 4 * STEP)

    pages = [see(client, one) for one in (case, joined)]

    assert [[words in html for words in ("配件下周才到", "内部的理由")] for html in pages] == [
        [True, False],
        [False, False],
    ]


def test_an_unknown_step_is_refused(county: County, client: Client) -> None:
    assert do(client, make.heard(county), "close").status_code == 400


def test_a_step_without_the_code_is_refused(county: County, client: Client) -> None:
    case = make.heard(county)

    response = client.post(
        "/track/", {"ref": case.ref, "code": "AAAAAAAAAA", "do": "withdraw", "version": case.version}
    )

    assert (response.status_code, state_of(case)) == (404, "heard")


def test_a_form_from_elsewhere_does_nothing_and_keeps_the_words(county: County) -> None:
    case = make.heard(county)

    response = do(Client(enforce_csrf_checks=True), case, "note", words=WORDS)

    assert (response.status_code, f">\n{WORDS}</textarea>" in response.content.decode(), case.entries.count()) == (
        403,
        True,
        0,
    )


def test_a_joined_reporter_reads_the_offices_steps_and_nobody_elses_words(county: County, client: Client) -> None:
    main = make.answered(county, text="别人的话：三号楼王芳家门口。")
    main = actions.note(main, text="别人补充的话", by=RESIDENT, at=NOON + 5 * STEP)
    main = actions.check_unsatisfied(
        main, version=main.version, verdict=actions.Verdict(Solved.NO, 1, "别人的评价"), by=RESIDENT, at=NOON + 6 * STEP
    )
    case = make.merged(county, main=main, at=NOON + 7 * STEP, text="我的话")

    html = see(client, case)

    for shown in ("我的话", "城市管理局已作出答复", "与同一件事一起办"):
        assert shown in html
    for hidden in (make.ANSWER, "别人的话", "别人补充的话", "别人的评价", "满意度", "您说没有解决", main.ref):
        assert hidden not in html


def test_a_joined_reporter_is_not_shown_what_the_answer_promised(county: County, client: Client) -> None:
    main = make.answered(county, outcome=Outcome.PLANNED, planned_days=30)
    case = make.merged(county, main=main, at=NOON + 7 * STEP)

    shown = [[words in see(client, one) for words in ("12月12日", "没有公开")] for one in (main, case)]

    assert shown == [[True, False], [False, True]]


def test_a_joined_reporter_is_led_to_the_public_version_while_there_is_one(county: County, client: Client) -> None:
    main = make.released(county)
    own = make.heard(county, at=NOON + 7 * STEP)
    Case.objects.filter(pk=own.pk).update(main=main, state=State.MERGED, closed_at=NOON + 8 * STEP)
    address = f"/board/{main.public_version.uuid}/"

    shown = see(client, own)
    actions.unrelease(main, by=county.clerk, at=NOON + 9 * STEP)
    withdrawn = see(client, own)

    assert (address in shown, make.ANSWER in shown, address in withdrawn) == (True, False, False)


@pytest.mark.parametrize("kind", sorted(SHOWN_OF_MAIN))
def test_no_step_of_the_main_one_announces_words_that_do_not_follow(kind: EventKind) -> None:
    moment = Moment(1, NOON, NOON, kind, "", False, "", (), (), (), {}, "", of_main=True)

    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert sentence(moment, unit="城市管理局", ref="").endswith((".", "。"))


def test_a_joined_reporter_is_not_asked_what_the_other_one_is_asked(county: County, client: Client) -> None:
    case = make.merged(county, main=make.waiting(county), at=NOON + 7 * STEP)

    html = see(client, case)

    assert ("有句话要问您" in html, "与同一件事一起办" in html) == (False, True)


def test_inner_words_are_not_for_residents(county: County, client: Client) -> None:
    case = make.disputed(county)
    case = actions.note(case, text="内部意见", inner=True, by=county.clerk, at=NOON + 5 * STEP)

    html = see(client, case)

    assert ("内部意见" in html, "属住建局职责" in html) == (False, False)


def test_a_photo_is_shown_to_staff_who_may_see_the_case(
    county: County, client: Client, client_of: Callable[[Actor], Client]
) -> None:
    case = make.handling(county)
    do(client, case, "note", photos=[upload(picture())])
    url = f"/desk/photos/{Attachment.objects.get().uuid}/"

    statuses = []
    for person in (county.clerk, county.handler, county.neighbour):
        response = client_of(person).get(url)
        statuses.append(response.status_code)
        response.getvalue()

    assert statuses == [200, 200, 404]
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("moves", [0, 12])
def test_the_page_costs_the_same_however_long_the_story(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries, moves: int
) -> None:
    case = make.handling(county)
    for number in range(moves):
        case = actions.note(case, text=f"补充 {number}", by=RESIDENT, at=NOON + (4 + number) * STEP)

    with django_assert_num_queries(7):
        see(client, case)


def test_a_joined_page_costs_a_little_more(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = make.merged(county)

    with django_assert_num_queries(8):
        see(client, case)


def test_the_story_is_in_order(county: County) -> None:
    case = make.closed(county)

    story = tracked(Case.objects.select_related("main", "unit").get(pk=case.pk), at=NOON + timedelta(days=1))

    assert [moment.kind.value for moment in story.moments] == [
        "case.heard",
        "case.assigned",
        "case.signed",
        "case.answered",
        "case.check_satisfied",
    ]
