"""Two people press at the same moment, on pages drawn from the same version: one wins, the other sees what is new."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest

from tests.serving import Answer, Browser, Server

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

SORTED = {"kind": "help", "urgency": "ordinary", "category": ""}
Press = tuple[Browser, str, Mapping[str, str | list[str]]]
Receipt = Mapping[str, str]


def told(server: Server) -> Receipt:
    receipt: Receipt = server.browser().tell("小区门口的路灯坏了三天", phone="13812348263").json
    return receipt


def move(server: Server, person: str, receipt: Receipt, name: str, version: int, **fields: str) -> Press:
    return server.browser(person), f"/desk/cases/{receipt['ref']}/move/{name}/", {"version": str(version), **fields}


def done(press: Press) -> None:
    browser, url, fields = press
    answer = browser.post(url, fields)
    assert answer.status == 303, answer.text


def handling(server: Server) -> Receipt:
    """Version 3."""
    receipt = told(server)
    done(move(server, "clerk", receipt, "assign", 1, **SORTED, to="management"))
    done(move(server, "handler", receipt, "sign", 2))
    return receipt


def answered(server: Server) -> Receipt:
    """Version 4."""
    receipt = handling(server)
    done(move(server, "handler", receipt, "answer", 3, outcome="solved", text="路灯已修好。"))
    return receipt


def together(*presses: Press) -> list[Answer]:
    """The winner's answer, then the other's."""
    ready = Barrier(len(presses))

    def send(press: Press) -> Answer:
        browser, url, fields = press
        browser.get("/healthz")
        ready.wait(timeout=30)
        return browser.post(url, fields)

    with ThreadPoolExecutor(len(presses)) as threads:
        return sorted(threads.map(send, presses), key=lambda answer: answer.status)


def words_of(answer: Answer, *typed: str) -> list[str]:
    """Which of what was typed the page shows."""
    return [text for text in typed if text in unescape(answer.text)]


def test_two_who_answer_at_once_are_told_apart(server: Server) -> None:
    receipt = handling(server)
    mine, yours = "东侧三盏灯已更换。", "线路已接通，灯都亮了。"

    won, lost = together(
        move(server, "handler", receipt, "answer", 3, outcome="solved", text=mine),
        move(server, "colleague", receipt, "answer", 3, outcome="partly", text=yours),
    )

    assert (won.status, lost.status) == (303, 409)
    # One stands there as what happened meanwhile, the other as what was typed.
    assert words_of(lost, mine, yours) == [mine, yours]
    assert 'role="alert"' in lost.text
    assert server.browser().track(receipt).json["state"] == "answered"


def test_who_was_late_can_send_it_again_from_the_page_that_came_back(server: Server) -> None:
    receipt = answered(server)
    mine, yours = "更正：更换了三盏。", "更正：更换了四盏。"
    presses = [
        move(server, person, receipt, "correct_answer", 4, outcome="solved", text=text)
        for person, text in (("handler", mine), ("colleague", yours))
    ]

    won, lost = together(*presses)

    assert (won.status, lost.status) == (303, 409)
    assert words_of(lost, mine, yours) == [mine, yours]
    assert 'name="version" value="5"' in lost.text
    done(move(server, "colleague", receipt, "correct_answer", 5, outcome="solved", text=yours))


def test_two_clerks_who_sort_at_once_are_told_apart(server: Server) -> None:
    receipt = told(server)
    why = "此事正由法院审理，请向县人民法院查询。"
    sort = f"/desk/sort/{receipt['ref']}"
    assigning: Press = (server.browser("clerk"), f"{sort}/assign/", {"version": "1", **SORTED, "to": "housing"})
    declining: Press = (
        server.browser("second_clerk"),
        f"{sort}/decline/",
        {"version": "1", "reason": "legal_channel", "text": why},
    )

    won, lost = together(assigning, declining)

    assert (won.status, lost.status) == (303, 409)
    assert why in unescape(lost.text) or "住房和城乡建设局" in unescape(lost.text)
    assert server.browser().track(receipt).json["state"] in {"assigned", "declined"}


def test_a_resident_who_withdraws_while_it_is_answered_keeps_the_words(server: Server) -> None:
    receipt = handling(server)
    mine, yours = "已有人来修，不用了。", "路灯已修好。"
    withdrawing = {"do": "withdraw", "version": "3", "words": mine, "ref": receipt["ref"], "code": receipt["code"]}

    won, lost = together(
        (server.browser(), "/track/", withdrawing),
        move(server, "handler", receipt, "answer", 3, outcome="solved", text=yours),
    )

    assert (won.status, lost.status) == (303, 409)
    assert words_of(lost, mine, yours) == [mine, yours]


def test_two_who_rate_at_once_count_once(server: Server) -> None:
    receipt = answered(server)
    mine, yours = "修得很好。", "电话里说很满意。"
    rating = {"do": "rate", "version": "4", "solved": "yes", "satisfaction": "5", "words": mine, **receipt}

    won, lost = together(
        (server.browser(), "/track/", rating),
        move(server, "clerk", receipt, "check_satisfied", 4, solved="yes", satisfaction="4", words=yours),
    )

    assert (won.status, lost.status) == (303, 409)
    assert server.browser().track(receipt).json["state"] == "closed"
    assert words_of(lost, mine) == [mine] or words_of(lost, yours) == [yours]


def test_two_clerks_who_ring_at_once_are_told_apart(server: Server) -> None:
    receipt = answered(server)
    verdict = {"version": "4", "solved": "yes", "satisfaction": "5"}
    presses: list[Press] = [
        (server.browser(person), f"/desk/checks/{receipt['ref']}/", {**verdict, "words": text})
        for person, text in (("clerk", "老人说很亮。"), ("second_clerk", "家人说满意。"))
    ]

    won, lost = together(*presses)

    assert (won.status, lost.status) == (303, 409)
    assert len(words_of(lost, "老人说很亮。", "家人说满意。")) == 1


def test_one_form_sent_twice_at_once_gives_one_receipt(server: Server) -> None:
    browser = server.browser
    same = {"text": "垃圾三天没有清运", "client_id": "8a1f0f0e-5a3b-4a57-9c39-0d8f2f6b1a11"}
    ready = Barrier(6)

    def send(_: int) -> Answer:
        sender = browser()
        ready.wait(timeout=30)
        return sender.post("/tell/", same, Accept="application/json")

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(send, range(6)))

    assert sorted(answer.status for answer in answers) == [200] * 5 + [201]
    assert len({answer.json["ref"] for answer in answers}) == 1
