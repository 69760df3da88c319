"""Kinds of events. Those of a case are the moves of the lifecycle, named by what happened."""

from enum import StrEnum

from lianying.rules.lifecycle import Move


class EventKind(StrEnum):
    HEARD = "case.heard"
    IMPORTED = "case.imported"
    NOTED = "case.noted"
    CORRECTED = "case.corrected"
    ASSIGNED = "case.assigned"
    ANSWERED_NOW = "case.answered_now"
    DECLINED = "case.declined"
    OBJECTED = "case.objected"
    MERGED = "case.merged"
    UNMERGED = "case.unmerged"
    WITHDRAWN = "case.withdrawn"
    SIGNED = "case.signed"
    HANDED_UP = "case.handed_up"
    RECALLED = "case.recalled"
    PASSED = "case.passed"
    HANDED_TO = "case.handed_to"
    DISPUTED = "case.disputed"
    UPHELD = "case.upheld"
    DISMISSED = "case.dismissed"
    TAKEN_BACK = "case.taken_back"
    ASKED = "case.asked"
    REPLIED = "case.replied"
    RESUMED = "case.resumed"
    ANSWERED = "case.answered"
    ANSWER_PROPOSED = "case.answer_proposed"
    ANSWER_APPROVED = "case.answer_approved"
    ANSWER_REFUSED = "case.answer_refused"
    ANSWER_CORRECTED = "case.answer_corrected"
    EXTENSION_PROPOSED = "case.extension_proposed"
    EXTENDED = "case.extended"
    EXTENSION_REFUSED = "case.extension_refused"
    END_PROPOSED = "case.end_proposed"
    TERMINATED = "case.terminated"
    END_REFUSED = "case.end_refused"
    SATISFIED = "case.check_satisfied"
    UNSATISFIED = "case.check_unsatisfied"
    ENDED_UNSOLVED = "case.ended_unsolved"
    CLOSED_UNREACHED = "case.closed_unreached"
    CLOSED_SILENT = "case.closed_silent"
    REOPENED = "case.reopened"
    COMPLETED = "case.completed"
    FELL_DUE = "case.fell_due"
    TRANSFERRED = "case.transferred"
    PETITION_STEPPED = "case.petition_stepped"
    CONCLUDED = "case.concluded"
    RETURNED = "case.returned"
    TOLD = "case.told"
    RANG = "case.rang"
    SUPERVISED = "case.supervised"
    SUPERVISION_ANSWERED = "case.supervision_answered"
    SUPERVISION_DECIDED = "case.supervision_decided"
    REFERRED = "case.referred"
    REFERRAL_HEARD = "case.referral_heard"
    RELEASED = "case.released"
    UNRELEASED = "case.unreleased"
    CONTACT_CORRECTED = "case.contact_corrected"
    WISHED = "case.wish_changed"
    ERASED = "case.erased"
    RECOMPUTED = "case.promise_recomputed"
    HOUSEHOLD_MADE = "household.made"
    HOUSEHOLD_CHANGED = "household.changed"
    HOUSEHOLD_WISH = "household.wish"
    HOUSEHOLD_GONE = "household.gone"
    HOUSEHOLD_TAKEN_BACK = "household.taken_back"
    HARDSHIP_PROPOSED = "household.hardship_proposed"
    HARDSHIP_SET = "household.hardship_set"
    HARDSHIP_REFUSED = "household.hardship_refused"
    LINK_MADE_BETWEEN = "visit.link_made"
    LINK_ENDED = "visit.link_ended"
    LINK_TAKEN_BACK = "visit.link_taken_back"
    VISITED = "visit.recorded"
    VISIT_CORRECTED = "visit.corrected"
    VISIT_PHOTO = "visit.photo"
    CAMPAIGN_HELD = "campaign.held"
    CAMPAIGN_CHANGED = "campaign.changed"
    CAMPAIGN_ENDED = "campaign.ended"
    CAMPAIGN_REPORT_WRITTEN = "campaign.report_written"
    PROPOSAL_MADE = "campaign.proposal_made"
    PROPOSAL_CHANGED = "campaign.proposal_changed"
    PROPOSAL_DONE = "campaign.proposal_done"
    PROPOSAL_REOPENED = "campaign.proposal_reopened"
    PROPOSAL_DROPPED = "campaign.proposal_dropped"
    CARE_NOTED = "care.noted"
    CARE_TAKEN_UP = "care.taken_up"
    CARE_CHECKED = "care.checked"
    CARE_SENT_BACK = "care.sent_back"
    CARE_ADMITTED = "care.admitted"
    CARE_NOT_ADMITTED = "care.not_admitted"
    CARE_MEASURE_TAKEN = "care.measure_taken"
    CARE_MEASURE_ENDED = "care.measure_ended"
    CARE_REVIEWED = "care.reviewed"
    CARE_EXIT_PROPOSED = "care.exit_proposed"
    CARE_EXITED = "care.exited"
    CARE_KEPT = "care.kept"
    CARE_PUBLISHED = "care.published"
    CARE_UNPUBLISHED = "care.unpublished"
    CARE_ERASED = "care.erased"
    RESULT_ENTERED = "result.entered"
    RESULT_CORRECTED = "result.corrected"
    RESULT_TAKEN_BACK = "result.taken_back"
    GOAL_SET = "goal.set"
    GOAL_CHANGED = "goal.changed"
    GOAL_GIVEN_UP = "goal.given_up"
    GOAL_FIGURE_ENTERED = "goal.figure_entered"
    GOAL_ROW_LINKED = "goal.row_linked"
    GOAL_ROW_UNLINKED = "goal.row_unlinked"
    TASK_SET = "goal.task_set"
    TASK_CHANGED = "goal.task_changed"
    TASK_DONE = "goal.task_done"
    TASK_REOPENED = "goal.task_reopened"
    TASK_DROPPED = "goal.task_dropped"
    PROGRAMME_NAMED = "programme.named"
    CALENDAR_MADE = "visit.calendar_made"
    CALENDAR_ENDED = "visit.calendar_ended"
    CLIENT_MADE = "site.client_made"
    CLIENT_ENDED = "site.client_ended"
    ENDPOINT_MADE = "site.endpoint_made"
    ENDPOINT_CHANGED = "site.endpoint_changed"
    ENDPOINT_ENDED = "site.endpoint_ended"
    CHECKLIST_PUBLISHED = "visit.checklist_published"
    CONTACT_OPENED = "access.contact_opened"
    SIGNED_IN = "access.signed_in"
    LOCKED_OUT = "access.locked_out"
    PASSWORD_SET = "access.password_set"
    UNIT_MADE = "orgs.unit_made"
    UNIT_CHANGED = "orgs.unit_changed"
    USER_MADE = "orgs.user_made"
    UNIT_REMOVED = "orgs.unit_removed"
    USER_REMOVED = "orgs.user_removed"
    POST_GIVEN = "orgs.post_given"
    POST_ENDED = "orgs.post_ended"
    LINK_MADE = "orgs.sign_in_link_made"
    SITE_CHANGED = "orgs.site_changed"
    ABSENCE_CHANGED = "orgs.absence_changed"
    DUTY_CHANGED = "orgs.duty_changed"
    IMPORT_STARTED = "orgs.import_started"
    IMPORT_UNDONE = "orgs.import_undone"
    ADDRESS_CHANGED = "orgs.address_changed"
    KEY_CHANGED = "orgs.key_changed"


