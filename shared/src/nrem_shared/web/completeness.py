"""Which messages are missing: between the languages, and for the ids that templates and pages use."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import nodes

from nrem_shared.web.environments import build_templates, template_folders
from nrem_shared.web.languages import LANGUAGES
from nrem_shared.web.messages import load_catalogue

_CALLS: Final = {"_", "_n", "page", "problem_page", "FieldError", "NavigationItem"}
_KEYWORDS: Final = {"title", "detail", "message", "label"}


@dataclass(frozen=True, order=True)
class Missing:
    """A message id that ``language`` lacks; ``used_in`` names a template, a module or the other catalogue."""

    identifier: str
    language: str
    used_in: str


@dataclass(frozen=True)
class _Use:
    identifier: str
    is_prefix: bool
    where: str


def missing_messages(*packages: str) -> tuple[Missing, ...]:
    """Every id that a package's templates, pages or the other language use and a catalogue does not have.

    An id that a template puts together (``_("status." ~ code)``) is checked by its beginning: one message must have it.
    """
    everything = ("nrem_shared.web", *(package for package in packages if package != "nrem_shared.web"))
    known = {language: load_catalogue(everything, language).identifiers() for language in LANGUAGES}
    uses = [use for package in everything for use in (*_template_uses(package), *_module_uses(package))]
    missing = {
        Missing(use.identifier, language, use.where)
        for language, identifiers in known.items()
        for use in uses
        if not _is_known(use, identifiers)
    }
    for language, identifiers in known.items():
        for other, theirs in known.items():
            missing |= {Missing(identifier, language, f"messages/{other}.po") for identifier in theirs - identifiers}
    return tuple(sorted(missing))


def _is_known(use: _Use, identifiers: frozenset[str]) -> bool:
    if use.is_prefix:
        return any(identifier.startswith(use.identifier) for identifier in identifiers)
    return use.identifier in identifiers


def _template_uses(package: str) -> Iterator[_Use]:
    environment = build_templates().environment(LANGUAGES[0])
    for folder in template_folders(package):
        for path in sorted(folder.rglob("*.html")):
            tree = environment.parse(path.read_text(encoding="utf-8"))
            for call in tree.find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name in ("_", "_n") and call.args:
                    yield from _use_of(call.args[0], path.name)


def _use_of(argument: nodes.Expr, where: str) -> Iterator[_Use]:
    if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
        yield _Use(argument.value, False, where)
    elif isinstance(argument, nodes.Concat):
        first = argument.nodes[0]
        if isinstance(first, nodes.Const) and isinstance(first.value, str):
            yield _Use(first.value, True, where)
    elif isinstance(argument, nodes.CondExpr):
        for branch in (argument.expr1, argument.expr2):
            if branch is not None:
                yield from _use_of(branch, where)


def _module_uses(package: str) -> Iterator[_Use]:
    for path in sorted(Path(str(files(package))).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in _CALLS:
                for identifier in _literal_identifiers(node):
                    yield _Use(identifier, False, path.name)


def _called(call: ast.Call) -> str:
    return (
        call.func.id
        if isinstance(call.func, ast.Name)
        else call.func.attr
        if isinstance(call.func, ast.Attribute)
        else ""
    )


def _literal_identifiers(call: ast.Call) -> Iterable[str]:
    position = {"_": 0, "_n": 0, "FieldError": 1, "NavigationItem": 0}.get(_called(call))
    candidates = [keyword.value for keyword in call.keywords if keyword.arg in _KEYWORDS]
    if position is not None and len(call.args) > position:
        candidates.append(call.args[position])
    for candidate in candidates:
        if isinstance(candidate, ast.Constant) and isinstance(candidate.value, str) and candidate.value:
            yield candidate.value
