"""What a case can be found by, written with the change that alters it."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from lianying.cases.models import Case, Entry, SearchText
from lianying.common.models import Counter
from lianying.orgs.paths import WIDTH
from lianying.rules.entries import FOR_RESIDENTS
from lianying.rules.grams import age, grams, places

#: How far the cases from before there was an index have been gone through.
FILLED = "search.filled"
BATCH = 200


def index_words(cases: Iterable[Case], said: Mapping[int, list[str]] | None = None) -> None:
    """Words, place, number, and what residents read of the answers: notes for staff are found by nobody.

    said    what residents read of each, by primary key, where the caller knows it; else it is read
    """
    cases = list(cases)
    texts = dict(said or {})
    if said is None:
        rows = Entry.objects.filter(case__in=cases, kind__in=FOR_RESIDENTS).order_by("id")
        for pk, text in rows.values_list("case_id", "text"):
            texts.setdefault(pk, []).append(text)
    SearchText.objects.bulk_create(
        (SearchText(case=case, grams=_grams(case, texts.get(case.pk, []))) for case in cases),
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["grams"],
        batch_size=500,
    )


def _grams(case: Case, said: list[str]) -> str:
    # A full stop between them: no word runs from one into the other.
    words = grams("。".join([case.title, case.text, case.address, case.ref, *said]))
    return " ".join([*words, *places(case.path, WIDTH), age(case.pk)])


@transaction.atomic
def fill_index() -> int:
    """Go on with the cases that are older than the index; return how many there were."""
    last = Counter.objects.filter(name=FILLED).values_list("value", flat=True).first() or 0
    cases = list(Case.objects.filter(pk__gt=last).order_by("pk").select_related("search_text")[:BATCH])
    index_words(case for case in cases if not hasattr(case, "search_text"))
    if cases:
        Counter.objects.update_or_create(name=FILLED, defaults={"value": cases[-1].pk})
    return len(cases)
