"""Files that a person sends by a form: JSON or YAML, as a submission or as the items of a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic_core import from_json

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile


class Unreadable(Exception):
    """The file is neither JSON nor YAML; `line` is where reading ended (1 = first), 0 where that is not known."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(f"unreadable in line {line}")
        self.line = line


class _PlainLoader(yaml.SafeLoader):
    """YAML as JSON understands it: a date stays the text that was written."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


async def read_upload(upload: UploadFile) -> Any:
    """The document in the file. Raises Unreadable."""
    return parse(await upload.read())


def parse(raw: bytes) -> Any:
    """JSON where it begins like JSON, else YAML; aliases are refused, since they may unfold without end."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(raw[: error.start].count(b"\n") + 1) from error
    if text.lstrip()[:1] in ("{", "["):
        try:
            return from_json(text, allow_inf_nan=False)
        except ValueError:
            pass  # YAML may begin with a brace too, and says in which line it ends to make sense.
    return _yaml(text)


def _yaml(text: str) -> Any:
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=_PlainLoader)):
            raise Unreadable
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 (a SafeLoader, but for dates)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 0) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable from error
