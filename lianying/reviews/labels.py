from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianying.rules.programmes import Counting, Field, GoalStanding, TaskStanding
from lianying.rules.results import Detail, Left, Part, Period, ResultKind

RESULT_KINDS: dict[ResultKind, Promise] = {
    ResultKind.HOUSEHOLD: _("Households visited"),
    ResultKind.PETITION: _("Petitions that a leader takes"),
    ResultKind.INDUSTRY: _("Village industry"),
    ResultKind.JOB: _("Jobs found"),
    ResultKind.SERVICE: _("Community service"),
    ResultKind.INFRASTRUCTURE: _("Infrastructure"),
}
#: Of what the number is.
RESULT_NOUNS: dict[ResultKind, Promise] = {
    ResultKind.HOUSEHOLD: pgettext_lazy("so many", "visits"),
    ResultKind.PETITION: pgettext_lazy("so many", "petitions"),
    ResultKind.INDUSTRY: pgettext_lazy("so many", "undertakings"),
    ResultKind.JOB: pgettext_lazy("so many", "people"),
    ResultKind.SERVICE: pgettext_lazy("so many", "matters"),
    ResultKind.INFRASTRUCTURE: pgettext_lazy("so many", "works"),
}
RESULT_WORDS: dict[ResultKind, Promise] = {
    ResultKind.HOUSEHOLD: _("somebody went to a linked household"),
    ResultKind.PETITION: _("a leader took a petition upon themselves"),
    ResultKind.INDUSTRY: _("cooperatives, credit villages, products of a village"),
    ResultKind.JOB: _("somebody found work"),
    ResultKind.SERVICE: _("settled for estates, the old, children and the disabled"),
    ResultKind.INFRASTRUCTURE: _("power, water, pumps and roads, built or repaired"),
}
DETAILS: dict[Detail, Promise] = {
    Detail.COOPERATIVE: _("cooperative"),
    Detail.CREDIT_VILLAGE: _("credit village"),
    Detail.ONE_PRODUCT: _("one village, one product"),
    Detail.EMPLOYER: _("with an employer"),
    Detail.PUBLIC_POST: _("public welfare post"),
    Detail.OWN_BUSINESS: _("a business of one's own"),
    Detail.POWER: _("power grid"),
    Detail.WATER: _("waterworks"),
    Detail.PUMP: _("pumps and canals"),
    Detail.ROAD: _("roads and bridges"),
    Detail.OTHER: pgettext_lazy("result", "other"),
}
PARTS: dict[Part, Promise] = {
    Part.LEDGER: _("counted of itself"),
    Part.ENTERED: _("entered by hand"),
    Part.LEFT: _("not counted"),
}
LEFTS: dict[Left, Promise] = {
    Left.ENTERED: _("a result entered by hand names it; once is enough"),
    Left.TERMINATED: _("it was ended early"),
    Left.ADVICE: _("a question was answered, nothing was built or done"),
    Left.UNHEARD: _("the resident did not say whether it is solved"),
    Left.PLANNED: _("it is planned, not done yet"),
    Left.NOT_SOLVED: _("unit or resident say that it is not solved, or only partly"),
}
PERIODS: dict[Period, Promise] = {
    Period.MONTH: _("Month"),
    Period.QUARTER: _("Quarter"),
    Period.YEAR: _("Year"),
}
FIELDS: dict[Field, Promise] = {
    Field.VILLAGE: _("villages"),
    Field.CITY: _("city and communities"),
    Field.STATE_FIRM: _("state firms"),
    Field.PRIVATE_FIRM: _("private firms"),
}
COUNTINGS: dict[Counting, Promise] = {
    Counting.ROWS: _("the rows that are linked to it are counted"),
    Counting.FIGURE: _("a figure is entered, with where it is written"),
}
GOAL_STANDINGS: dict[GoalStanding, Promise] = {
    GoalStanding.MET: _("met"),
    GoalStanding.GOING: _("under way"),
    GoalStanding.MISSED: _("year over, not met"),
}
TASK_STANDINGS: dict[TaskStanding, Promise] = {
    TaskStanding.DONE: pgettext_lazy("task", "done"),
    TaskStanding.OPEN: pgettext_lazy("task", "open"),
    TaskStanding.SOON: pgettext_lazy("task", "due soon"),
    TaskStanding.LATE: pgettext_lazy("task", "late"),
}


def result_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in RESULT_KINDS.items()]


def detail_choices() -> list[tuple[str, Promise]]:
    return [(detail.value, label) for detail, label in DETAILS.items()]


def field_choices() -> list[tuple[str, Promise]]:
    return [(field.value, label) for field, label in FIELDS.items()]


def counting_choices() -> list[tuple[str, Promise]]:
    return [(counting.value, label) for counting, label in COUNTINGS.items()]
