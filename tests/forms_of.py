"""The forms of a page as a browser sees them, and what somebody might fill in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: What a considerate person writes, by the type of the control.
GOOD = {
    "tel": "13812348263",
    "date": "2026-12-01",
    "number": "3",
    "password": "wrong-2026",
    "search": "路灯",
    "file": "",
}
WORDS = "路灯坏了三天"
WRITTEN = frozenset({"text", "textarea", "search", "tel", "password"})


@dataclass
class Control:
    """kind: the `type` of an input, 'textarea', 'select' or 'button'; choices: values that can be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def good(self) -> str:
        """A value that belongs here."""
        if self.kind in {"radio", "select", "checkbox"}:
            return next(filter(None, self.choices), self.value)
        return self.value or ("" if self.kind == "hidden" else GOOD.get(self.kind, WORDS))


@dataclass
class Form:
    """controls by name; a button counts as one, the first of a name wins."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)

    def filled(self) -> dict[str, str]:
        return {name: control.good for name, control in self.controls.items() if control.kind != "file"}

    @property
    def written(self) -> list[str]:
        """Names of what is typed."""
        return [name for name, control in self.controls.items() if control.kind in WRITTEN]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.control: Control | None = None
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            self.inside = True
        elif tag == "option" and self.control is not None:
            self.control.choices.append(given.get("value", ""))
        elif self.inside and tag in {"input", "textarea", "select", "button"} and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            self._add(Control(given["name"], kind, given.get("value", "")), given)

    def _add(self, control: Control, given: dict[str, str]) -> None:
        known = self.forms[-1].controls.setdefault(control.name, control)
        if control.kind in {"radio", "checkbox"}:
            known.choices.append(given.get("value", "on"))
        self.control = control if control.kind in {"textarea", "select"} else None

    def handle_data(self, data: str) -> None:
        if self.control is not None and self.control.kind == "textarea":
            self.control.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self.control = None
        elif tag == "form":
            self.inside = False


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms
