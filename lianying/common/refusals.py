"""The words of every refusal and its HTTP status: one table."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Words:
    """text may name the facts of the refusal as %(name)s."""

    status: int
    text: Promise


WORDS: Mapping[str, Words] = {
    "stale": Words(
        409,
        _(
            "Somebody changed this request while you were writing. "
            "What you typed is kept; look at what is new and send it again."
        ),
    ),
    "not_from_here": Words(409, _("This step is no longer possible: the request has moved on.")),
    "not_yours": Words(403, _("Your post does not include this step.")),
    "no_words": Words(422, _("Please write a few words.")),
    "no_name": Words(422, _("Please give it a name.")),
    "too_many_saved": Words(409, _("You keep %(most)s lists already; please remove one first.")),
    "too_often": Words(429, _("This address has tried very often within an hour. Please try again later, or ring us.")),
    "absence_span": Words(422, _("Please choose a first and a last day, from today on and within a year.")),
    "absence_overlaps": Words(
        409, _("On one of these days this person is away already, or stands in for somebody, or is to be stood in for.")
    ),
    "import_moved": Words(409, _("This workbook has moved on meanwhile. Please look at the page anew.")),
    "petition_not_now": Words(409, _("This step does not follow where the petition stands now.")),
    "petition_day": Words(422, _("Please choose a day between that of the last step and today.")),
    "petition_objection_late": Words(409, _("A unit may object within five working days after it was sent to it.")),
    "petition_apply_late": Words(409, _("The term for applying had passed on that day; the decision stands.")),
    "petition_extended": Words(409, _("More time was granted once already; the law allows no second time.")),
    "petition_days": Words(422, _("Please say how many calendar days, 1 to 30.")),
    "petition_undecided": Words(409, _("Nothing has been decided yet; a petition is concluded after a decision.")),
    "petition_open": Words(
        409, _("The resident may still apply for a review; it can be concluded when that term is over.")
    ),
    "petition_decided": Words(409, _("A decision was made, so that it cannot be given back any more.")),
    "no_desk_above": Words(409, _("No reception desk stands above this one.")),
    "other_desks_unit": Words(403, _("That unit lies outside what this desk serves. Hand the request up instead.")),
    "no_unit": Words(422, _("Please choose a unit.")),
    "step_too_early": Words(409, _("One step after the other: the step before this one has not been taken.")),
    "step_taken": Words(409, _("This step was taken already; the next one is possible.")),
    "answer_awaited": Words(409, _("The unit still has time to answer the last step.")),
    "answer_undecided": Words(409, _("The unit has answered the last step. Please decide on its answer first.")),
    "nothing_owed": Words(409, _("Nobody waits for an answer here any more.")),
    "day_in_past": Words(422, _("Please name a day from tomorrow on, within a year.")),
    "erased": Words(409, _("What was said in this request has been erased; it goes on no more.")),
    "not_ended": Words(409, _("This request has not ended yet; its words are still needed.")),
    "too_long_true": Words(422, _("Please name a day within two years.")),
    "head_reads_first": Words(
        409, _("An answer that says so is read by the head first. A corrected answer keeps what came of it.")
    ),
    "too_deep": Words(422, _("Units cannot be nested any deeper.")),
    "unit_needed": Words(409, _("This unit cannot be taken out of use: without it nobody would receive requests.")),
    "last_operator": Words(409, _("This is the only operator. Please give the post to somebody else first.")),
    "ends_before": Words(422, _("A post cannot end before it began.")),
    "second_root": Words(422, _("There is one root unit already; please choose the unit above.")),
    "no_contact_kept": Words(409, _("The resident left neither name nor number.")),
    "objected_already": Words(409, _("You have objected once already; a second objection is not possible.")),
    "objection_too_late": Words(
        409, _("The time for an objection has passed. You can tell us again as a new request.")
    ),
    "reopened_already": Words(
        409, _("This request was reopened once already. You can tell us again as a new request.")
    ),
    "reopening_too_late": Words(409, _("The time for reopening has passed. You can tell us again as a new request.")),
    "no_contact": Words(
        409,
        _("The resident can be neither rung nor written to. Ask on the progress page instead; the promise goes on."),
    ),
    "asks_used": Words(409, _("The resident was asked %(asks)s times already; please answer with what is known.")),
    "desk_asks": Words(
        422, _("Who reported is known to the reception desk alone. Please let the desk ring and ask for you.")
    ),
    "ask_days_used": Words(
        409, _("The %(days)s working days for questions are used up; please answer with what is known.")
    ),
    "disputed_already": Words(409, _("Your unit has disputed this once already; it cannot do so again.")),
    "dispute_too_late": Words(409, _("The time for disputing has passed.")),
    "own_duty": Words(
        422,
        _("The duty list gives this to your own unit; it cannot be pushed down to a town, village or community."),
    ),
    "extended_already": Words(409, _("More time was granted once already.")),
    "no_extension_here": Words(409, _("Requests of this kind cannot be given more time.")),
    "extension_days": Words(422, _("Please choose between 1 and %(limit)s working days.")),
    "proposal_open": Words(409, _("The same was proposed already and waits for a decision.")),
    "nothing_proposed": Words(409, _("Nothing waits for a decision any more.")),
    "same_person": Words(409, _("Whoever proposes cannot decide. Please let a colleague with the same post do it.")),
    "reports_stay_alone": Words(409, _("A report of wrongdoing is never merged.")),
    "main_ended": Words(409, _("The main request has ended; this one cannot be taken out any more.")),
    "no_such_main": Words(422, _("This is not an open request that others can be merged into.")),
    "has_merged": Words(409, _("Other requests are merged into this one. Merge it the other way round.")),
    "reworks_used": Words(
        409, _("The unit has reworked this %(reworks)s times. A supervisor now decides how it ends.")
    ),
    "reworks_left": Words(409, _("The unit has not yet reworked this %(reworks)s times.")),
    "attempts_missing": Words(409, _("Please ring on %(attempts)s different days before closing.")),
    "rated_already": Words(409, _("The resident has given a verdict; a supervisor decides how it ends.")),
    "nothing_planned": Words(409, _("The answer did not announce a date.")),
    "accused_line": Words(422, _("This unit stands in the line of the one that is reported. Please choose another.")),
    "accused_unsaid": Words(
        422,
        _(
            "A report of wrongdoing: please say which unit is reported on, or that it is none, "
            "so that it never reaches it."
        ),
    ),
    "not_below": Words(422, _("Please choose a unit below your own.")),
    "no_colleague": Words(422, _("Please choose somebody who handles requests at this unit.")),
    "no_planned_day": Words(422, _("A planned answer needs a day in the future.")),
    "no_rating": Words(422, _("Please choose between 1 and 5.")),
    "not_content": Words(422, _("Below 3 the request goes back to the unit: please choose “not solved” and say why.")),
    "told_already": Words(409, _("A colleague has told the resident already.")),
    "no_consent": Words(409, _("The resident has not agreed to publication.")),
    "never_public": Words(409, _("A report of wrongdoing is never published.")),
    "not_answered": Words(409, _("There is no answer to publish yet.")),
    "phone_not_digits": Words(422, _("Please write the telephone number with digits only.")),
    "phone_mobile_length": Words(422, _("A mobile number has 11 digits; you wrote %(digits)s.")),
    "phone_mobile_start": Words(422, _("A mobile number starts with 13 to 19. Please check the number.")),
    "phone_landline": Words(
        422, _("A landline number has 7 or 8 digits after its area code. Please check the number.")
    ),
    "photo_not_an_image": Words(422, _("This file is not a photo. Please choose a JPEG, PNG, WebP or GIF picture.")),
    "photo_broken": Words(
        422, _("This photo cannot be opened, it may be incomplete. Please choose it again or take another.")
    ),
    "document_broken": Words(
        422, _("This PDF cannot be read to its end, it may be incomplete. Please save it again and choose it anew.")
    ),
    "photo_too_large": Words(
        422, _("The photo “%(name)s” is larger than %(megabytes)s MB and was not taken. Your words are kept.")
    ),
    "photo_over_limit": Words(413, _("This photo is larger than %(megabytes)s MB.")),
    "photo_too_many_pixels": Words(
        422, _("This photo has %(megapixels)s million pixels; at most %(most)s million can be taken.")
    ),
    "logo_not_a_picture": Words(
        422,
        _(
            "This file cannot be a logo. Please choose a PNG, JPEG or WebP picture; "
            "an SVG drawing can hold programs, so save it as PNG first."
        ),
    ),
    "logo_too_large": Words(422, _("The logo is larger than %(megabytes)s MB. Please choose a smaller one.")),
    "household_unnamed": Words(422, _("Please write what one calls this household.")),
    "household_place": Words(422, _("Households belong to a village, a community or a grid.")),
    "hardship_unsourced": Words(422, _("Please write in which document or list the hardship stands.")),
    "hardship_not_proposed": Words(409, _("Nothing waits to be confirmed; somebody has decided already.")),
    "hardship_same_person": Words(403, _("Somebody else has to confirm what you wrote down.")),
    "link_of_another_kind": Words(422, _("A link of this kind needs another target.")),
    "link_stands": Words(409, _("This link stands already.")),
    "link_term_closed": Words(422, _("That day lies in a period that is closed.")),
    "link_ends_before": Words(422, _("A link cannot end before it began.")),
    "household_gone": Words(422, _("This household has moved away.")),
    "household_declined": Words(422, _("This household does not want visits.")),
    "visit_recorded": Words(409, _("This record is kept already as a visit of its own.")),
    "visit_replaced": Words(409, _("This visit was corrected already; please correct the later record.")),
    "visit_differs": Words(409, _("Something else is kept under the number of this record already.")),
    "photo_not_announced": Words(404, _("No visit of yours waits for this photo.")),
    "care_open": Words(409, _("This household has an open record already; what is new belongs there.")),
    "care_stale": Words(
        409,
        _(
            "Somebody changed this record while you were writing. "
            "What you typed is kept; look at what is new and send it again."
        ),
    ),
    "care_not_now": Words(409, _("This step is not possible any more: the record has moved on.")),
    "care_same_person": Words(403, _("Somebody else has to decide on what you found.")),
    "care_measures_open": Words(
        409, _("Something is still to be done for this household. Please end its measures first.")
    ),
    "care_clue_day": Words(422, _("Please choose a day within the last year, and none in the future.")),
    "care_measure_day": Words(422, _("Please choose a day from today on, within a year.")),
    "numbers_in_words": Words(
        422, _("There is a telephone, identity or card number in these words. Please leave it out.")
    ),
    "result_derived": Words(422, _("This is counted of itself; nobody enters it.")),
    "result_detail": Words(422, _("Please choose what it is.")),
    "result_day": Words(422, _("Please choose a day within the last year, today at the latest.")),
    "result_place": Words(422, _("Please choose a town, a village or a community.")),
    "result_not_petition": Words(422, _("Please name a request that is with the petition office, or was.")),
    "result_counts_itself": Words(
        422, _("This request counts of itself as soon as the resident says that it is solved.")
    ),
    "result_without_source": Words(422, _("Please name a request, or write where it is written.")),
    "result_of_report": Words(422, _("A report of wrongdoing is nobody's result.")),
    "result_case_used": Words(409, _("Another result names this request already. One request is one result.")),
    "result_ended": Words(409, _("Somebody corrected this result or took it back already.")),
    "campaign_span": Words(422, _("Please choose a first and a last day, at most a year apart.")),
    "campaign_nobody": Words(422, _("Please choose at least one unit that takes part, and one place to go to.")),
    "campaign_place": Words(422, _("A campaign goes to villages and communities.")),
    "campaign_stale": Words(
        409,
        _(
            "Somebody changed this campaign while you were writing. "
            "What you typed is kept; look at it and send it again."
        ),
    ),
    "campaign_ended": Words(409, _("This campaign was ended.")),
    "client_ended": Words(409, _("This key was ended already.")),
    "endpoint_ended": Words(409, _("Nothing is referred to this system any more.")),
    "report_stays": Words(409, _("Reports of wrongdoing leave for no other system.")),
    "came_from_there": Words(
        409, _("This request came from that very system. If it is not your duty, do not accept it: they hear of it.")
    ),
    "referred_already": Words(409, _("That system has this request already.")),
    "referral_sent": Words(409, _("It is with the other system already; please ring them.")),
    "nothing_to_send": Words(409, _("Nothing is to be sent here.")),
    "no_service": Words(422, _("Please choose what the other system is asked for.")),
    "proposal_unit": Words(422, _("Please choose a unit that takes part, or one of your own.")),
    "proposal_ended": Words(409, _("This proposal has moved on meanwhile. Please look at it anew.")),
    "goal_line": Words(422, _("Please choose one of the five lines.")),
    "goal_year": Words(422, _("A goal is set for this year or the next.")),
    "goal_target": Words(422, _("Please say how many, one at least.")),
    "goal_stale": Words(
        409,
        _("Somebody changed this goal while you were writing. What you typed is kept; look at it and send it again."),
    ),
    "goal_ended": Words(409, _("This goal was given up.")),
    "goal_counts_rows": Words(409, _("The rows of this goal are counted; no figure is entered.")),
    "goal_counts_figure": Words(409, _("A figure is entered for this goal; no rows are counted.")),
    "goal_row_elsewhere": Words(422, _("This was done neither by the unit of the goal nor there.")),
    "goal_row_year": Words(422, _("Its day lies outside the year of the goal.")),
    "figure_day": Words(422, _("Please choose a day in the year of the goal, today at the latest.")),
    "task_unit": Words(422, _("Please choose the unit of the goal, or one below it.")),
    "task_ended": Words(409, _("This task has moved on meanwhile. Please look at it anew.")),
    "task_day": Words(422, _("Please choose the day on which it was done, today at the latest.")),
    "checklist_empty": Words(422, _("Please write at least one question.")),
    "checklist_long": Words(422, _("A checklist has at most %(most)s questions.")),
    "checklist_answer": Words(422, _("An answer does not fit its question. Please look at the checklist again.")),
    "checklist_old": Words(
        422, _("This checklist was replaced more than half a year ago. Please write down the answers as words.")
    ),
    "opening_needs_note": Words(422, _("Please say in a few words why you need the full number.")),
}


def words(refused: Refused) -> str:
    """The sentence in the language of the moment; an unknown code is a fault of ours and raises KeyError."""
    return str(WORDS[refused.code].text) % refused.facts


def status(refused: Refused) -> int:
    return WORDS[refused.code].status
