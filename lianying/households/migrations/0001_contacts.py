import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lianying.households.labels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="id")),
                ("name_sealed", models.TextField(blank=True, verbose_name="name, sealed")),
                ("phone_sealed", models.TextField(blank=True, verbose_name="telephone, sealed")),
                ("address_sealed", models.TextField(blank=True, verbose_name="address, sealed")),
                ("phone_index", models.CharField(blank=True, max_length=64, verbose_name="telephone, to search by")),
                ("key_id", models.CharField(max_length=16, verbose_name="key")),
                ("may_be_called", models.BooleanField(default=True, verbose_name="may be called")),
                ("created_at", models.DateTimeField(verbose_name="written down")),
            ],
            options={
                "indexes": [models.Index(fields=["phone_index"], name="contact_phone")],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=24, verbose_name="request")),
                (
                    "reason",
                    models.CharField(
                        choices=lianying.households.labels.open_reason_choices, max_length=16, verbose_name="reason"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings",
                        to="households.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "at"], name="opening_subject")],
            },
        ),
    ]
