"""Backup and restore: one zip file with every table, every uploaded file and the installation's secret.

    manifest.json          versions, migrations, and for each table its rows and SHA-256
    data/<app>.<model>     JSON lines, in the order of the primary key, the same bytes on both engines
    files/...              uploads
    secret_key             only if this installation made its own (PODPORA_SECRET_KEY is the operator's to keep)

The tables are written engine-neutral, so a backup of SQLite restores into PostgreSQL and back.
"""
