from pathlib import Path

import pytest

from lianying.config.env import BadSettings, read


def test_defaults_when_nothing_is_set() -> None:
    values = read({})

    assert (values["DEBUG"], values["PROFILE"], values["DATA_DIR"]) == (False, "anhui", Path("var"))


def test_every_problem_is_named_at_once() -> None:
    environ = {"LIANYING_DEBUG": "perhaps", "LIANYING_SESSION_MINUTES": "long", "LIANYING_PORTT": "1", "HOME": "/"}

    with pytest.raises(BadSettings) as problems:
        read(environ)

    assert [line.split(":")[0] for line in str(problems.value).splitlines()] == [
        "LIANYING_DEBUG",
        "LIANYING_SESSION_MINUTES",
        "LIANYING_PORTT",
    ]


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://a:b@localhost/c\n")

    assert read({"LIANYING_DATABASE_URL_FILE": str(secret)})["DATABASE_URL"] == "postgresql://a:b@localhost/c"


def test_only_a_secret_may_stand_in_a_file() -> None:
    with pytest.raises(BadSettings, match="LIANYING_DEBUG_FILE: unknown"):
        read({"LIANYING_DEBUG_FILE": "/tmp/x"})


def test_an_unreadable_secret_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="LIANYING_DATABASE_URL"):
        read({"LIANYING_DATABASE_URL_FILE": str(tmp_path / "absent")})


@pytest.mark.parametrize(("text", "value"), [("on", True), ("OFF", False), ("yes", True), ("0", False)])
def test_a_flag_reads_common_spellings(text: str, value: bool) -> None:
    assert read({"LIANYING_HTTPS": text})["HTTPS"] is value


@pytest.mark.parametrize(
    "text", ["", "smtp://mail:25", "smtp://a:b@mail.example:587?tls=1", "smtps://a:b@mail.example", "smtp://127.0.0.1"]
)
def test_the_address_of_a_mail_server_is_read(text: str) -> None:
    assert read({"LIANYING_SMTP_URL": text})["SMTP_URL"] == text


@pytest.mark.parametrize(
    "text",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail?tls=yes",
        "smtps://mail?tls=1",
        "smtp://a:b@mail",
        "smtp://mail:0",
        "smtp://mail:99999",
    ],
)
def test_what_is_no_mail_server_or_would_send_a_password_in_the_clear_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="LIANYING_SMTP_URL"):
        read({"LIANYING_SMTP_URL": text})


@pytest.mark.parametrize("text", ["", "31.0,117.5,31.3,118.0"])
def test_where_a_map_begins_is_read(text: str) -> None:
    assert read({"LIANYING_MAP_BOX": text})["MAP_BOX"] == text


@pytest.mark.parametrize("text", ["31", "32,117,31,118", "a,b,c,d"])
def test_where_no_map_can_begin_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="LIANYING_MAP_BOX"):
        read({"LIANYING_MAP_BOX": text})
