from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.rules.kinds import CallResult, CaseKind, Channel, DeclineReason, Ending, Outcome, Solved, Urgency
from lianying.rules.lifecycle import Move, State
from lianying.rules.petitions import Stage as PetitionStage
from lianying.rules.petitions import Step as PetitionStep
from lianying.rules.rates import Standing
from lianying.rules.supervision import Measure

STATES: dict[State, Promise] = {
    State.HEARD: _("to be sorted"),
    State.ASSIGNED: _("to be signed for"),
    State.HANDLING: _("being handled"),
    State.WAITING: _("waiting for the resident"),
    State.DISPUTED: _("duty disputed"),
    State.ANSWERED: _("answered, to be checked"),
    State.PETITION: _("with the petition office"),
    State.DECLINED: _("not accepted"),
    State.MERGED: _("merged"),
    State.WITHDRAWN: _("withdrawn"),
    State.CLOSED: _("closed"),
}
#: The same states in the words a resident reads.
STATES_FOR_RESIDENTS: dict[State, Promise] = {
    State.HEARD: _("received"),
    State.ASSIGNED: _("handed over"),
    State.HANDLING: _("in hand"),
    State.WAITING: _("waiting for your reply"),
    State.DISPUTED: _("finding the right office"),
    State.ANSWERED: _("answered"),
    State.PETITION: _("handed to the petition office"),
    State.DECLINED: _("not accepted here"),
    State.MERGED: _("joined with the same matter"),
    State.WITHDRAWN: _("withdrawn by you"),
    State.CLOSED: _("finished"),
}
KINDS: dict[CaseKind, Promise] = {
    CaseKind.CONSULT: pgettext_lazy("kind of request", "question"),
    CaseKind.HELP: pgettext_lazy("kind of request", "help"),
    CaseKind.COMPLAINT: pgettext_lazy("kind of request", "complaint"),
    CaseKind.REPORT: pgettext_lazy("kind of request", "report of wrongdoing"),
    CaseKind.SUGGESTION: pgettext_lazy("kind of request", "suggestion"),
    CaseKind.THANKS: pgettext_lazy("kind of request", "thanks"),
    CaseKind.OTHER: pgettext_lazy("kind of request", "other"),
}
URGENCIES: dict[Urgency, Promise] = {
    Urgency.URGENT: _("urgent"),
    Urgency.PRIORITY: _("priority"),
    Urgency.ORDINARY: _("ordinary"),
    Urgency.COMPLEX: _("complex"),
}
CHANNELS: dict[Channel, Promise] = {
    Channel.WEB: pgettext_lazy("channel", "web page"),
    Channel.PHONE: pgettext_lazy("channel", "telephone"),
    Channel.COUNTER: pgettext_lazy("channel", "counter"),
    Channel.VISIT: pgettext_lazy("channel", "visit"),
    Channel.STATION: pgettext_lazy("channel", "station"),
    Channel.INSPECTION: pgettext_lazy("channel", "inspection"),
    Channel.PAPER: pgettext_lazy("channel", "letter"),
    Channel.IMPORT: pgettext_lazy("channel", "imported"),
    Channel.OPEN311: pgettext_lazy("channel", "Open311"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.SOLVED: pgettext_lazy("outcome", "solved"),
    Outcome.PARTLY: pgettext_lazy("outcome", "partly solved"),
    Outcome.PLANNED: pgettext_lazy("outcome", "planned, with a date"),
    Outcome.CANNOT: pgettext_lazy("outcome", "cannot be done, with the reason"),
}
SOLVED: dict[Solved, Promise] = {
    Solved.YES: pgettext_lazy("solved?", "solved"),
    Solved.PARTLY: pgettext_lazy("solved?", "partly"),
    Solved.NO: pgettext_lazy("solved?", "not solved"),
}
ENDINGS: dict[Ending, Promise] = {
    Ending.SATISFIED: _("the resident was asked and agreed"),
    Ending.UNSOLVED: _("ended unsolved"),
    Ending.UNREACHED: _("the resident could not be reached"),
    Ending.SILENT: _("no word from the resident"),
    Ending.TERMINATED: _("ended for a lawful reason"),
    Ending.IMPORTED: _("imported with its answer"),
    Ending.CONCLUDED: _("concluded by the petition office"),
}
DECLINE_REASONS: dict[DeclineReason, Promise] = {
    DeclineReason.EMERGENCY: _("an emergency: 110, 119, 120 or 122"),
    DeclineReason.LEGAL_CHANNEL: _("belongs to a court, arbitration, review or another lawful channel"),
    DeclineReason.NO_NEW_FACT: _("the same matter without new facts"),
    DeclineReason.SECRET_OR_PRIVATE: _("touches secrets or the privacy of others"),
    DeclineReason.OUTSIDE_DUTY: _("outside the duty of public offices"),
    DeclineReason.UNLAWFUL: _("unlawful or against public morals"),
}
CALL_RESULTS: dict[CallResult, Promise] = {
    CallResult.REACHED: _("reached"),
    CallResult.NO_ANSWER: _("no answer"),
    CallResult.WRONG_NUMBER: _("wrong number"),
    CallResult.CALL_LATER: _("asked to be called later"),
}
#: Where a request stands in the figures.
STANDINGS: dict[Standing, Promise] = {
    Standing.IN_TIME: _("answered in time"),
    Standing.ANSWERED_LATE: _("answered late"),
    Standing.LATE_OPEN: _("promise passed, still without the answer it owes"),
    Standing.NOT_YET_DUE: _("promise not yet due"),
    Standing.IMPORTED: _("taken over from an earlier system: no promise was given here"),
    Standing.MERGED: _("joined with a request about the same matter, which is counted"),
    Standing.WITHDRAWN: _("withdrawn by the resident"),
    Standing.DECLINED: _("not accepted, the reason and the proper channel told"),
    Standing.TERMINATED: _("ended early for a lawful reason, proposed and decided by two people"),
    Standing.PETITION: _("handed to the petition office before an answer, with the terms of its own law"),
    Standing.AT_ONCE: _("answered at once by the reception desk"),
}
#: Who decides that a request is left out of the rates: by the table of the lifecycle nobody else can.
EXCLUDED_BY: dict[Standing, Promise] = {
    Standing.IMPORTED: _("entered by the operator"),
    Standing.MERGED: _("decided by the reception desk"),
    Standing.WITHDRAWN: _("decided by the resident"),
    Standing.DECLINED: _("decided by the reception desk"),
    Standing.TERMINATED: _("proposed by the head of the unit, decided by the reception desk"),
    Standing.PETITION: _("decided by the reception desk"),
    Standing.AT_ONCE: _("decided by the reception desk"),
}
#: What a button says.
MOVES: dict[Move, Promise] = {
    Move.HEAR: _("Receive"),
    Move.NOTE: _("Add a note"),
    Move.CORRECT: _("Correct"),
    Move.ASSIGN: _("Assign"),
    Move.ANSWER_NOW: _("Answer at once"),
    Move.DECLINE: _("Do not accept"),
    Move.OBJECT: _("Object"),
    Move.MERGE: _("Merge"),
    Move.UNMERGE: _("Unmerge"),
    Move.WITHDRAW: _("Withdraw"),
    Move.SIGN: _("Sign for it"),
    Move.HAND_UP: _("Hand up to the desk above"),
    Move.RECALL: _("Recall"),
    Move.PASS: _("Pass down"),
    Move.HAND_TO: _("Hand to a colleague"),
    Move.DISPUTE: _("Not our duty"),
    Move.UPHOLD: _("Agree: take it back"),
    Move.DISMISS: _("Disagree: it stays"),
    Move.TAKE_BACK: _("Take the dispute back"),
    Move.ASK: _("Ask the resident"),
    Move.REPLY: _("Record the reply"),
    Move.RESUME: _("Go on without a reply"),
    Move.ANSWER: _("Answer"),
    Move.PROPOSE_ANSWER: _("Send the answer to the head"),
    Move.APPROVE: _("Approve the answer"),
    Move.REFUSE_ANSWER: _("Send the answer back"),
    Move.CORRECT_ANSWER: _("Correct the answer"),
    Move.PROPOSE_EXTENSION: _("Ask for more time"),
    Move.EXTEND: _("Grant more time"),
    Move.REFUSE_EXTENSION: _("Refuse more time"),
    Move.PROPOSE_END: _("Propose to end it"),
    Move.TERMINATE: _("End it"),
    Move.REFUSE_END: _("Do not end it"),
    Move.CHECK_SATISFIED: _("Solved"),
    Move.CHECK_UNSATISFIED: _("Not solved: back to the unit"),
    Move.END_UNSOLVED: _("End unsolved"),
    Move.CLOSE_UNREACHED: _("Close: not reached"),
    Move.CLOSE_SILENT: _("Close: no word"),
    Move.REOPEN: _("Reopen"),
    Move.COMPLETE: _("Record that it is done"),
    Move.FALL_DUE: _("The planned date has passed"),
    Move.TRANSFER: _("Hand to the petition office"),
    Move.PETITION_STEP: _("Record a step of the petition office"),
    Move.CONCLUDE: _("Conclude"),
    Move.RETURN: _("Return"),
}


MEASURES: dict[Measure, Promise] = {
    Measure.NOTE: _("Leader's note"),
    Measure.REMIND: _("Reminder"),
    Measure.SUPERVISE: _("Supervision"),
    Measure.LIST: _("Listed supervision"),
    Measure.TALK: _("Talk"),
    Measure.CIRCULAR: _("Circular"),
}
PETITION_STAGES: dict[PetitionStage, Promise] = {
    PetitionStage.RECEIVED: _("to be sent to the unit, and the resident told in writing"),
    PetitionStage.SENT: _("with the unit, which resolves it"),
    PetitionStage.DECIDED: _("decided; the resident may apply for a review"),
    PetitionStage.IN_REVIEW: _("in review"),
    PetitionStage.REVIEWED: _("reviewed; the resident may apply for the last review"),
    PetitionStage.IN_LAST_REVIEW: _("in the last review"),
    PetitionStage.FINAL: _("nothing left to decide: to be concluded"),
}
PETITION_STEPS: dict[PetitionStep, Promise] = {
    PetitionStep.SEND: _("sent to the unit whose duty it is"),
    PetitionStep.OBJECT: _("the unit objects: it is not its duty"),
    PetitionStep.EXTEND: _("more time, granted by the head of the unit"),
    PetitionStep.DECIDE: _("the unit has decided"),
    PetitionStep.APPLY: _("the resident applies for a review"),
    PetitionStep.REVIEW: _("decided in review"),
    PetitionStep.APPLY_AGAIN: _("the resident applies for the last review"),
    PetitionStep.HEAR: _("a hearing, whose days are not counted"),
    PetitionStep.REVIEW_AGAIN: _("decided in the last review"),
    PetitionStep.ACCEPT: _("the resident accepts the decision"),
}


def state_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in STATES.items()]


def kind_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in KINDS.items()]


def urgency_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in URGENCIES.items()]


def channel_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in CHANNELS.items()]


def outcome_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in OUTCOMES.items()]


def solved_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in SOLVED.items()]


def ending_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in ENDINGS.items()]


def decline_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in DECLINE_REASONS.items()]


def call_result_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in CALL_RESULTS.items()]


def petition_step_choices() -> list[tuple[str, Promise]]:
    return [(one.value, label) for one, label in PETITION_STEPS.items()]
