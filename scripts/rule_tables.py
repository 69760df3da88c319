"""The tables of docs/rules that are printed from the code, so that they cannot differ from it."""

from lianying.rules.events import KIND_OF, EventKind
from lianying.rules.powers import POST_ROLES, POWERS, Power, Role


def powers() -> str:
    """Who may do what: a row for each power, a column for each role."""
    roles = [*POST_ROLES, Role.RESIDENT, Role.CLOCK]
    rows = [f"| power | {' | '.join(role.value for role in roles)} |", "|---|" + "---|" * len(roles)]
    for power in Power:
        held = ["✓" if power in POWERS[role] else "" for role in roles]
        rows.append(f"| `{power.value}` | {' | '.join(held)} |")
    return "\n".join(rows) + "\n"


def events() -> str:
    """Every kind of event with the move that makes it, if one does."""
    moves = {kind: move.value for move, kind in KIND_OF.items()}
    rows = ["| event | move |", "|---|---|"]
    rows += [f"| `{kind.value}` | {moves.get(kind, '')} |" for kind in EventKind]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(powers(), events(), sep="\n")
