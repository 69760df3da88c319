import json
import re
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from PIL import Image

from lianying.audit import triggers
from lianying.audit.models import Event
from lianying.cases.models import Case
from lianying.orgs.models import Post, Site, User
from lianying.rules.events import EventKind
from tests.cast import County
from tests.make import answered, heard

INIT = {"name": "宁和县", "phone": "1", "government": "县政府", "operator": "admin", "operator_name": "张三"}


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_due_prints_the_worked_example_of_the_rules() -> None:
    printed = json.loads(run("due", "--received", "2026-02-13T17:59", "--kind", "consult", "--json"))

    resolve = next(stage for stage in printed["stages"] if stage["stage"] == "resolve")
    assert resolve == {
        "stage": "resolve",
        "due": "2026-02-25T17:30:00+08:00",
        "provisional": False,
        "rule": "anhui/resolve/consult",
        "source": resolve["source"],
        "counted": ["2026-02-14", "2026-02-24", "2026-02-25"],
    }
    assert [stage["stage"] for stage in printed["stages"]] == ["sort", "sign", "dispute", "decide", "resolve", "check"]


def test_due_says_which_years_it_knows() -> None:
    with pytest.raises(CommandError, match="2010-01-01 to 2026-12-31"):
        run("due", "--received", "2009-01-05T10:00")


def test_due_names_what_is_not_a_moment() -> None:
    with pytest.raises(CommandError, match="yesterday"):
        run("due", "--received", "yesterday")


def test_verify_is_clean_after_real_work(county: County) -> None:
    answered(county)

    assert json.loads(run("verify", "--json"))["ok"] is True


def test_verify_names_a_row_that_somebody_changed(county: County) -> None:
    case = answered(county)
    Case.objects.filter(pk=case.pk).update(answered_at=case.received_at)

    with pytest.raises(SystemExit) as left:
        run("verify")

    assert left.value.code == 1


def test_verify_names_an_event_that_somebody_changed(county: County) -> None:
    case = heard(county)
    with connection.cursor() as cursor:
        triggers.drop(None, SimpleNamespace(connection=connection, execute=cursor.execute))
    Event.objects.filter(stream=f"case:{case.ref}").update(actor="user:999")
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify", "--json", stdout=out)

    assert json.loads(out.getvalue())["faults"] == [{"where": f"case:{case.ref}#1", "what": "changed"}]


def test_a_receipt_is_proved_by_its_hash(county: County) -> None:
    case = heard(county)
    first = Event.objects.get(stream=f"case:{case.ref}", seq=1).hash

    assert json.loads(run("verify", "--json", receipt=[case.ref.lower(), first[:12]]))["ok"] is True
    with pytest.raises(SystemExit):
        run("verify", receipt=[case.ref, "0000 0000 0000"])


@pytest.mark.django_db
def test_init_names_the_county_and_its_first_operator() -> None:
    printed = run(
        "init",
        name="宁和县",
        phone="0552-12345",
        prefix="nh",
        government="宁和县人民政府",
        operator="admin",
        operator_name="张三",
    )

    assert "/welcome/" in printed
    assert "(anhui; others by LIANYING_PROFILE: beijing, shandong, shanghai)" in printed
    assert (Site.objects.get().prefix, User.objects.get().must_change_password) == ("NH", True)
    assert sorted(Post.objects.values_list("role", flat=True)) == ["clerk", "operator"]


@pytest.mark.django_db
def test_init_takes_a_logo_and_what_stands_at_the_foot(tmp_path: Path) -> None:
    Image.new("RGBA", (200, 50), (200, 0, 0, 128)).save(tmp_path / "logo.png")

    run("init", **INIT, prefix="NH", logo=str(tmp_path / "logo.png"), complaints_phone="0552-96789", icp="皖ICP备1号")

    site = Site.objects.select_related("logo").get()
    assert (site.complaints_phone, site.icp_number) == ("0552-96789", "皖ICP备1号")
    assert site.logo is not None
    assert (site.logo.width, site.logo.height) == (200, 50)


@pytest.mark.django_db
def test_init_refuses_terms_other_than_those_in_force() -> None:
    with pytest.raises(CommandError, match="terms in force are anhui"):
        run("init", **INIT, prefix="NH", profile="beijing")
    assert not Site.objects.exists()

    run("init", **INIT, prefix="NH", profile="anhui")

    assert Site.objects.exists()


@pytest.mark.django_db
def test_init_names_a_logo_that_it_cannot_take(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")

    with pytest.raises(CommandError, match=r"--logo: .*SVG"):
        run("init", **INIT, prefix="NH", logo=str(tmp_path / "logo.svg"))
    with pytest.raises(CommandError, match="--logo: No such file"):
        run("init", **INIT, prefix="NH", logo=str(tmp_path / "none.png"))

    assert not Site.objects.exists()


@pytest.mark.django_db
def test_init_refuses_a_second_time_and_a_bad_prefix() -> None:
    with pytest.raises(CommandError, match="two to six letters"):
        run("init", prefix="N1", **INIT)
    run("init", prefix="NH", **INIT)

    with pytest.raises(CommandError, match="set up already"):
        run("init", prefix="NH", **INIT)


def test_reset_password_prints_a_link_that_sets_a_new_one(county: County, client: Client) -> None:
    printed = run("reset_password", "clerk")

    link = re.search(r"http://127.0.0.1:8000(/welcome/\S+)", printed)
    assert link is not None
    assert client.get(link[1], follow=True).status_code == 200
    assert Event.objects.filter(kind=EventKind.LINK_MADE).count() == 1


def test_reset_password_names_who_is_unknown(county: County) -> None:
    with pytest.raises(CommandError, match="nobody"):
        run("reset_password", "nobody")
