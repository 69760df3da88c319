from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianying.rules.dates import parse_moment

ZONE = ZoneInfo("Asia/Shanghai")
DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1992, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001 - the clocks went forward before
    lambda naive: naive.replace(microsecond=0, tzinfo=ZONE)
)
FORMS = st.sampled_from(
    [
        "{0:%Y/%m/%d %H:%M:%S}",
        "{0.year}/{0.month}/{0.day} {0.hour}:{0:%M:%S}",
        "{0.year}-{0.month}-{0.day}  {0.hour}:{0:%M}:{0.second}",
        "{0.year}.{0.month}.{0.day} {0:%H:%M:%S}",
        "{0.year}年{0.month}月{0.day}日 {0.hour}时{0.minute}分{0.second}秒",
        "{0.year}年{0.month}月{0.day}日{0.hour}点{0.minute}分{0.second}秒",
        "{0:%Y%m%d%H%M%S}",
        "{0:%Y%m%d %H:%M:%S}",
        "{0:%Y%m%dT%H%M%S}",
        "{0:%Y-%m-%dT%H:%M:%S.123}",
        "{0:%Y-%m-%dT%H:%M:%S%z}",
        "{0:%Y-%m-%d %I:%M:%S %p}",
    ]
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019/4/25 9:32:09", "2019-04-25T09:32:09"),
        ("2020-01-06", "2020-01-06T00:00:00"),
        ("2020年1月7日", "2020-01-07T00:00:00"),
        ("2020年1月7日 9时5分", "2020-01-07T09:05:00"),
        ("2020年1月7日 下午3时5分", "2020-01-07T15:05:00"),
        ("2020年1月7日 下午15:05", "2020-01-07T15:05:00"),
        ("2020年1月7日 上午12:05", "2020-01-07T00:05:00"),
        ("2020年1月7号 星期二 9点", "2020-01-07T09:00:00"),
        ("2020-1-7（周二）9:05", "2020-01-07T09:05:00"),
        ("20200107", "2020-01-07T00:00:00"),
        ("202001070905", "2020-01-07T09:05:00"),
        ("2020.1.7", "2020-01-07T00:00:00"),
        ("２０２０／１／７　９：０５", "2020-01-07T09:05:00"),
        ("43580", "2019-04-25T00:00:00"),
        ("43580.0", "2019-04-25T00:00:00"),
        ("43580.39732638889", "2019-04-25T09:32:09"),
        ("2020-01-06T01:32:09Z", "2020-01-06T09:32:09"),
        ("2020-01-06T01:32:09+00:00", "2020-01-06T09:32:09"),
        ("2020-01-06 09:32-0530", "2020-01-06T23:02:00"),
    ],
)
def test_parse_moment_of_what_sheets_hold(written: str, meant: str) -> None:
    assert parse_moment(written, ZONE) == datetime.fromisoformat(meant).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "written",
    [
        "", "昨天", "2020", "2020-13-01", "2020-02-30", "2020/1/7 25:00", "2020/1/7 9:60", "4/25/2019", "20/1/7",
        "20201301", "202001079", "1577836800", "24999", "19999.5", "0001-01-01T00:00+01:00", "2100-01-01",
        "2020-01-06T01:32+25:00", "2020年1月7日受理",
    ],
)  # fmt: skip
def test_parse_moment_refuses_what_is_none(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the caller's
        parse_moment(written, ZONE)


@given(MOMENTS, FORMS)
def test_parse_moment_reads_back_every_form(moment: datetime, form: str) -> None:
    assert parse_moment(form.format(moment), ZONE) == moment


@given(MOMENTS)
def test_parse_moment_reads_back_the_day_count_of_excel(moment: datetime) -> None:
    days = (moment.replace(tzinfo=UTC) - DAY_ZERO) / timedelta(days=1)

    assert parse_moment(repr(days), ZONE) == moment


@given(st.text() | st.text("0123456789./-: TZ+年月日时分下午", max_size=30))
def test_parse_moment_raises_nothing_but_value_errors(text: str) -> None:
    try:
        moment = parse_moment(text, ZONE)
    except ValueError:
        return

    assert moment.tzinfo == ZONE
