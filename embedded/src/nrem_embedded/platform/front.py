"""The application that holds the services: landing page, components, static files, the demonstration's routes."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Depends, FastAPI

from nrem_embedded.demonstration import app as demonstration_app
from nrem_embedded.demonstration import pages as demonstration_pages
from nrem_shared.runtime.problems import install_problems
from nrem_shared.web.application import pages
from nrem_shared.web.charts import ChartRenderer
from nrem_shared.web.gallery import gallery_router


def build_front() -> FastAPI:
    """The application at the root; services are mounted into it, `state.demonstration` is set before it serves."""
    app = FastAPI(title="NREM", openapi_url=None, docs_url=None, redoc_url=None)
    install_problems(app)
    pages("nrem_embedded")(app)
    app.state.site = replace(app.state.site, illustrative=True)
    app.include_router(demonstration_app.router)
    app.include_router(demonstration_pages.router)
    app.include_router(
        gallery_router(ChartRenderer()),
        prefix="/components",
        dependencies=[Depends(demonstration_pages.show_visitor)],
    )
    return app
