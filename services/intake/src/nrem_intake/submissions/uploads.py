"""Files that a person sends by a form: JSON or YAML, as a submission or as the items of a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic_core import from_json

from nrem_shared.runtime.plain_yaml import PlainLoader, repeated_keys

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile


class Unreadable(Exception):
    """The file is neither JSON nor YAML, or names a key twice; `line` is where (1 = first), 0 where not known."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(f"unreadable in line {line}")
        self.line = line


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
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=PlainLoader)):
            raise Unreadable
        loader = PlainLoader(text)
        node = loader.get_single_node()
        if twice := repeated_keys(node):
            raise Unreadable(twice[0][1])
        return loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.count("\n") + 1  # where the text ends too early, the mark may stand behind it
        raise Unreadable(min(mark.line + 1, last) if mark else 0) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable from error
