"""The engine's own index over search_document, kept by triggers: whatever writes the table (actions, a restored backup) fills it."""

from django.db import migrations

COLUMNS = "keys, title, people, body, notes"
OLD = "old.keys, old.title, old.people, old.body, old.notes"
NEW = "new.keys, new.title, new.people, new.body, new.notes"
SQLITE = (
    f"""
    CREATE VIRTUAL TABLE search_text USING fts5({COLUMNS}, content='search_document', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 0 tokenchars '_.@+#:-~='")
    """,
    f"""
    CREATE TRIGGER search_document_in AFTER INSERT ON search_document
    BEGIN INSERT INTO search_text(rowid, {COLUMNS}) VALUES (new.id, {NEW}); END
    """,
    f"""
    CREATE TRIGGER search_document_out AFTER DELETE ON search_document
    BEGIN INSERT INTO search_text(search_text, rowid, {COLUMNS}) VALUES ('delete', old.id, {OLD}); END
    """,
    f"""
    CREATE TRIGGER search_document_anew AFTER UPDATE ON search_document
    BEGIN
        INSERT INTO search_text(search_text, rowid, {COLUMNS}) VALUES ('delete', old.id, {OLD});
        INSERT INTO search_text(rowid, {COLUMNS}) VALUES (new.id, {NEW});
    END
    """,
)
# Lexemes are written out: PostgreSQL's own parser would take words apart (C++, v2.3.1). Each field begins at a place of its own,
# so that no phrase goes over its end.
POSTGRESQL = (
    """
    CREATE FUNCTION search_lexemes(words text, weight text, begins int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT coalesce(string_agg('''' || word || ''':' || least(begins + n, 16383) || weight, ' '), '')
        FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS found(word, n) WHERE word <> ''
    $$
    """,
    """
    CREATE FUNCTION search_fill() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.words := (search_lexemes(NEW.title, 'A', 0) || ' ' || search_lexemes(NEW.people, 'B', 1000) || ' '
            || search_lexemes(NEW.body, 'C', 2000) || ' ' || search_lexemes(NEW.notes, 'D', 9000) || ' '
            || search_lexemes(NEW.keys, 'A', 16000))::tsvector;
        RETURN NEW;
    END $$
    """,
    "ALTER TABLE search_document ADD COLUMN words tsvector",
    "CREATE TRIGGER search_document_fill BEFORE INSERT OR UPDATE ON search_document FOR EACH ROW EXECUTE FUNCTION search_fill()",
    "CREATE INDEX search_words ON search_document USING gin (words) WITH (fastupdate = off)",
)
UNDO = {
    "sqlite": ("DROP TRIGGER search_document_in", "DROP TRIGGER search_document_out", "DROP TRIGGER search_document_anew", "DROP TABLE search_text"),
    "postgresql": (
        "DROP TRIGGER search_document_fill ON search_document", "DROP INDEX search_words",
        "ALTER TABLE search_document DROP COLUMN words", "DROP FUNCTION search_fill()", "DROP FUNCTION search_lexemes(text, text, int)",
    ),
}  # fmt: skip


def make(apps, schema_editor):
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, undo)]
