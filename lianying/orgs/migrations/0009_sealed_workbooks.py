import base64
import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lianying.common.crypto import encrypt


def seal(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Workbooks that wait to be written go on waiting."""
    for job in apps.get_model("orgs", "Import").objects.filter(ended_at__isnull=True).iterator(chunk_size=1):
        content = base64.b64encode(bytes(job.content)).decode()
        job.content_sealed = encrypt(content, about=f"import.content:{job.uuid}")
        job.key_id = settings.KEYS.current
        job.save(update_fields=["content_sealed", "key_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0008_area_code"),
    ]

    operations = [
        migrations.AddField(
            "import", "content_sealed", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField(
            "import", "key_id", models.CharField(default="", max_length=16, verbose_name="key"), preserve_default=False
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField("import", "content"),
        migrations.AlterField(
            "import", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")
        ),
        migrations.AlterField(
            "importchange",
            "what",
            models.CharField(
                choices=[(what, what) for what in ("unit", "user", "post", "duty", "household", "link")], max_length=16
            ),
        ),
    ]
