"""Requests written for these tests: three matters, each said in some ways at some places."""

from datetime import datetime, timedelta

from lianying.triage.grams import Decision, Told
from tests.cast import NOON

PLACES = ("人民路", "和平街", "柳溪镇", "东门口", "新河桥", "中心小学旁", "北关", "老车站")
SAID = {
    ("0109", "management"): (
        "{}的路灯坏了，晚上看不清",
        "{}路灯不亮好几天",
        "请修一修{}的路灯",
        "{}灯杆倒了，路灯全灭",
    ),
    ("0501", "housing"): ("{}工地半夜施工噪音太大", "{}的音响吵得睡不着", "{}机器噪音扰民", "半夜{}施工声音吵人"),
    ("0801", "town"): (
        "在{}做工，老板拖欠工资",
        "{}包工头欠薪不给钱",
        "{}厂里工资三个月没发",
        "讨要{}的工钱，老板不给",
    ),
}


def decisions(times: int = 1, since: datetime = NOON) -> list[Decision]:
    """32 of each matter for each time, an hour apart, mixed."""
    found: list[Decision] = []
    for turn in range(times):
        for number, place in enumerate(PLACES):
            for form in range(4):
                for (category, unit), said in SAID.items():
                    text = said[form].format(place) + "。" * turn
                    at = since + timedelta(hours=len(found))
                    found.append(Decision(Told(text, text, f"{place}{number}号"), category, unit, at))
    return found
