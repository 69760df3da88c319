"""Every move that staff can make, through its form."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lianying.audit.verify import chain_faults
from lianying.cases import actions
from lianying.cases.models import Case, Entry, PublicVersion
from lianying.common.clock import standing_at
from lianying.common.refusals import WORDS
from lianying.orgs.scope import Actor
from lianying.rules.kinds import CallResult, CaseKind, DeclineReason, Outcome
from lianying.rules.lifecycle import Move, State
from lianying.rules.petitions import Step
from tests import make
from tests.cast import NOON, STEP, County

Browser = Callable[[Actor], Client]
AT = NOON + timedelta(hours=5)


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with standing_at(AT):
        yield


def send(browser: Client, case: Case, move: str, **data: Any) -> HttpResponse:
    return browser.post(f"/desk/cases/{case.ref}/move/{move}/", {"version": case.version, **data})  # type: ignore[return-value]


def extension_asked(county: County) -> Case:
    case = make.handling(county)
    return actions.propose_extension(
        case, version=case.version, days=5, reason="等材料", by=county.handler, at=NOON + 3 * STEP
    )


def end_asked(county: County) -> Case:
    case = make.handling(county)
    return actions.propose_end(case, version=case.version, reason="已进入诉讼", by=county.head, at=NOON + 3 * STEP)


def planned(county: County) -> Case:
    return make.closed(county, outcome=Outcome.PLANNED, planned_days=20)


def rung_thrice(county: County) -> Case:
    case = make.answered(county, at=NOON - timedelta(days=6))
    for days in (5, 4, 3):
        case = actions.rang(case, result=CallResult.NO_ANSWER, by=county.clerk, at=NOON - timedelta(days=days))
    return case


def answer_proposed(county: County) -> Case:
    case = make.handling(county)
    answer = actions.Answer("办不了", Outcome.CANNOT)
    return actions.answer(case, version=case.version, answer=answer, by=county.handler, at=NOON + 3 * STEP)


def petition_accepted(county: County) -> Case:
    return make.stepped(county, make.petition(county), Step.SEND, Step.DECIDE, Step.ACCEPT)


SORTED = {"kind": "help", "urgency": "ordinary", "category": "0109"}
CASES: list[tuple[Callable[[County], Case], str, str, dict[str, Any], str]] = [
    (make.heard, "clerk", "assign", SORTED | {"to": "management", "assisting": ["housing"]}, "assigned"),
    (make.heard, "clerk", "answer_now", SORTED | {"text": "请到一楼办理", "told": "on"}, "answered"),
    (make.heard, "clerk", "decline", {"reason": DeclineReason.LEGAL_CHANNEL, "text": "请找法院"}, "declined"),
    (make.heard, "clerk", "correct", SORTED | {"title": "路灯", "address": "人民路"}, "heard"),
    (make.assigned, "handler", "sign", {}, "handling"),
    (make.at_town, "clerk", "hand_up", {"reason": "镇里办不了"}, "heard"),
    (make.assigned, "clerk", "recall", {"reason": "交错了"}, "heard"),
    (make.assigned, "handler", "pass", {"to": "section", "note": "请办"}, "assigned"),
    (make.assigned, "handler", "dispute", {"reason": "不归我们", "proposed": "housing"}, "disputed"),
    (make.assigned, "supervisor", "note", {"text": "请抓紧", "inner": "on"}, "assigned"),
    (make.handling, "handler", "hand_to", {"to": "colleague"}, "handling"),
    (make.handling, "handler", "ask", {"text": "哪几盏？", "told": "yes"}, "waiting"),
    (make.handling, "handler", "answer", {"outcome": "solved", "text": "修好了"}, "answered"),
    (
        make.handling,
        "handler",
        "answer",
        {"outcome": "planned", "planned_on": "2026-12-30", "text": "年底修"},
        "answered",
    ),
    (make.handling, "handler", "propose_extension", {"days": "3", "reason": "等材料"}, "handling"),
    (make.handling, "head", "propose_end", {"reason": "已进入诉讼"}, "handling"),
    (extension_asked, "head", "extend", {"words": "等配件"}, "handling"),
    (extension_asked, "head", "refuse_extension", {"reason": "不需要"}, "handling"),
    (end_asked, "clerk", "terminate", {}, "closed"),
    (end_asked, "clerk", "refuse_end", {"reason": "还能办"}, "handling"),
    (make.waiting, "clerk", "reply", {"text": "最里面三盏"}, "handling"),
    (make.waiting, "handler", "resume", {}, "handling"),
    (make.waiting, "handler", "answer", {"outcome": "partly", "text": "修好一盏"}, "answered"),
    (make.waiting, "handler", "answer", {"outcome": "cannot", "text": "办不了，因为……"}, "handling"),
    (answer_proposed, "head", "approve", {"text": "办不了，因为……"}, "answered"),
    (answer_proposed, "head", "refuse_answer", {"reason": "再去看看"}, "handling"),
    (make.disputed, "clerk", "uphold", {"reason": "有道理"}, "heard"),
    (make.disputed, "clerk", "dismiss", {"reason": "归你们"}, "handling"),
    (make.disputed, "handler", "take_back", {}, "handling"),
    (make.answered, "handler", "correct_answer", {"outcome": "partly", "text": "修好两盏"}, "answered"),
    (make.answered, "clerk", "check_satisfied", {"solved": "yes", "satisfaction": "5"}, "closed"),
    (
        make.answered,
        "clerk",
        "check_unsatisfied",
        {"solved": "no", "satisfaction": "1", "words": "还是黑的"},
        "handling",
    ),
    (lambda county: make.reworked(county, times=2), "supervisor", "end_unsolved", {"reason": "两次未果"}, "closed"),
    (rung_thrice, "clerk", "close_unreached", {}, "closed"),
    (make.merged, "clerk", "unmerge", {}, "heard"),
    (planned, "handler", "complete", {"words": "换好了"}, "closed"),
    (make.heard, "clerk", "transfer", {"text": "已转县信访局"}, "petition"),
    (
        make.petition,
        "clerk",
        "petition_step",
        {"step": "send", "on": "2026-11-12", "unit": "housing", "number": "宁信转〔2026〕7号", "text": "已转住建局"},
        "petition",
    ),
    (petition_accepted, "clerk", "conclude", {"text": "宁信结〔2026〕3号，同一事实不再受理"}, "closed"),
    (make.petition, "clerk", "return", {"reason": "不属信访事项"}, "heard"),
    (make.closed, "clerk", "reopen", {"words": "又坏了"}, "handling"),
]


@pytest.mark.parametrize(("build", "person", "move", "data", "state"), CASES)
def test_move_is_made(
    county: County,
    client_of: Browser,
    build: Callable[[County], Case],
    person: str,
    move: str,
    data: dict[str, Any],
    state: str,
) -> None:
    case = build(county)
    browser = client_of(county.people[person])

    drawn = browser.get(f"/desk/cases/{case.ref}/move/{move}/")
    response = send(browser, case, move, **data)

    assert (drawn.status_code, response.status_code) == (200, 303)
    assert response["Location"] == f"/desk/cases/{case.ref}/?done={move}"
    assert Case.objects.get(pk=case.pk).state == state
    assert browser.get(response["Location"]).status_code == 200


def test_every_move_of_staff_has_its_form() -> None:
    later = {Move.HEAR, Move.PROPOSE_ANSWER}
    others = {Move.OBJECT, Move.WITHDRAW, Move.CLOSE_SILENT, Move.FALL_DUE}  # the resident's and the clock's

    made = {move for _, _, move, _, _ in CASES} | {Move.MERGE}

    assert made == set(Move) - later - others


def test_merge_joins_by_number(county: County, client_of: Browser) -> None:
    main, case = make.assigned(county), make.heard(county)

    response = send(client_of(county.clerk), case, "merge", main=f" {main.ref.lower()} ")

    case.refresh_from_db()
    assert (response.status_code, case.state, case.main) == (303, State.MERGED, main)


@pytest.mark.parametrize("number", ["NH-20200101-0001", "<b>", "x" * 50])
def test_merge_with_no_such_number_keeps_it(county: County, client_of: Browser, number: str) -> None:
    case = make.heard(county)

    response = send(client_of(county.clerk), case, "merge", main=number)

    assert response.status_code == 422
    assert Case.objects.get(pk=case.pk).state == State.HEARD


def test_ask_goes_to_the_progress_page_without_a_number(county: County, client_of: Browser) -> None:
    case = make.handling(county, phone="")
    browser = client_of(county.handler)

    html = browser.get(f"/desk/cases/{case.ref}/").content.decode()
    response = send(browser, case, "ask_openly", text="哪几盏？")

    assert ("/move/ask_openly/" in html, "/move/ask/" in html) == (True, False)
    case.refresh_from_db()
    assert (response.status_code, case.state) == (303, State.HANDLING)
    assert list(case.entries.filter(kind="question").values_list("text", flat=True)) == ["哪几盏？"]


@pytest.mark.parametrize(
    ("move", "data", "kept"),
    [
        ("answer", {"outcome": "", "text": "写了很久的答复", "inner": "内部的话"}, ["写了很久的答复", "内部的话"]),
        ("answer", {"outcome": "planned", "planned_on": "2026-11-01", "text": "明年修"}, ["明年修"]),
        ("answer", {"outcome": "planned", "planned_on": "昨天", "text": "明年修"}, ["明年修"]),
        ("dispute", {"reason": "不归我们管的理由", "proposed": ""}, ["不归我们管的理由"]),
        ("dispute", {"reason": "不归我们管的理由", "proposed": "nobody"}, ["不归我们管的理由"]),
        ("ask", {"text": "哪几盏灯？"}, ["哪几盏灯？"]),
        ("hand_to", {"to": "neighbour"}, []),
        ("propose_extension", {"days": "99", "reason": "等检测报告"}, ["等检测报告"]),
    ],
)
def test_wrong_form_comes_back_with_its_words(
    county: County, client_of: Browser, move: str, data: dict[str, str], kept: list[str]
) -> None:
    case = make.handling(county)

    response = send(client_of(county.handler), case, move, **data)

    html = response.content.decode()
    assert response.status_code == 422
    assert all(words in html for words in kept)
    assert 'class="error"' in html
    assert Case.objects.get(pk=case.pk).version == case.version


def test_stale_form_shows_what_changed_and_can_be_sent_again(county: County, client_of: Browser) -> None:
    case = make.handling(county)
    fresh = actions.note(case, text="群众又打来电话", inner=True, by=county.clerk, at=NOON + 4 * STEP)
    browser = client_of(county.handler)
    data = {"outcome": "solved", "text": "写了很久的答复", "inner": ""}

    stale = send(browser, case, "answer", **data)
    again = send(browser, fresh, "answer", **data)

    html = stale.content.decode()
    assert stale.status_code == 409
    assert "写了很久的答复" in html
    assert html.count('<span class="chip near">') == 1
    assert html.index('<span class="chip near">') < html.index("群众又打来电话")
    assert f'name="version" value="{fresh.version}"' in html
    assert again.status_code == 303


def test_words_for_a_step_no_longer_possible_are_shown(county: County, client_of: Browser) -> None:
    case = make.handling(county)
    answer = actions.Answer("同事已答复")
    actions.answer(case, version=case.version, answer=answer, by=county.colleague, at=NOON + 4 * STEP)

    response = send(client_of(county.handler), case, "dispute", reason="不归我们管", proposed="housing")

    html = response.content.decode()
    assert (response.status_code, "不归我们管" in html) == (409, True)


@pytest.mark.parametrize("move", ["hear", "withdraw", "object", "nothing", "fall_due"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_move_without_a_form_does_not_exist(county: County, client_of: Browser, move: str, method: str) -> None:
    case = make.handling(county)

    response = getattr(client_of(county.clerk), method)(f"/desk/cases/{case.ref}/move/{move}/")

    assert response.status_code == 404


def test_move_of_another_post_is_refused(county: County, client_of: Browser) -> None:
    case = make.assigned(county)

    response = send(client_of(county.clerk), case, "sign")

    assert response.status_code == 403
    assert Case.objects.get(pk=case.pk).state == State.ASSIGNED


def test_preview_shows_the_words_and_saves_nothing(county: County, client_of: Browser) -> None:
    case = make.handling(county)
    data = {"version": case.version, "outcome": "partly", "text": "修好了\n<b>两盏</b>", "inner": "再看"}

    response = client_of(county.handler).post(f"/desk/cases/{case.ref}/move/answer/preview/", data)

    html = response.content.decode()
    assert response.status_code == 200
    assert "修好了<br>&lt;b&gt;两盏" in html
    assert 'value="partly" id="answer-outcome_1" required checked' in html.replace("  ", " ")
    assert "再看" in html
    assert not Entry.objects.filter(case=case, kind="answer").exists()


def test_extension_shows_the_new_day_to_whoever_decides(county: County, client_of: Browser) -> None:
    case = extension_asked(county)

    html = client_of(county.head).get(f"/desk/cases/{case.ref}/").content.decode()

    # 10 working days end on 11-26, five more on 12-03.
    assert "12月3日 17:30" in html


def test_reason_for_the_resident_begins_with_what_was_proposed(county: County, client_of: Browser) -> None:
    case = extension_asked(county)
    browser = client_of(county.head)

    drawn = browser.get(f"/desk/cases/{case.ref}/move/extend/").content.decode()
    empty = send(browser, case, "extend", words=" ")
    typed = send(browser, case, "extend", words="等厂里发货")

    assert re.search(r'<textarea name="words"[^>]*>\s*等材料</textarea>', drawn)
    assert (empty.status_code, typed.status_code) == (422, 303)
    assert case.entries.filter(kind="extension").values_list("text", flat=True).get() == "等厂里发货"


def test_release_is_drafted_masked_and_needs_a_confirmation(county: County, client_of: Browser) -> None:
    case = make.closed(county, may_publish=True, text="路灯坏了，请打 13812348263。")
    browser = client_of(county.clerk)
    url = f"/desk/cases/{case.ref}/release/"
    draft = {"version": case.version, "title": "路灯", "question": "路灯坏了", "answer": "修好了"}

    drafted = browser.get(url).content.decode()
    refused = browser.post(url, draft)
    released = browser.post(url, draft | {"harmless": "on"})

    assert ("13812348263" in drafted.split('id="write"')[1].split("</section>")[0], "138********" in drafted) == (
        False,
        True,
    )
    assert (refused.status_code, released.status_code) == (422, 303)
    assert PublicVersion.objects.values_list("title", "question", "answer").get() == ("路灯", "路灯坏了", "修好了")
    assert browser.post(f"/desk/cases/{case.ref}/unrelease/").status_code == 303
    assert PublicVersion.objects.get().withdrawn_at == AT


def test_page_asks_to_release_a_corrected_answer_anew(county: County, client_of: Browser) -> None:
    case = make.answered(county, may_publish=True)
    draft = actions.Draft("题", "问", "答")
    actions.release(case, version=4, draft=draft, by=county.clerk, at=NOON + 4 * STEP)
    hint = "旧的公开内容已经撤下"
    browser = client_of(county.clerk)

    before = browser.get(f"/desk/cases/{case.ref}/").content.decode()
    case = actions.correct_answer(
        case, version=5, answer=actions.Answer("共四盏"), by=county.handler, at=NOON + 5 * STEP
    )
    after = browser.get(f"/desk/cases/{case.ref}/").content.decode()
    actions.release(case, version=case.version, draft=draft, by=county.clerk, at=NOON + 6 * STEP)
    again = browser.get(f"/desk/cases/{case.ref}/").content.decode()

    assert [hint in html for html in (before, after, again)] == [False, True, False]


def test_release_is_not_offered_without_consent(county: County, client_of: Browser) -> None:
    case = make.closed(county)
    browser = client_of(county.clerk)
    draft = {"version": case.version, "title": "路灯", "question": "坏了", "answer": "好了", "harmless": "on"}

    html = browser.get(f"/desk/cases/{case.ref}/").content.decode()
    response = browser.post(f"/desk/cases/{case.ref}/release/", draft)

    assert (f"/desk/cases/{case.ref}/release/" in html, response.status_code) == (False, 409)


def test_report_is_assigned_to_nobody_in_the_line(county: County, client_of: Browser) -> None:
    case = make.report(county, accused=county.section)

    response = send(
        client_of(county.clerk), case, "assign", **SORTED | {"kind": "report", "accused": "section", "to": "management"}
    )

    assert response.status_code == 422
    assert Case.objects.get(pk=case.pk).state == State.HEARD


def test_accused_unit_needs_the_kind_report(county: County, client_of: Browser) -> None:
    case = make.heard(county)

    response = send(client_of(county.clerk), case, "correct", **SORTED | {"accused": "section"})

    assert response.status_code == 422


@pytest.mark.parametrize("move", ["assign", "correct", "answer_now"])
def test_form_of_a_report_asks_whom_it_accuses(county: County, client_of: Browser, move: str) -> None:
    case = make.report(county, accused=county.section)
    data = SORTED | {"kind": "report", "to": "housing", "text": "已转", "accused": ""}

    response = send(client_of(county.clerk), case, move, **data)

    assert response.status_code == 422
    assert str(WORDS["accused_unsaid"].text) in response.content.decode()


def test_accused_unit_is_cleared_by_saying_that_it_is_none(county: County, client_of: Browser) -> None:
    case = make.report(county, accused=county.section)
    browser = client_of(county.clerk)
    page = f"/desk/cases/{case.ref}/"

    named = browser.get(page).content.decode()
    response = send(browser, case, "correct", **SORTED | {"kind": "report", "accused": "*none"})
    drawn = browser.get(f"{page}move/correct/").content.decode()

    case.refresh_from_db()
    assert (response.status_code, case.kind, case.accused) == (303, "report", None)
    assert "<b>被举报单位</b> 市容科" in named
    assert 'value="*none" selected' in drawn
    assert "<b>被举报单位</b> 不涉及单位" in drawn


def test_page_of_a_report_says_that_nothing_was_said_yet(county: County, client_of: Browser) -> None:
    case = make.heard(county, kind=CaseKind.REPORT)

    html = client_of(county.clerk).get(f"/desk/cases/{case.ref}/").content.decode()

    assert "<b>被举报单位</b> 还没有写明" in html


def test_request_that_is_no_report_any_more_needs_nothing_said(county: County, client_of: Browser) -> None:
    case = make.report(county, accused=county.section)

    response = send(client_of(county.clerk), case, "correct", **SORTED | {"accused": "section"})

    case.refresh_from_db()
    assert (response.status_code, case.kind, case.accused) == (303, "help", None)


def test_form_of_a_report_lets_only_the_desk_ring(county: County, client_of: Browser) -> None:
    case = make.report(county)
    case = actions.assign(case, version=case.version, to=county.housing, by=county.clerk, at=NOON + 2 * STEP)
    case = actions.sign(case, version=case.version, by=county.neighbour, at=NOON + 3 * STEP)
    browser = client_of(county.neighbour)

    rung = send(browser, case, "ask", text="何时？", told="yes")
    asked = send(browser, case, "ask", text="何时？", told="no")

    assert (rung.status_code, asked.status_code) == (422, 303)


def test_days_of_an_extension_are_said_as_people_say_them(county: County, client_of: Browser) -> None:
    case = make.handling(county, at=NOON + timedelta(days=34))
    browser = client_of(county.handler)

    drawn = browser.get(f"/desk/cases/{case.ref}/move/propose_extension/").content.decode()

    days = re.findall(r'<option value="(?:1|2)">([^<]+)</option>', drawn)
    assert days == ["1 个工作日，到 12月31日", "2 个工作日，到 2027年1月4日"]


def test_words_that_only_photos_can_replace_are_not_called_optional(county: County, client_of: Browser) -> None:
    case = make.handling(county)

    drawn = client_of(county.handler).get(f"/desk/cases/{case.ref}/move/note/").content.decode()

    labels = re.findall(r'<label for="note-(\w+)">[^<]*(<small>)?', drawn)
    assert labels == [("text", ""), ("photos", "<small>")]


@pytest.mark.parametrize("text", ["字" * 5001, "坏\x00字", ""])
def test_note_that_cannot_be_kept_is_sent_back(county: County, client_of: Browser, text: str) -> None:
    case = make.handling(county)

    response = send(client_of(county.handler), case, "note", text=text)

    assert response.status_code == 422
    assert list(chain_faults()) == []
