"""Commands of `podpora`: one module each, found by its name (`erase_person.py` is `podpora erase-person`).

A module has `HELP` (one sentence), `add_arguments(parser)` and `run(options) -> int` (the exit code). Settings are read
and Django is ready before the module is imported. What fails raises `CommandFailed` with one clear sentence.
"""


class CommandFailed(Exception):
    """One sentence for the person at the terminal. `exit_code` is 1 unless the caller's protocol asks for another."""

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
