"""The `LIANYING_*` variables: one typed table, read once, every problem named at once."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from lianying.rules.geo import box_of


class BadSettings(Exception):
    """The message lists every variable that cannot be used, a line each."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting. `secret` ones may also be given as NAME_FILE, a path whose text is the value."""

    name: str
    read: Callable[[str], object]
    default: object
    help: str
    secret: bool = False


def flag(text: str) -> bool:
    """on/off, true/false, yes/no, 1/0; raises ValueError otherwise."""
    if text.lower() in {"1", "on", "true", "yes"}:
        return True
    if text.lower() in {"0", "off", "false", "no"}:
        return False
    raise ValueError("on or off")


def whole(text: str) -> int:
    return int(text)


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def address(text: str) -> str:
    """An http or https address; raises ValueError otherwise."""
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("http://… or https://…")
    return text


def box(text: str) -> str:
    """south,west,north,east in degrees, or ''; raises ValueError otherwise."""
    if text and box_of(text) is None:
        raise ValueError("south,west,north,east")
    return text


def mail_server(text: str) -> str:
    """smtp://user:password@host:587?tls=1, smtps://… or ''; a password only over TLS. Raises ValueError otherwise."""
    parts = urlsplit(text)
    if not text:
        return text
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.query not in {"", "tls=1"}:
        raise ValueError("smtp://user:password@host:587?tls=1 or smtps://…")
    if parts.scheme == "smtps" and parts.query:
        raise ValueError("smtps:// needs no ?tls=1")
    if parts.password and parts.scheme == "smtp" and not parts.query:
        raise ValueError("a password needs ?tls=1 or smtps://")
    if parts.port == 0:  # reading it refuses what is no port
        raise ValueError("a port of 1 to 65535")
    return text


def message_body(text: str) -> str:
    """JSON once its $phone, $text and $id are filled in; raises ValueError otherwise."""
    try:
        json.loads(Template(text).substitute(phone="1", text="2", id="3"))
    except (KeyError, ValueError) as error:
        raise ValueError("JSON with $phone, $text and $id") from error
    return text


VARIABLES: tuple[Variable, ...] = (
    Variable("DATA_DIR", Path, Path("var"), "Where the database, the keys and the photos are kept."),
    Variable(
        "DATABASE_URL", str, "", "postgresql://user:password@host/name; empty means SQLite in the data directory.", True
    ),
    Variable("DEBUG", flag, False, "Show technical error pages. Never on a machine that others reach."),
    Variable(
        "HOSTS", listed, ["localhost", "127.0.0.1", "[::1]"], "Host names that may be served, separated by commas."
    ),
    Variable("HTTPS", flag, False, "Served behind TLS: secure cookies and strict transport security."),
    Variable("TRUSTED_PROXIES", listed, [], "Addresses of reverse proxies whose X-Forwarded-For is believed."),
    Variable("PROFILE", str, "anhui", "The table of terms: a code in lianying/reference/profiles."),
    Variable("SESSION_MINUTES", whole, 120, "A signed-in person who does nothing is signed out after so many minutes."),
    Variable("RATE_LIMITS", flag, True, "Limit how often one address may send, look up and try to sign in."),
    Variable("TELL_PER_HOUR", whole, 60, "Requests that one address may send in an hour."),
    Variable("TRACK_PER_HOUR", whole, 300, "Wrong numbers or codes that one address may try in an hour."),
    Variable("SIGN_IN_TRIES", whole, 5, "Wrong passwords before an account is locked for 15 minutes."),
    Variable("SMS_URL", address, "", "Where text messages are posted; empty: the desk tells residents by telephone."),
    Variable("SMS_KEY", str, "", "With it every message to the gateway is signed.", True),
    Variable(
        "SMS_BODY", message_body, '{"phone": "$phone", "text": "$text", "id": "$id"}', "JSON that the gateway expects."
    ),
    Variable("SMS_IDEMPOTENT", flag, False, "The gateway sends a message of the same id only once."),
    Variable("SMS_SECONDS", float, 10.0, "How long the gateway may take to answer, at most 60."),
    Variable("SITE_URL", address, "", "Where the site is reached, https://…, for links in letters to the staff."),
    Variable(
        "SMTP_URL",
        mail_server,
        "",
        "smtp://user:password@host:587?tls=1 or smtps://…: letters to the staff; empty: none are written.",
        True,
    ),
    Variable("MAIL_FROM", str, "lianying@localhost", "The address from which letters to the staff come."),
    Variable("SMTP_SECONDS", float, 10.0, "How long the mail server may take for one step, at most 60."),
    Variable("TILES", address, "", "Pictures of a map, https://…/{z}/{x}/{y}.png with its key; empty: outlines alone."),
    Variable("TILES_BY", str, "", "Whose map it is, as its terms ask it to be said on it."),
    Variable("TILES_GCJ02", flag, False, "The pictures are drawn in GCJ-02, as those of 高德 and 腾讯 are."),
    Variable("MAP_BOX", box, "", "Where a map begins to be pointed at: south,west,north,east of the county in WGS84."),
    Variable("PHOTO_MEGABYTES", whole, 20, "The largest photo that is taken."),
    Variable("WORKER_SECONDS", whole, 5, "How long the worker rests when nothing is due."),
)


def read(environ: Mapping[str, str]) -> dict[str, object]:
    """Return every variable by its bare name.

    Raises BadSettings naming each value that cannot be read and each LIANYING_ name that is unknown.
    """
    values: dict[str, object] = {}
    problems: list[str] = []
    known = {"LIANYING_TEST_ALL"}
    for variable in VARIABLES:
        name = f"LIANYING_{variable.name}"
        known |= {name, f"{name}_FILE"} if variable.secret else {name}
        text = environ.get(name)
        path = environ.get(f"{name}_FILE") if variable.secret else None
        try:
            if path is not None:
                text = Path(path).read_text(encoding="utf-8").strip()
            values[variable.name] = variable.default if text is None else variable.read(text)
        except (ValueError, OSError) as error:
            problems.append(f"{name}: {error}")
    problems += [f"{name}: unknown" for name in sorted(environ) if name.startswith("LIANYING_") and name not in known]
    if problems:
        raise BadSettings("\n".join(problems))
    return values


def markdown() -> str:
    """The table of docs/operate/settings.md."""
    rows = ["| variable | default | what for |", "|---|---|---|"]
    for variable in VARIABLES:
        shown = ",".join(variable.default) if isinstance(variable.default, list) else variable.default
        if isinstance(shown, bool):
            shown = "on" if shown else "off"
        note = f" May be given as `LIANYING_{variable.name}_FILE`." if variable.secret else ""
        rows.append(f"| `LIANYING_{variable.name}` | `{shown}` | {variable.help}{note} |")
    return "\n".join(rows) + "\n"


def environment() -> dict[str, object]:
    return read(os.environ)
