"""Log lines: readable text, or JSON for machines (PODPORA_LOG_FORMAT)."""

import logging

import structlog


def formatter(style: str) -> logging.Formatter:
    """A formatter for the root handler. `style`: text or json."""
    renderer = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False,
            exception_formatter=structlog.dev.plain_traceback,  # the pretty one prints local variables: tokens and keys
        )
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )
