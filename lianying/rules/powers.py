"""Who may do what: roles of posts, and the powers they carry."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    CLERK = "clerk"
    HANDLER = "handler"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    VISITOR = "visitor"
    GRID_KEEPER = "grid_keeper"
    OPERATOR = "operator"
    RESIDENT = "resident"
    CLOCK = "clock"


#: Roles that are offered for a post; a resident and the clock act without one.
POST_ROLES = (
    Role.CLERK,
    Role.HANDLER,
    Role.HEAD,
    Role.SUPERVISOR,
    Role.VISITOR,
    Role.GRID_KEEPER,
    Role.OPERATOR,
)


class Power(StrEnum):
    TELL = "tell"  # put a request into the system
    SEE = "see"  # read a case inside the scope
    SPEAK = "speak"  # add words or files
    SORT = "sort"  # correct, assign, answer at once, decline, merge, decide disputes
    OBJECT = "object"
    WITHDRAW = "withdraw"
    HANDLE = "handle"  # sign, ask, answer, dispute
    PASS_DOWN = "pass_down"  # to a unit below, or to a colleague
    PROPOSE_END = "propose_end"
    EXTEND = "extend"
    APPROVE = "approve"  # an answer that the profile wants the head to read first
    REPLY = "reply"
    RESUME = "resume"
    CHECK = "check"  # say whether it was solved
    CALL = "call"  # ring residents, record attempts
    END_UNSOLVED = "end_unsolved"
    REOPEN = "reopen"
    FALL_DUE = "fall_due"
    CLOSE_SILENT = "close_silent"
    PUBLISH = "publish"
    OPEN_CONTACT = "open_contact"
    REFER = "refer"  # hand a request to another system as well, and write down what that says
    REMIND = "remind"  # ask a unit how it goes, before and beside the ladder of supervision
    SUPERVISE = "supervise"  # take its further steps, record a leader's note, decide on what the unit answers
    KEEP_HOUSEHOLDS = "keep_households"  # write down who lives where and who has it hard
    VISIT = "visit"  # go to whom one is linked with, and write down what was found
    LINK = "link"  # say who is linked with whom, and hand links over
    CAMPAIGN = "campaign"  # hold a campaign of visits: who goes where, its report, and what follows from it
    CARE = "care"  # note that a household may fall back into poverty, check it, take measures, look again each year
    CARE_DECIDE = "care_decide"  # admit it, let it go, put it on the public list
    RESULTS = "results"  # enter what one's unit achieved: results, figures of a goal, tasks that are done
    PROGRAMME = "programme"  # set goals for the units below, and plan the tasks of one's own
    CONFIGURE = "configure"


POWERS: Mapping[Role, frozenset[Power]] = {
    Role.RESIDENT: frozenset(
        {Power.TELL, Power.SPEAK, Power.OBJECT, Power.WITHDRAW, Power.REPLY, Power.CHECK, Power.REOPEN}
    ),
    Role.CLERK: frozenset(
        {
            Power.TELL,
            Power.SEE,
            Power.SPEAK,
            Power.SORT,
            Power.REPLY,
            Power.CHECK,
            Power.CALL,
            Power.REOPEN,
            Power.PUBLISH,
            Power.OPEN_CONTACT,
            Power.REFER,
            Power.REMIND,
        }
    ),
    Role.HANDLER: frozenset(
        {
            Power.SEE,
            Power.SPEAK,
            Power.HANDLE,
            Power.PASS_DOWN,
            Power.RESUME,
            Power.OPEN_CONTACT,
            Power.REFER,
            Power.KEEP_HOUSEHOLDS,
            Power.VISIT,
            Power.CARE,
            Power.RESULTS,
        }
    ),
    Role.HEAD: frozenset(
        {
            Power.SEE,
            Power.SPEAK,
            Power.PASS_DOWN,
            Power.PROPOSE_END,
            Power.EXTEND,
            Power.APPROVE,
            Power.KEEP_HOUSEHOLDS,
            Power.VISIT,
            Power.LINK,
            Power.CAMPAIGN,
            Power.CARE,
            Power.CARE_DECIDE,
            Power.RESULTS,
            Power.PROGRAMME,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Power.SEE,
            Power.SPEAK,
            Power.END_UNSOLVED,
            Power.REMIND,
            Power.SUPERVISE,
            Power.LINK,
            Power.CAMPAIGN,
            Power.PROGRAMME,
        }
    ),
    Role.VISITOR: frozenset({Power.VISIT}),
    Role.GRID_KEEPER: frozenset({Power.KEEP_HOUSEHOLDS, Power.VISIT, Power.CARE}),
    Role.OPERATOR: frozenset({Power.CONFIGURE}),
    Role.CLOCK: frozenset({Power.RESUME, Power.FALL_DUE, Power.CLOSE_SILENT, Power.REFER}),
}
