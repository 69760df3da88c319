"""What each step is called in the story that a resident reads."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.cases.labels import MEASURES, PETITION_STEPS
from lianying.cases.queries.timeline import Moment
from lianying.rules.entries import EntryKind
from lianying.rules.events import EventKind
from lianying.rules.petitions import Step
from lianying.rules.supervision import Measure

#: May name the unit that leads as %(unit)s and the number as %(ref)s.
STEPS_FOR_RESIDENTS: Mapping[EventKind, Promise] = {
    EventKind.HEARD: _("We heard you. Your number is %(ref)s."),
    EventKind.IMPORTED: _("This request was taken over from an earlier system."),
    EventKind.NOTED: _("A note for you:"),
    EventKind.ASSIGNED: _("The desk has read it and handed it to %(unit)s."),
    EventKind.ANSWERED_NOW: _("The desk answered you:"),
    EventKind.DECLINED: _("It cannot be accepted here. This is why, and where to turn:"),
    EventKind.OBJECTED: _("You did not agree; the desk looks at it once more. You wrote:"),
    EventKind.MERGED: _(
        "Others reported the same matter. It is handled together with theirs, and you read here how it goes on."
    ),
    EventKind.UNMERGED: _("It goes on as a request of its own."),
    EventKind.WITHDRAWN: _("You withdrew it."),
    EventKind.SIGNED: _("%(unit)s has taken it on."),
    EventKind.HANDED_UP: _("%(unit)s takes care of it now."),
    EventKind.RECALLED: _("The desk took it back to find the right office."),
    EventKind.PASSED: _("It was passed on to %(unit)s, which is closer to it."),
    EventKind.UPHELD: _("Another office is responsible. The desk took it back and hands it on."),
    EventKind.ASKED: _("%(unit)s asks you:"),
    EventKind.REPLIED: _("You replied:"),
    EventKind.RESUMED: _("%(unit)s goes on with what is known."),
    EventKind.ANSWERED: _("%(unit)s answered you:"),
    EventKind.ANSWER_APPROVED: _("%(unit)s answered you:"),
    EventKind.ANSWER_CORRECTED: _("%(unit)s corrected its answer:"),
    EventKind.EXTENDED: _("More time was granted. The new date is above."),
    EventKind.TERMINATED: _("It was ended for a lawful reason; the desk rings you to explain it, or ring us."),
    EventKind.SATISFIED: _("You said what became of it, and it was closed."),
    EventKind.UNSATISFIED: _("You said that it is not solved. %(unit)s must do it again."),
    EventKind.ENDED_UNSOLVED: _("A supervisor looked at it and closed it. It is counted as not solved."),
    EventKind.CLOSED_UNREACHED: _("We rang on several days and could not reach you, so it was closed."),
    EventKind.CLOSED_SILENT: _("We heard nothing more from you, so it was closed."),
    EventKind.REOPENED: _("There is something new. %(unit)s takes it up again."),
    EventKind.COMPLETED: _("%(unit)s has done what it had planned:"),
    EventKind.FELL_DUE: _("The day that was planned has come. %(unit)s takes it up again."),
    EventKind.TRANSFERRED: _("It was handed to the petition office:"),
    EventKind.PETITION_STEPPED: _("The petition office:"),
    EventKind.CONCLUDED: _("The petition office has decided:"),
    EventKind.RETURNED: _("The petition office gave it back; the desk takes care of it."),
    EventKind.CONTACT_CORRECTED: _("You changed your name or number."),
    EventKind.WISHED: _("You said whether we may ring you, and we do as you wish."),
    EventKind.ERASED: _(
        "Your words, photos and how to reach you were erased. What happened when remains, without them."
    ),
    EventKind.RELEASED: _("Question and answer were published, without your name and number."),
    EventKind.UNRELEASED: _("Question and answer are no longer public."),
}
ADDED_BY_RESIDENT = _("You added:")
ASKED_OPENLY = _("%(unit)s asks you (the time goes on meanwhile):")
#: Of a main request, to a reporter whose own was joined to it: that it happened, not what was said.
STEPS_OF_MAIN: Mapping[EventKind, Promise] = {
    EventKind.ANSWERED_NOW: _("The desk has answered."),
    EventKind.ANSWERED: _("%(unit)s has answered."),
    EventKind.ANSWER_APPROVED: _("%(unit)s has answered."),
    EventKind.ANSWER_CORRECTED: _("%(unit)s corrected its answer."),
    EventKind.UNSATISFIED: _("It is not solved yet. %(unit)s must do it again."),
    EventKind.COMPLETED: _("%(unit)s has done what it had planned."),
    EventKind.TRANSFERRED: _("It was handed to the petition office."),
    EventKind.CONCLUDED: _("The petition office has decided."),
}
PETITION_FOR_RESIDENTS: Mapping[Step, Promise] = {
    Step.SEND: _("The petition office sent it to the unit whose duty it is:"),
    Step.OBJECT: _("That unit says that it is not its duty. The petition office sends it anew."),
    Step.EXTEND: _("It takes longer; the head of the unit has granted more time:"),
    Step.DECIDE: _("The unit has decided, and you are given it in writing:"),
    Step.APPLY: _("You applied for a review."),
    Step.REVIEW: _("It was decided in review, and you are given it in writing:"),
    Step.APPLY_AGAIN: _("You applied for the last review."),
    Step.HEAR: _("There was a hearing; its days are not counted."),
    Step.REVIEW_AGAIN: _("It was decided in the last review, and you are given it in writing:"),
    Step.ACCEPT: _("You accepted the decision."),
}
RATED_AGAIN = _("You said that it is still not solved. A supervisor decides how it goes on.")


def sentence(moment: Moment, *, unit: str, ref: str) -> str:
    """unit: who led the case at that moment."""
    text = STEPS_FOR_RESIDENTS[moment.kind]
    if moment.kind == EventKind.NOTED:
        if "satisfaction" in moment.data:
            text = RATED_AGAIN
        elif any(said.kind == EntryKind.QUESTION for said in moment.said):
            text = ASKED_OPENLY
        elif moment.by_resident:
            text = ADDED_BY_RESIDENT
    elif moment.kind == EventKind.PETITION_STEPPED:
        text = PETITION_FOR_RESIDENTS[Step(moment.data["step"])]
    elif moment.of_main:
        text = STEPS_OF_MAIN.get(moment.kind, text)
    return str(text) % {"unit": unit, "ref": ref}


#: What each step is called in the story that staff read. May name the unit that leads from then on as %(unit)s.
STEPS: Mapping[EventKind, Promise] = {
    EventKind.HEARD: _("Received"),
    EventKind.IMPORTED: _("Taken over from an earlier system"),
    EventKind.NOTED: _("Note"),
    EventKind.CORRECTED: _("Corrected"),
    EventKind.ASSIGNED: _("Assigned to %(unit)s"),
    EventKind.ANSWERED_NOW: _("Answered at the desk"),
    EventKind.DECLINED: _("Not accepted"),
    EventKind.OBJECTED: _("The resident objects"),
    EventKind.MERGED: _("Merged into another request"),
    EventKind.UNMERGED: _("Taken out of the merger"),
    EventKind.WITHDRAWN: _("Withdrawn by the resident"),
    EventKind.SIGNED: _("Signed for by %(unit)s"),
    EventKind.HANDED_UP: _("Handed up to %(unit)s"),
    EventKind.RECALLED: _("Recalled to the desk"),
    EventKind.PASSED: _("Passed down to %(unit)s"),
    EventKind.HANDED_TO: _("Handed to a colleague"),
    EventKind.DISPUTED: _("%(unit)s says that it is not its duty"),
    EventKind.UPHELD: _("The desk agrees: another unit's duty"),
    EventKind.DISMISSED: _("The desk disagrees: it stays with %(unit)s"),
    EventKind.TAKEN_BACK: _("%(unit)s took its dispute back"),
    EventKind.ASKED: _("The resident is asked"),
    EventKind.REPLIED: _("Reply of the resident"),
    EventKind.RESUMED: _("Goes on without a reply"),
    EventKind.ANSWERED: _("Answered by %(unit)s"),
    EventKind.ANSWER_PROPOSED: _("An answer waits for the head of %(unit)s"),
    EventKind.ANSWER_APPROVED: _("The head approved it: answered by %(unit)s"),
    EventKind.ANSWER_REFUSED: _("The head sent the answer back"),
    EventKind.ANSWER_CORRECTED: _("The answer was corrected"),
    EventKind.EXTENSION_PROPOSED: _("More time is asked for"),
    EventKind.EXTENDED: _("More time was granted"),
    EventKind.EXTENSION_REFUSED: _("More time was refused"),
    EventKind.END_PROPOSED: _("An early end is proposed"),
    EventKind.TERMINATED: _("Ended early"),
    EventKind.END_REFUSED: _("The early end was refused"),
    EventKind.SATISFIED: _("Checked: the resident is content"),
    EventKind.UNSATISFIED: _("Checked: not content, back to %(unit)s"),
    EventKind.ENDED_UNSOLVED: _("Ended unsolved by a supervisor"),
    EventKind.CLOSED_UNREACHED: _("Closed: the resident could not be reached"),
    EventKind.CLOSED_SILENT: _("Closed: no word from the resident"),
    EventKind.REOPENED: _("Reopened"),
    EventKind.COMPLETED: _("%(unit)s records that what was planned is done"),
    EventKind.FELL_DUE: _("The planned day has come; %(unit)s takes it up again"),
    EventKind.TRANSFERRED: _("Handed to the petition office"),
    EventKind.PETITION_STEPPED: _("The petition office"),
    EventKind.CONCLUDED: _("Concluded by the petition office"),
    EventKind.RETURNED: _("Returned by the petition office"),
    EventKind.TOLD: _("The resident was rung and told"),
    EventKind.RANG: _("The resident was rung"),
    EventKind.SUPERVISED: _("Supervision"),
    EventKind.REFERRED: _("Referred to another system, too"),
    EventKind.REFERRAL_HEARD: _("The other system says"),
    EventKind.SUPERVISION_ANSWERED: _("%(unit)s answers the supervision"),
    EventKind.SUPERVISION_DECIDED: _("The answer to the supervision was found wanting"),
    EventKind.CONTACT_CORRECTED: _("The resident changed name or number"),
    EventKind.WISHED: _("Whether the resident may be rung was changed"),
    EventKind.ERASED: _("Words, photos and contact were erased"),
    EventKind.RELEASED: _("Published on the board"),
    EventKind.UNRELEASED: _("Taken off the board"),
    EventKind.RECOMPUTED: _("The promise was counted again, the holidays of the year being published"),
}
SUPERVISION_ACCEPTED = _("The answer to the supervision was accepted")
NOTED_BY_RESIDENT = _("The resident adds")
NOTED_AS_QUESTION = _("The resident is asked on the progress page; the clock goes on")
NOTED_AS_RATING = _("The resident is still not content; a supervisor decides")


def staff_sentence(moment: Moment, *, unit: str) -> str:
    """unit: who led the case from that moment."""
    text = STEPS[moment.kind]
    if moment.kind == EventKind.NOTED:
        if "satisfaction" in moment.data:
            text = NOTED_AS_RATING
        elif "asked" in moment.data:
            text = NOTED_AS_QUESTION
        elif moment.by_resident:
            text = NOTED_BY_RESIDENT
    elif moment.kind == EventKind.PETITION_STEPPED:
        text = PETITION_STEPS[Step(moment.data["step"])]
    elif moment.kind == EventKind.SUPERVISED:
        text = MEASURES[Measure(moment.data["measure"])]
    elif moment.kind == EventKind.SUPERVISION_DECIDED and moment.data["accepted"]:
        text = SUPERVISION_ACCEPTED
    return str(text) % {"unit": unit}
