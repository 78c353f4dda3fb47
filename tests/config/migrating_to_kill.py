"""`migrate` from nothing, killed at random statements and begun again until it ends (F26).

Run as a script: seed, how often, and one room (with what it stands on) or nothing for all.

Standard output, as JSON: how often it was killed, what is left to migrate, and how the tables differ from those of the models.
"""

import json
import os
import random
import signal
import sys
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402


class Killing:
    """So many statements later the process is gone."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, execute: Any, *statement: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)


def main(seed: int, kills: int, *room: str) -> None:
    chance, killed = random.Random(seed), 0
    while True:
        connection.close()
        child = os.fork()
        if child == 0:
            with connection.execute_wrapper(Killing(chance.randrange(5, 40 if room else 400) if killed < kills else 10**9)):
                call_command("migrate", *room, interactive=False, verbosity=0)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            break
        killed += 1
        chance.random()
    executor = MigrationExecutor(connection)
    leaves = [node for node in executor.loader.graph.leaf_nodes() if node[0] in room or not room]
    left = [str(migration) for migration, _ in executor.migration_plan(leaves)]
    models = [model for config in apps.get_app_configs() if config.label in room or not room for model in config.get_models(True)]
    wanted = {model._meta.db_table for model in models}
    missing = sorted(wanted - set(connection.introspection.table_names()))
    sys.stdout.write(json.dumps([killed, left, missing]) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
