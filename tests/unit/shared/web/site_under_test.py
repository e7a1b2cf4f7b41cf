"""A small application with the gallery, as a service would set it up."""

from types import SimpleNamespace

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from nrem_shared.web.assets import Assets
from nrem_shared.web.charts import ChartRenderer
from nrem_shared.web.gallery import gallery_router
from nrem_shared.web.rendering import build_templates
from nrem_shared.web.site import Site


def gallery_app(charts: ChartRenderer) -> FastAPI:
    """The gallery under /statistics/components, a focal point signed in."""
    app = FastAPI()
    assets = Assets()
    app.state.site = Site(build_templates(pseudo=True), assets, illustrative=True, version="0.1.0")
    app.mount("/static", assets)
    app.include_router(gallery_router(charts), prefix="/statistics/components")

    @app.middleware("http")
    async def sign_in(request: Request, answer: RequestResponseEndpoint) -> Response:
        request.state.principal = SimpleNamespace(
            roles=frozenset({"focal_point"}), member="VP", display="<b>Līga</b> Kārkliņa"
        )
        request.state.stale = True
        return await answer(request)

    return app
