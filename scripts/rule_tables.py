"""The tables of docs/rules that are printed from the code, so that they cannot differ from it."""

from lianying.rules import care as care_rules
from lianying.rules.events import KIND_OF, EventKind
from lianying.rules.lifecycle import TABLE, Move, State
from lianying.rules.powers import POWERS, Power, Role


def powers() -> str:
    """Who may do what: a row for each power, a column for each role."""
    roles = list(Role)
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


def lifecycle() -> str:
    """Every row of the table: from where, which move, to where, the power it takes, what must be given."""
    rows = ["| from | move | to | power | needs |", "|---|---|---|---|---|"]
    for move in Move:
        origins = [state for state in State if (state, move) in TABLE]
        if not origins:
            continue
        step = TABLE[origins[0], move]
        same = all(TABLE[state, move].to == state for state in origins)
        to = "same" if same else step.to.value
        needs = ", ".join(need.value for need in step.needs)
        rows.append(f"| {' '.join(origins)} | `{move.value}` | {to} | `{step.power.value}` | {needs} |")
    return "\n".join(rows) + "\n"


def diagram() -> str:
    """The moves between two states, for a reader's eye; those that stay are in the table."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, move), step in TABLE.items():
        if step.to != state:
            arrows.setdefault((state.value, step.to.value), []).append(move.value)
    lines = [f"    {origin} --> {to}: {', '.join(moves)}" for (origin, to), moves in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> heard: hear", *lines, "```"]) + "\n"


def care() -> str:
    """Every step of a household under care: from where, to where, the power it takes, what must be given."""
    rows = ["| from | step | to | power | needs |", "|---|---|---|---|---|"]
    for move in dict.fromkeys(move for _, move in care_rules.TABLE):
        origins = [stage for stage in care_rules.Stage if (stage, move) in care_rules.TABLE]
        step = care_rules.TABLE[origins[0], move]
        to = "same" if all(care_rules.TABLE[one, move].to is one for one in origins) else step.to.value
        needs = ", ".join(need.value for need in step.needs)
        rows.append(f"| {' '.join(origins)} | `{move.value}` | {to} | `{step.power.value}` | {needs} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(powers(), events(), lifecycle(), diagram(), care(), sep="\n")
