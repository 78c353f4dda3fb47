"""Makes sdk/vectors: `python -m tests.vectors` in sdk/python. Fixed keys and instants, so the same files come out every time."""
