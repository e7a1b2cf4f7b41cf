from __future__ import annotations

from support.echo import blueprint
from support.eventually import eventually
from support.running import running


async def test_label_comes_back_from_the_bus(settings_for) -> None:
    settings = await settings_for("echo")
    async with running(blueprint(), settings) as echo:
        answer = await echo.client.post("/api/labels", json={"code": "vp", "label": "Viens"})
        assert answer.status_code == 201, answer.text
        assert answer.headers["nrem-after"] == "intake:member/vp@1"

        async def there() -> bool:
            return (await echo.client.get("/api/labels/vp")).status_code == 200

        await eventually(there)
