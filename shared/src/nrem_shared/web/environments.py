"""Jinja environments: one per language, so that a message can never be cached in another one."""

from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from nrem_shared.web.formats import Formats, unbroken
from nrem_shared.web.messages import Translator, build_translators
from nrem_shared.web.records import labelled

_OURS: Final = "nrem_shared.web"
_PREFIX: Final = "govuk_frontend_jinja"


class Templates:
    """The environments of one application, by language; built by :func:`build_templates`."""

    def __init__(self, environments: Mapping[str, Environment], translators: Mapping[str, Translator]) -> None:
        self._environments = environments
        self._translators = translators

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages pages can be shown in."""
        return tuple(self._environments)

    def translator(self, language: str) -> Translator:
        """Messages in a language, for text that a page handler makes itself."""
        return self._translators[language]

    def formats(self, language: str) -> Formats:
        """Dates and numbers in a language."""
        return Formats(self._translators[language])

    def environment(self, language: str) -> Environment:
        """The environment of a language."""
        return self._environments[language]

    def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        """The template as text. Raises jinja2's UndefinedError for a name that nobody gave."""
        return self._environments[language].get_template(template).render(context)


class GovukMacros:
    """GOV.UK's macros as ``govuk.error_summary({...})``.

    They test for absent parameters all over, which our StrictUndefined would refuse: they live in an environment of
    their own with jinja2's ordinary Undefined.
    """

    def __init__(self) -> None:
        loader = PrefixLoader({_PREFIX: PackageLoader(_PREFIX)})
        self._environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)

    def __getattr__(self, name: str) -> Any:
        """A macro by its name in snake case, loaded when first used."""
        if name.startswith("_"):
            raise AttributeError(name)
        template = f"{_PREFIX}/components/{name.replace('_', '-')}/macro.html"
        macro = getattr(self._environment.get_template(template).module, "govuk" + name.title().replace("_", ""))
        setattr(self, name, macro)
        return macro


def build_templates(*packages: str, pseudo: bool = False, strict: bool = True) -> Templates:
    """The templates and catalogues of ``nrem_shared.web`` and of the packages named.

    A package ``nrem_intake`` brings ``messages/{lv,en}.po`` and the templates of its capabilities,
    ``<capability>/templates/<file>``, which are named ``intake/<file>``. ``pseudo`` adds the language ``qps``.
    With ``strict`` a missing message raises; without, the default language's text is shown.
    Raises ValueError if two capabilities of a package have a template of the same name.
    """
    loaders: dict[str, BaseLoader] = {"nrem": FileSystemLoader(str(_folder(_OURS) / "templates" / "nrem"))}
    for package in packages:
        loaders[template_prefix(package)] = _capabilities_loader(package)
    translators = build_translators((_OURS, *packages), pseudo=pseudo, strict=strict)
    govuk = GovukMacros()
    environments = {
        language: _environment(PrefixLoader(loaders), translator, govuk) for language, translator in translators.items()
    }
    return Templates(environments, translators)


def template_prefix(package: str) -> str:
    """``nrem_plan_tracker`` → ``plan_tracker``: how a package's templates are named."""
    return package.rpartition(".")[2].removeprefix("nrem_")


def template_folders(package: str) -> tuple[Path, ...]:
    """The folders that hold a package's templates, one per capability, in the order of their names."""
    return tuple(sorted(path for path in _folder(package).glob("**/templates") if path.is_dir()))


def _capabilities_loader(package: str) -> ChoiceLoader:
    folders = template_folders(package)
    seen: dict[str, Path] = {}
    for folder in folders:
        for path in folder.rglob("*.html"):
            name = path.relative_to(folder).as_posix()
            if name in seen:
                raise ValueError(f"{package} has two templates named {name!r}: {seen[name]} and {path}")
            seen[name] = path
    return ChoiceLoader([FileSystemLoader(str(folder)) for folder in folders])


def _environment(loader: BaseLoader, translator: Translator, govuk: GovukMacros) -> Environment:
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    formats = Formats(translator)
    environment.globals.update({"_": translator, "_n": translator.count, "has_message": translator.has, "govuk": govuk})
    environment.globals["Markup"] = Markup
    environment.filters.update(
        {
            "localized": formats.localized,
            "date": formats.date,
            "short_date": formats.short_date,
            "datetime": formats.datetime,
            "time": formats.time,
            "number": formats.number,
            "percent": formats.percent,
            "money": formats.money,
            "iso": formats.iso,
            "labelled": labelled,
            "unbroken": unbroken,
        }
    )
    return environment


def _folder(package: str) -> Path:
    import_module(package)
    return Path(str(files(package)))