KIND_OF: dict[Move, EventKind] = {
    Move.HEAR: EventKind.HEARD,
    Move.NOTE: EventKind.NOTED,
    Move.CORRECT: EventKind.CORRECTED,
    Move.ASSIGN: EventKind.ASSIGNED,
    Move.ANSWER_NOW: EventKind.ANSWERED_NOW,
    Move.DECLINE: EventKind.DECLINED,
    Move.OBJECT: EventKind.OBJECTED,
    Move.MERGE: EventKind.MERGED,
    Move.UNMERGE: EventKind.UNMERGED,
    Move.WITHDRAW: EventKind.WITHDRAWN,
    Move.SIGN: EventKind.SIGNED,
    Move.HAND_UP: EventKind.HANDED_UP,
    Move.RECALL: EventKind.RECALLED,
    Move.PASS: EventKind.PASSED,
    Move.HAND_TO: EventKind.HANDED_TO,
    Move.DISPUTE: EventKind.DISPUTED,
    Move.UPHOLD: EventKind.UPHELD,
    Move.DISMISS: EventKind.DISMISSED,
    Move.TAKE_BACK: EventKind.TAKEN_BACK,
    Move.ASK: EventKind.ASKED,
    Move.REPLY: EventKind.REPLIED,
    Move.RESUME: EventKind.RESUMED,
    Move.ANSWER: EventKind.ANSWERED,
    Move.PROPOSE_ANSWER: EventKind.ANSWER_PROPOSED,
    Move.APPROVE: EventKind.ANSWER_APPROVED,
    Move.REFUSE_ANSWER: EventKind.ANSWER_REFUSED,
    Move.CORRECT_ANSWER: EventKind.ANSWER_CORRECTED,
    Move.PROPOSE_EXTENSION: EventKind.EXTENSION_PROPOSED,
    Move.EXTEND: EventKind.EXTENDED,
    Move.REFUSE_EXTENSION: EventKind.EXTENSION_REFUSED,
    Move.PROPOSE_END: EventKind.END_PROPOSED,
    Move.TERMINATE: EventKind.TERMINATED,
    Move.REFUSE_END: EventKind.END_REFUSED,
    Move.CHECK_SATISFIED: EventKind.SATISFIED,
    Move.CHECK_UNSATISFIED: EventKind.UNSATISFIED,
    Move.END_UNSOLVED: EventKind.ENDED_UNSOLVED,
    Move.CLOSE_UNREACHED: EventKind.CLOSED_UNREACHED,
    Move.CLOSE_SILENT: EventKind.CLOSED_SILENT,
    Move.REOPEN: EventKind.REOPENED,
    Move.COMPLETE: EventKind.COMPLETED,
    Move.FALL_DUE: EventKind.FELL_DUE,
    Move.TRANSFER: EventKind.TRANSFERRED,
    Move.PETITION_STEP: EventKind.PETITION_STEPPED,
    Move.CONCLUDE: EventKind.CONCLUDED,
    Move.RETURN: EventKind.RETURNED,
}
