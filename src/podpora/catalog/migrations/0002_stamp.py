"""A mark that is another one after every change of what the vendor set, kept by the database itself.

Who remembers these tables compares the mark (catalog/queries.py). A trigger can't be forgotten, unlike a line in an action; and the mark
is random, not a number that grows: what a transaction that was taken back had marked is never met again.
"""

from django.db import migrations

TABLES = ("product", "edition", "version", "release", "plan", "policyrow")
TABLE = "CREATE TABLE catalog_stamp (id integer PRIMARY KEY, mark bigint NOT NULL)"
FUNCTION = """
    CREATE OR REPLACE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO catalog_stamp (id, mark) VALUES (1, floor(random() * 9007199254740991)::bigint)
        ON CONFLICT (id) DO UPDATE SET mark = EXCLUDED.mark;
        RETURN NULL;
    END $$
"""


def watched(schema_editor, table):
    """Every change of this table changes the mark."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed()"
        )
        return
    for event in ("INSERT", "UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} "
            "BEGIN INSERT INTO catalog_stamp (id, mark) VALUES (1, random()) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark; END"
        )


def unwatched(schema_editor, table):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {table}_changed ON {table}")
        return
    for event in ("insert", "update", "delete"):
        schema_editor.execute(f"DROP TRIGGER {table}_{event}")


def add(apps, schema_editor):
    schema_editor.execute(TABLE)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
    for table in TABLES:
        watched(schema_editor, f"catalog_{table}")


def remove(apps, schema_editor):
    for table in TABLES:
        unwatched(schema_editor, f"catalog_{table}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION catalog_changed()")
    schema_editor.execute("DROP TABLE catalog_stamp")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
