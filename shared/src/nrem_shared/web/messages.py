"""Message catalogues: gettext ``messages/<language>.po`` files with symbolic ids, one folder per package."""

import gettext
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from nrem_shared.web.languages import ENGLISH, LANGUAGES, LATVIAN, PSEUDO


class MissingMessage(LookupError):
    """A template or page asked for a message that the catalogue of its language does not have."""

    def __init__(self, language: str, identifier: str) -> None:
        super().__init__(f"no message {identifier!r} in the catalogue of {language!r}")
        self.language = language
        self.identifier = identifier


@dataclass(frozen=True)
class Catalogue:
    """All messages of one language: plain ones, and the forms of those that count something."""

    language: str
    texts: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    plural_form: Callable[[int], int]

    def identifiers(self) -> frozenset[str]:
        """Every id this catalogue has a text for."""
        return frozenset(self.texts) | frozenset(self.plurals)


@dataclass(frozen=True)
class Translator:
    """Turns ids into text in one language; parameters are given by name (``{name}`` in the message)."""

    catalogue: Catalogue
    language: str
    strict: bool = True
    fallback: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, identifier: str, /, **parameters: object) -> str:
        """The message; raises :class:`MissingMessage` when strict, else falls back to the default language."""
        return self._finished(self._text(identifier), parameters)

    def count(self, identifier: str, n: int, /, **parameters: object) -> str:
        """The form of a counting message that fits ``n``, which is also its parameter ``{n}`` unless one is given."""
        forms = self.catalogue.plurals.get(identifier)
        if forms is None:
            return self(identifier, **{"n": n, **parameters})
        return self._finished(forms[self.catalogue.plural_form(n)], {"n": n, **parameters})

    def has(self, identifier: str) -> bool:
        """Whether the catalogue knows the id."""
        return identifier in self.catalogue.texts or identifier in self.catalogue.plurals

    def marked(self, text: str) -> str:
        """``text`` in the brackets of the pseudo-locale and a third longer, unchanged in a real language."""
        return f"[!{text} {'~' * (len(text) // 3 + 1)}!]" if self.language == PSEUDO else text

    def _text(self, identifier: str) -> str:
        found = self.catalogue.texts.get(identifier)
        if found is not None:
            return found
        if self.strict:
            raise MissingMessage(self.language, identifier)
        return self.fallback.get(identifier, identifier)

    def _finished(self, text: str, parameters: Mapping[str, object]) -> str:
        if any(hasattr(value, "__html__") for value in parameters.values()):
            return Markup(self.marked(str(escape(text)))).format(**parameters)  # noqa: S704 - text is escaped
        return self.marked(text.format(**parameters) if parameters else text)


def load_catalogue(packages: Iterable[str], language: str) -> Catalogue:
    """Read ``messages/<language>.po`` of every package. An id that two packages define raises ValueError."""
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    plural_form: Callable[[int], int] = _one_or_many
    for package in packages:
        source = files(package) / "messages" / f"{language}.po"
        if not source.is_file():
            continue
        with source.open("rb") as opened:
            read = read_po(opened, locale=language)
        plural_form = gettext.c2py(read.plural_expr)
        for message in read:
            if not message.id:
                continue
            identifier = message.id if isinstance(message.id, str) else message.id[0]
            if identifier in texts or identifier in plurals:
                raise ValueError(f"message {identifier!r} is defined twice in {language!r}, again by {package}")
            if isinstance(message.string, str):
                if message.string:
                    texts[identifier] = message.string
            elif message.string and all(message.string):
                plurals[identifier] = tuple(message.string)
    return Catalogue(language, texts, plurals, plural_form)


def build_translators(packages: Iterable[str], *, pseudo: bool, strict: bool) -> dict[str, Translator]:
    """One translator per language, and one for the pseudo-locale when tests want it."""
    named = tuple(packages)
    catalogues = {language: load_catalogue(named, language) for language in LANGUAGES}
    fallback = catalogues[LATVIAN].texts
    translators = {
        language: Translator(catalogue, language, strict, fallback) for language, catalogue in catalogues.items()
    }
    if pseudo:
        translators[PSEUDO] = Translator(catalogues[ENGLISH], PSEUDO, strict, fallback)
    return translators


def _one_or_many(n: int) -> int:
    return int(n != 1)
