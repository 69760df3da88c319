"""A goal that is set from above, the results that the unit enters and links, its task, the number that opens."""

from tests.journeys.people import People, Visitor
from tests.serving import Server

GOAL = "帮两位群众找到工作"
JOB = "经招聘会到园区上班"


def set_goal(supervisor: Visitor) -> None:
    supervisor.open("/desk/programmes/")
    supervisor.follow("红利共享")
    supervisor.follow("定一个目标")
    supervisor.choose("城市社区")
    supervisor.pick("由哪个单位完成", "城市管理局")
    supervisor.write("目标", GOAL)
    supervisor.page.locator("[name=target]").fill("2")
    supervisor.write("计数单位", "人")
    supervisor.press("定下目标")
    supervisor.reads("已记录。", GOAL, "0 / 2 人")
    supervisor.write("任务", "办一场招聘会")
    supervisor.write("期限", "2030-01-01")
    supervisor.press("加上这项任务")
    supervisor.reads("办一场招聘会")


def enter_job(handler: Visitor) -> None:
    handler.open("/desk/tally/")
    handler.follow("登记一项成效")
    handler.follow("就业到人")
    handler.choose("单位用工")
    handler.write("什么工作，在哪里", "请打 13812348263")
    handler.pick("在哪里", "上柳村")
    handler.write("依据", "用工登记表")
    handler.press("登记")
    handler.reads("请去掉")
    handler.write("什么工作，在哪里", JOB)
    handler.press("登记")
    handler.reads("已记录。", JOB, "计数")


def test_a_goal_is_met_by_what_units_enter(scripted: People, server: Server) -> None:
    supervisor, handler = scripted.as_("supervisor"), scripted.as_("handler")
    set_goal(supervisor)
    place = supervisor.place

    enter_job(handler)
    handler.open(place)
    handler.follow("从本年记录里选")
    handler.follow("就业到人")
    handler.choose(JOB)
    handler.press("关联选中的")
    handler.reads("已关联 1 条", "1 / 2 人")
    task = handler.unfold("记录已办完")
    handler.write("依据", "签到表，存办公室", within=task)
    handler.press("已完成", within=task)
    handler.reads("签到表，存办公室", "其实没完成")

    supervisor.open("/desk/tally/")
    supervisor.follow("就业到人")
    supervisor.reads("群众找到了工作", JOB)
    with supervisor.page.expect_download() as download:
        supervisor.link("下载").click()
    assert download.value.suggested_filename.startswith("就业到人-人工登记-")
    supervisor.follow(JOB)
    supervisor.reads(GOAL)
    supervisor.open(f"{place}history/")
    supervisor.reads("定下目标：2", "新增一项任务", "关联了一条记录", "一项任务已于")
