"""What was brought over from another system."""

from collections.abc import Collection

from django.db.models import QuerySet

from lianying.cases.models import Case


def of_source(source: str, ids: Collection[str]) -> QuerySet[Case]:
    # The exclusion is the condition of the index, in its own words: without it the index is not used.
    return Case.objects.filter(source=source, source_id__in=ids).exclude(source="")


def brought(source: str, ids: Collection[str]) -> dict[str, str]:
    """Our numbers of those of `ids`, numbers in the other system, that are here already; one query."""
    return dict(of_source(source, ids).values_list("source_id", "ref"))
