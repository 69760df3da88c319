"""The moves as staff meet them: each with its form and the action that makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.cases import actions
from lianying.cases.facts import moves_for
from lianying.cases.forms import moves as forms
from lianying.cases.forms import petition, sorting
from lianying.cases.forms.moves import Around, MoveForm
from lianying.cases.labels import MOVES
from lianying.cases.models import Case
from lianying.notices.queries import channel_of
from lianying.rules.lifecycle import Move, State
from lianying.rules.powers import Power

ASK_OPENLY = "ask_openly"


@dataclass(frozen=True, slots=True)
class Deed:
    """act takes the case, the form's values, the version where the form is `versioned`, `by` and `at`."""

    label: Promise
    form: type[MoveForm]
    act: Callable[..., Case]

    @property
    def is_simple(self) -> bool:
        """Whether a button says all."""
        return self.form is MoveForm


_ACTS: Mapping[Move, tuple[type[MoveForm], Callable[..., Case]]] = {
    Move.NOTE: (forms.NoteForm, actions.note),
    Move.CORRECT: (sorting.CorrectForm, actions.correct),
    Move.ASSIGN: (sorting.AssignForm, actions.assign),
    Move.ANSWER_NOW: (sorting.AnswerNowForm, actions.answer_now),
    Move.DECLINE: (sorting.DeclineForm, actions.decline),
    Move.MERGE: (forms.MergeForm, actions.merge),
    Move.UNMERGE: (MoveForm, actions.unmerge),
    Move.SIGN: (MoveForm, actions.sign),
    Move.HAND_UP: (forms.ReasonForm, actions.hand_up),
    Move.RECALL: (forms.ReasonForm, actions.recall),
    Move.PASS: (forms.PassForm, actions.pass_down),
    Move.HAND_TO: (forms.HandToForm, actions.hand_to),
    Move.DISPUTE: (forms.DisputeForm, actions.dispute),
    Move.UPHOLD: (forms.ReasonForm, actions.uphold),
    Move.DISMISS: (forms.ReasonForm, actions.dismiss),
    Move.TAKE_BACK: (MoveForm, actions.take_back),
    Move.ASK: (forms.AskForm, actions.ask),
    Move.REPLY: (forms.ReplyForm, actions.reply),
    Move.RESUME: (MoveForm, actions.resume),
    Move.ANSWER: (forms.AnswerForm, actions.answer),
    Move.APPROVE: (forms.ApproveForm, actions.approve),
    Move.REFUSE_ANSWER: (forms.ReasonForm, actions.refuse_answer),
    Move.CORRECT_ANSWER: (forms.CorrectAnswerForm, actions.correct_answer),
    Move.PROPOSE_EXTENSION: (forms.ExtensionForm, actions.propose_extension),
    Move.EXTEND: (forms.ExtendForm, actions.extend),
    Move.REFUSE_EXTENSION: (forms.ReasonForm, actions.refuse_extension),
    Move.PROPOSE_END: (forms.ReasonForm, actions.propose_end),
    Move.TERMINATE: (MoveForm, actions.terminate),
    Move.REFUSE_END: (forms.ReasonForm, actions.refuse_end),
    Move.CHECK_SATISFIED: (forms.ContentForm, actions.check_satisfied),
    Move.CHECK_UNSATISFIED: (forms.NotContentForm, actions.check_unsatisfied),
    Move.END_UNSOLVED: (forms.ReasonForm, actions.end_unsolved),
    Move.CLOSE_UNREACHED: (MoveForm, actions.close_unreached),
    Move.COMPLETE: (forms.CompleteForm, actions.complete),
    Move.REOPEN: (forms.ReopenForm, actions.reopen),
    Move.TRANSFER: (petition.TransferForm, actions.transfer),
    Move.PETITION_STEP: (petition.PetitionStepForm, actions.petition_step),
    Move.CONCLUDE: (petition.ConcludeForm, actions.conclude),
    Move.RETURN: (forms.ReasonForm, actions.give_back),
}
#: By the last part of the address, in the order of the page.
DEEDS: Mapping[str, Deed] = {
    **{move.value: Deed(MOVES[move], form, act) for move, (form, act) in _ACTS.items()},
    ASK_OPENLY: Deed(_("Ask on the progress page"), forms.AskOpenlyForm, actions.ask_openly),
}
#: The step that the page offers first.
FOREMOST = (Move.SIGN, Move.APPROVE, Move.EXTEND, Move.TERMINATE, Move.ASSIGN, Move.ANSWER, Move.PETITION_STEP)


def offered(around: Around) -> list[str]:
    """Names of the deeds that this person may do now."""
    case, actor = around.case, around.actor
    allowed = set(moves_for(case, by=actor, at=around.at))
    names = [move.value for move in _ACTS if move in allowed]
    if case.state == State.HANDLING and channel_of(case.contact) is None and actor.may(Power.HANDLE, case.path):
        names.append(ASK_OPENLY)
    return names
