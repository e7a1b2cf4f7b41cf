"""From a request to a page: the one way a service answers with HTML."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from nrem_shared.web.environments import Templates, build_templates
from nrem_shared.web.forms import FieldError
from nrem_shared.web.languages import PARAMETER, PSEUDO, choose_language, remember_language
from nrem_shared.web.messages import Translator
from nrem_shared.web.security import security_headers
from nrem_shared.web.site import Site, page_context

__all__ = ["Templates", "build_templates", "forward", "language_of", "page", "problem_page", "render", "translator_of"]


#: Refusals that a reader is told as others: an address that only takes a form, what is gone, what changed meanwhile.
_TOLD_AS = {405: 404, 410: 404, 412: 409, 428: 409}


def language_of(request: Request) -> str:
    """The language this request is answered in."""
    return choose_language(request, _available(request))


def translator_of(request: Request) -> Translator:
    """Messages in the request's language: ``translator_of(request)("queue.title")``."""
    return _site(request).templates.translator(language_of(request))


def page(
    request: Request,
    template: str,
    *,
    title: str | Mapping[str, str],
    title_values: Mapping[str, object] | None = None,
    status: int = 200,
    errors: Sequence[FieldError] = (),
    provisional: bool = False,
    stale: bool | None = None,
    current: str | None = None,
    **items: Any,
) -> HTMLResponse:
    """A whole page. ``title`` is a message id (with ``title_values``) or a ``{lv, en}`` text.

    ``errors`` (:class:`nrem_shared.web.forms.FieldError`) are handed to the template and announced in the title;
    ``current`` names the navigation entry if the address does not tell it. The rest of the keywords are the template's
    own names.
    """
    site = _site(request)
    language = language_of(request)
    if isinstance(title, str):
        text = site.templates.translator(language)(title, **(title_values or {}))
    else:
        text = site.templates.formats(language).localized(title)
    context = page_context(
        request,
        site,
        language,
        title=text,
        provisional=provisional,
        stale=stale,
        current=current,
        has_errors=bool(errors),
    )
    return render(request, template, {"page": context, "errors": errors, **items}, status=status)


def forward(request: Request, url: str) -> RedirectResponse:
    """On to another page of ours (303), in the language that was asked for in this one's address."""
    asked = request.query_params.get(PARAMETER, "")
    if asked in _available(request):
        url = str(URL(url).include_query_params(**{PARAMETER: asked}))
    return RedirectResponse(url, status_code=303)


def problem_page(
    request: Request, status: int, *, title: str = "", detail: str | None = None, trace: str | None = None
) -> HTMLResponse:
    """The page for an error: ``title`` and ``detail`` are message ids, by default those of the status."""
    known = _TOLD_AS.get(status, status)
    known = known if known in (400, 401, 403, 404, 409, 413, 422, 503) else 500
    return page(
        request,
        "nrem/problem.html",
        title=title or f"problem.{known}.title",
        status=status,
        detail=detail or f"problem.{known}.detail",
        trace=trace,
    )


def render(request: Request, template: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A template as an answer in the request's language; remembers a language that was asked for."""
    site = _site(request)
    language = language_of(request)
    response = HTMLResponse(site.templates.render(language, template, context), status_code=status)
    response.headers.update(security_headers())
    response.headers["content-language"] = language
    response.headers["cache-control"] = "private, no-cache"
    response.headers["vary"] = "Cookie, Accept-Language"
    remember_language(request, response)
    return response


def _available(request: Request) -> tuple[str, ...]:
    """The languages of this application; the pseudo-locale only where no service in earnest is behind it."""
    languages = _site(request).templates.languages
    runtime = getattr(request.app.state, "runtime", None)
    if runtime is None or runtime.settings.demonstration:
        return languages
    return tuple(language for language in languages if language != PSEUDO)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site
