from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                ("mime", models.CharField(max_length=40, verbose_name="type")),
                ("bytes", models.PositiveIntegerField(verbose_name="bytes")),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="kept")),
            ],
        ),
    ]
