"""Which key signs is remembered beside what the vendor set (catalog/migrations/0002_stamp.py)."""

import importlib

from django.db import migrations

stamp = importlib.import_module("podpora.catalog.migrations.0002_stamp")


def add(apps, schema_editor):
    stamp.watched(schema_editor, "licensing_signingkey")


def remove(apps, schema_editor):
    stamp.unwatched(schema_editor, "licensing_signingkey")


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial"), ("catalog", "0002_stamp")]
    operations = [migrations.RunPython(add, remove)]
