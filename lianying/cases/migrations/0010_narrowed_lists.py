from django.db import migrations, models

NARROWS = ("kind", "urgency", "category", "handler", "received_at", "accused_path")
OPEN, ENDED = models.Q(closed_at__isnull=True), models.Q(closed_at__isnull=False)
LEVELS = (1, 2, 3, 4, 5)


def index(name: str, level: int) -> models.Index:
    columns, condition = {
        "open": (["stage_due_at", "id", "state"], OPEN),
        "state": (["state", "stage_due_at", "id"], OPEN),
        "ended": (["-closed_at", "-id"], ENDED),
    }[name]
    fields = [f"level_{level}", *columns, *NARROWS]
    return models.Index(fields=fields, name=f"case_{name}_{level}", condition=condition)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_petitions_and_help")]

    operations = [
        # Every list by state runs within a level.
        migrations.RemoveIndex("case", "case_state_due"),
        *(
            migrations.RemoveIndex("case", f"case_{name}_{level}")
            for level in LEVELS
            for name in ("open", "state", "ended")
            if (name, level) != ("state", 1)  # the first level had none
        ),
        *(migrations.AddIndex("case", index(name, level)) for level in LEVELS for name in ("open", "state", "ended")),
    ]
