"""What two people do at the same moment that is not the same step: nothing is lost, and nothing is an error of ours."""

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.utils import timezone

from tests.cases.workbook import workbook
from tests.robust.test_two_people_http import SORTED, handling, move, together, told
from tests.serving import Answer, Server

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]
HEADING = ["代码", "名称", "单位类型", "上级单位"]


def absent(server: Server, person: str, substitute: str, **days: int) -> Mapping[str, str]:
    today = timezone.localdate()
    return {
        "do": "set",
        "substitute": substitute,
        "from_on": str(today),
        "to_on": str(today + timedelta(days=days.get("days", 1))),
    }


def test_a_merge_and_an_answer_at_once_lose_no_word(server: Server) -> None:
    main, other = told(server), handling(server)
    answer = "路灯已修好，共更换三盏。"

    won, lost = together(
        move(server, "clerk", other, "merge", 3, main=main["ref"]),
        move(server, "handler", other, "answer", 3, outcome="solved", text=answer),
    )

    assert (won.status, lost.status < 500) == (303, True)
    state = server.browser().track(other).json["state"]
    assert state in {"merged", "answered"}
    # The answer was given, or comes back to whoever wrote it.
    assert (state == "answered") or answer in lost.text


def test_an_absence_and_a_handing_over_at_once_are_told_apart(server: Server) -> None:
    receipt = handling(server)
    browser = server.browser("colleague")

    answers = together(
        (browser, "/desk/absence/", absent(server, "colleague", "handler")),
        move(server, "head", receipt, "hand_to", 3, to="colleague"),
    )
    browser.post("/desk/absence/", {"do": "end", "from_on": str(timezone.localdate())})

    assert {answer.status for answer in answers} <= {303, 409, 422}
    assert answers[0].status == 303


def test_two_who_send_the_same_workbook_get_the_same_import(server: Server) -> None:
    rows = [[f"same{number}", f"第{number}村", "村", "town"] for number in range(300)]
    content = workbook({"单位": [HEADING, *rows]})
    ready = Barrier(2)

    def send(_number: int) -> Answer:
        browser = server.browser("operator")
        browser.get("/healthz")
        ready.wait(timeout=30)
        sent = browser.post("/desk/settings/imports/", {}, [("file", "村.xlsx", io.BytesIO(content).read())])
        assert sent.status == 303, sent.text
        return browser.post(sent.headers["location"], {"do": "run"})

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(send, range(2)))

    assert sorted(answer.status for answer in answers) == [303, 409]


def test_two_workbooks_with_the_same_households_make_them_once(server: Server) -> None:
    head = ["村、社区或网格", "户号", "大家怎么称呼这户"]
    rows = [["village", f"t{number}", f"{number}号家"] for number in range(200)]
    links = [["联系类型", "用户名", "村、社区或网格", "户号"]]
    links += [["党员联系户", "handler", "village", f"t{number}"] for number in range(200)]
    ready = Barrier(2)

    def send(number: int) -> str:
        browser = server.browser("operator")
        content = workbook({"住户": [head, *rows, ["village", f"own{number}", "自家"]], "联系": links})
        ready.wait(timeout=30)
        sent = browser.post("/desk/settings/imports/", {}, [("file", "户.xlsx", content)])
        assert sent.status == 303, sent.text
        assert browser.post(sent.headers["location"], {"do": "run"}).status == 303
        for _round in range(200):
            page = browser.get(sent.headers["location"])
            assert page.status == 200, page.text
            if "hx-trigger" not in page.text.split('id="state"')[1]:
                return page.text
            ready_again.wait(0.2)
        raise AssertionError("not written in time")

    ready_again = Event()
    with ThreadPoolExecutor(2) as threads:
        pages = list(threads.map(send, range(2)))

    assert sorted("新增 201 行" in page for page in pages) == [False, True]
    assert ["新增 1 行 · 没有变化 200 行<" in page for page in pages].count(True) == 1
    assert ["</b> 没有变化 200 行<" in page for page in pages].count(True) == 1


def test_two_who_assign_and_sort_at_once_are_told_apart(server: Server) -> None:
    receipt = told(server)

    won, lost = together(
        move(server, "clerk", receipt, "assign", 1, **SORTED, to="management"),
        move(server, "second_clerk", receipt, "decline", 1, reason="legal_channel", text="请向法院咨询。"),
    )

    assert (won.status, lost.status) == (303, 409)


def test_several_at_once_and_one_of_them_alone_are_told_apart(server: Server) -> None:
    first, second = told(server), told(server)
    browser = server.browser("second_clerk")
    both: dict[str, str | list[str]] = {
        "do": "assign",
        "to": "management",
        "seen": [f"{first['ref']}@1", f"{second['ref']}@1"],
    }

    answers = together(
        (browser, "/desk/sort/several/", both),
        move(server, "clerk", first, "decline", 1, reason="legal_channel", text="请向法院咨询。"),
    )

    statuses = [answer.status for answer in answers]
    assert statuses in ([303, 303], [303, 409])
    state = server.browser().track(first).json["state"]
    assert (state == "declined") == (statuses == [303, 303])
    if statuses == [303, 409]:
        # The words of whoever was slower come back to them.
        assert "请向法院咨询。" in answers[1].text
    assert server.browser().track(second).json["state"] == "assigned"
