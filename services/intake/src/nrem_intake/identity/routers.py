"""The routers of signing in."""

from __future__ import annotations

from nrem_intake.identity.demonstration import pages as demonstration_pages
from nrem_intake.identity.keys import api as keys_api
from nrem_intake.identity.links import pages as links_pages
from nrem_intake.identity.provider import pages as provider_pages
from nrem_intake.identity.second_factor import api as second_factor_api
from nrem_intake.identity.second_factor import lost as second_factor_lost
from nrem_intake.identity.second_factor import pages as second_factor_pages
from nrem_intake.identity.sessions import pages as sessions_pages

API = (keys_api.router, second_factor_api.router)
PAGES = (
    sessions_pages.router,
    links_pages.router,
    provider_pages.router,
    second_factor_pages.router,
    second_factor_lost.router,
    demonstration_pages.router,
)
