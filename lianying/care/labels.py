from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from lianying.rules.care import REVIEW_SOON, Exit, Move, Refusal, Risk, Shown, Source, Stage

STAGES: dict[Stage, Promise] = {
    Stage.CLUE: _("clue"),
    Stage.CHECKING: _("being checked"),
    Stage.CHECKED: _("to be decided"),
    Stage.UNDER_CARE: _("under care"),
    Stage.LEAVING: _("exit to be decided"),
    Stage.NOT_ADMITTED: _("not admitted"),
    Stage.EXITED: _("exited"),
}
#: What the button says.
MOVES: dict[Move, Promise] = {
    Move.NOTE: _("Note the clue"),
    Move.TAKE_UP: _("I check it"),
    Move.CHECK: _("Write what was found"),
    Move.SEND_BACK: _("Have it checked again"),
    Move.ADMIT: _("Admit the household"),
    Move.REFUSE: _("Do not admit"),
    Move.MEASURE: _("Take a measure"),
    Move.FINISH: _("End the measure"),
    Move.REVIEW: _("Reviewed: it stays"),
    Move.PROPOSE_EXIT: _("Propose the exit"),
    Move.EXIT: _("Agree to the exit"),
    Move.KEEP: _("It stays under care"),
    Move.PUBLISH: _("Put it on the public list"),
    Move.UNPUBLISH: _("Take it off the public list"),
}
#: Where what it asks for is there already, and still waits.
AGAIN: dict[tuple[Stage, Move], Promise] = {
    (Stage.CHECKED, Move.CHECK): _("Put right what was found"),
    (Stage.LEAVING, Move.PROPOSE_EXIT): _("Put right what was proposed"),
}
#: What the story says of the step.
DONE: dict[Move, Promise] = {
    Move.NOTE: _("clue noted"),
    Move.TAKE_UP: _("check taken up"),
    Move.CHECK: _("checked"),
    Move.SEND_BACK: _("sent back to be checked again"),
    Move.ADMIT: _("admitted"),
    Move.REFUSE: _("not admitted"),
    Move.MEASURE: _("measure taken"),
    Move.FINISH: _("measure ended"),
    Move.REVIEW: _("reviewed: stays under care"),
    Move.PROPOSE_EXIT: _("exit proposed"),
    Move.EXIT: _("exited"),
    Move.KEEP: _("stays under care"),
    Move.PUBLISH: _("put on the public list"),
    Move.UNPUBLISH: _("taken off the public list"),
}
SOURCES: dict[Source, Promise] = {
    Source.VISIT: _("found on a visit"),
    Source.REQUEST: _("asked for by the household"),
    Source.IMPORT: _("from a list of another office"),
}
RISKS: dict[Risk, Promise] = {
    Risk.ILLNESS: _("illness"),
    Risk.SCHOOLING: _("schooling"),
    Risk.DISASTER: _("disaster"),
    Risk.WORK: _("loss of work"),
    Risk.ACCIDENT: _("accident"),
    Risk.OTHER: pgettext_lazy("risk", "other"),
}
REFUSALS: dict[Refusal, Promise] = {
    Refusal.NO_RISK: _("no risk of falling back"),
    Refusal.SUPPORTED: _("other help keeps it safe already"),
    Refusal.ELSEWHERE: _("it lives elsewhere"),
    Refusal.WISH: _("the household does not wish it"),
    Refusal.MISTAKEN: _("noted by mistake"),
}
EXITS: dict[Exit, Promise] = {
    Exit.STABLE: _("the risk is gone, and stays so"),
    Exit.MOVED: _("moved away"),
    Exit.DIED: _("nobody of it lives any more"),
    Exit.WISH: _("the household wishes it"),
}
SHOWN: dict[Shown, Promise] = {
    Shown.ADMITTED: _("taken under care"),
    Shown.EXITED: _("care ended"),
}


def step_label(stage: Stage, move: Move) -> Promise:
    return AGAIN.get((stage, move), MOVES[move])


#: What waits on a day.
WAITS: dict[str, Promise] = {
    "decide": _("decision"),
    "exit": _("decision on the exit"),
    "measure": _("measure"),
    "review": _("review"),
}
#: The day on which it waits.
DAYS: dict[str, Promise] = {
    "decide": _("Decided by"),
    "exit": _("Exit decided by"),
    "review": _("Next review"),
}
#: So many days before its day something is near.
NEAR = 3


def due_words(waits: str, left: int) -> str:
    """'认定还剩 3 天', '措施已超期 2 天'."""
    days = abs(left)
    if left == 0:
        text = _t("%(what)s: due today")
    elif left < 0:
        text = ngettext("%(what)s: %(days)s day late", "%(what)s: %(days)s days late", days)
    else:
        text = ngettext("%(what)s: %(days)s day left", "%(what)s: %(days)s days left", days)
    return text % {"what": WAITS[waits], "days": days}


def due_look(waits: str, left: int) -> str:
    """The class of its chip."""
    if left < 0:
        return "late"
    return "near" if left <= (REVIEW_SOON.days if waits == "review" else NEAR) else "plain"


def stage_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in STAGES.items()]


def source_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in SOURCES.items()]


def move_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in DONE.items()]


def risk_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in RISKS.items()]


def refusal_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in REFUSALS.items()]


def exit_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in EXITS.items()]


def reason_choices() -> list[tuple[str, Promise]]:
    """Of a refusal and of an exit; the one that both have says the same."""
    return list(dict([*refusal_choices(), *exit_choices()]).items())


def shown_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in SHOWN.items()]
