"""What is done with results and goals; a module for each family."""

from lianying.reviews.actions.programmes import (
    GoalCard,
    TaskCard,
    Thing,
    change_goal,
    change_task,
    drop_task,
    enter_figure,
    finish_task,
    give_up,
    link_rows,
    name_line,
    reopen_task,
    set_goal,
    set_task,
    unlink_row,
)
from lianying.reviews.actions.results import ResultCard, correct, enter, take_back

__all__ = [
    "GoalCard",
    "ResultCard",
    "TaskCard",
    "Thing",
    "change_goal",
    "change_task",
    "correct",
    "drop_task",
    "enter",
    "enter_figure",
    "finish_task",
    "give_up",
    "link_rows",
    "name_line",
    "reopen_task",
    "set_goal",
    "set_task",
    "take_back",
    "unlink_row",
]
