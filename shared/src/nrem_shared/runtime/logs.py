"""JSON logs: one line per event, with the correlation id of the request or record it belongs to."""

from __future__ import annotations

import logging
import re
from typing import Any, TextIO

import structlog

_DETAIL = re.compile(r"DETAIL:.*?(?=\\n|\n|$)")


def configure_logs(level: str, stream: TextIO) -> None:
    """Set up structlog and the standard library's loggers to write JSON lines to `stream`. Called once per process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_row_content,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def without_row_content(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take the database's DETAIL out of what is logged: it repeats the row, which may be somebody's data."""
    for name, value in event.items():
        if isinstance(value, str) and "DETAIL:" in value:
            event[name] = _DETAIL.sub("DETAIL: (left out)", value)
    return event


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound
