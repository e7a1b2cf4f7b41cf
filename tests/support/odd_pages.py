"""Odd requests to the pages of a service: strange queries to every one, and every form of theirs with strange values.

Pages are not in the OpenAPI document. What is asked of them here is only that none falls over: no answer is a 5xx.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity import Rule
from nrem_shared.runtime.identity.cache import TOKEN_COOKIE
from nrem_shared.runtime.identity.principal import OF_AN_INSTITUTION
from support.running import Running
from support.signing import Signing
from support.spoiling import TEXTS

#: Odd values that each parameter of a query, and each form, is given.
ODD = 6
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_ACTION = re.compile(r'action="([^"]*)"')
_NAME = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')
_PREFERRED = ("coordinator", "member", "secretariat", "operator", "officer")
_SENDABLE = [text for text in TEXTS if text.isprintable() or text == "\x00"]


async def odd_requests(service: Running, signing: Signing, names: Mapping[str, Sequence[Any]]) -> tuple[int, list[str]]:
    """(requests sent, those answered by a 5xx). `names`: parameter of an address → what it may be."""
    sent: Counter[int] = Counter()
    wrong: list[str] = []
    forms: dict[str, tuple[set[str], str]] = {}
    base = service.runtime.blueprint.base_path

    async def send(method: str, url: str, who: str, data: Mapping[str, str] | None = None) -> httpx.Response:
        answer = await service.client.request(method, url, data=data, headers=_headers(signing, who))
        sent[answer.status_code] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append(f"{method} {url[:300]} as {who}: {answer.status_code}, sent {str(data)[:300]}")
        return answer

    for path, rule, queries in _pages(service.service.api):
        chance = random.Random(path)
        for address in _addresses(path, names):
            who = next((role for role in _PREFERRED if role in rule.roles), "coordinator")
            page = await send("GET", address, who)
            for action, fields in _forms(page.text):
                forms.setdefault(action.removeprefix(base), (set(), who))[0].update(fields)
            for query in queries:
                for text in chance.sample(_SENDABLE, ODD):
                    await send("GET", str(httpx.URL(address, params={query: text})), who)
    for action, (fields, who) in forms.items():
        chance = random.Random(action)
        for field in (None, *sorted(fields)):
            for text in chance.sample(_SENDABLE, ODD if field is None else 2):
                await send("POST", action, who, dict.fromkeys(fields if field is None else {field}, text))
    return sum(sent.values()), wrong


def _pages(api: FastAPI) -> Iterator[tuple[str, Rule, list[str]]]:
    for context in iter_route_contexts(api.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and not route.include_in_schema and "GET" in route.methods:
            declared = [parameter.alias for parameter in route.dependant.query_params]
            yield str(context.path), api.state.rules[f"GET {context.path}"], [*declared, "lang"]


def _addresses(path: str, names: Mapping[str, Sequence[Any]]) -> Collection[str]:
    """One with the first names there are, one with the second, one with none that exists."""
    found = []
    for index in (0, 1, None):
        found.append(
            re.sub(
                r"\{(\w+)(:\w+)?\}",
                lambda one: (
                    str(names[one[1]][index % len(names[one[1]])])  # noqa: B023
                    if index is not None and one[1] in names  # noqa: B023
                    else "1"
                ),
                path,
            )
        )
    return dict.fromkeys(found)


def _forms(html: str) -> Iterator[tuple[str, set[str]]]:
    for form in _FORM.findall(html):
        action = _ACTION.search(form.partition(">")[0])
        if action and 'method="post"' in form.partition(">")[0]:
            yield action[1].partition("#")[0].replace("&amp;", "&"), set(_NAME.findall(form))


def _headers(signing: Signing, who: str) -> dict[str, str]:
    member = "vp" if who in OF_AN_INSTITUTION else "iem"
    token = signing.token(who, member=member, sections=SECTIONS if who == "contributor" else ())
    return {"Cookie": f"{TOKEN_COOKIE}={token}", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
