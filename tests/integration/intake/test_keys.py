"""Machines: a key is followed by the next one without a gap, ends by itself, or is revoked at once."""

from __future__ import annotations

from typing import Any

import httpx

from integration.intake.conftest import Intake


async def issued(intake: Intake, member: str = "vp") -> dict[str, Any]:
    answer = await intake.post(f"/api/members/{member}/keys", {"roles": ["member"]}, intake.as_coordinator())
    assert answer.status_code == 201, answer.text
    return answer.json()


async def token(intake: Intake, key: dict[str, Any]) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": key["member"], "client_secret": key["secret"]}
    return await intake.client.post("/api/oauth/token", data=form)


async def bearer(intake: Intake, key: dict[str, Any]) -> dict[str, str]:
    answer = await token(intake, key)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_a_machine_changes_its_own_key_and_both_work_for_a_while(intake: Intake) -> None:
    old = await issued(intake)
    answer = await intake.post(f"/api/keys/{old['id']}/rotation", {"overlap_days": 7}, await bearer(intake, old))
    assert answer.status_code == 201, answer.text
    new = answer.json()
    assert (new["member"], new["roles"], new["replaces"]) == ("vp", ["member"], old["id"])
    assert new["replaced_until"].startswith("2026-04-08")
    assert answer.headers["cache-control"] == "no-store"
    for key in (old, new):
        assert (await token(intake, key)).status_code == 200
    await intake.set_clock("2026-04-08T06:00:01+00:00")
    assert (await token(intake, old)).status_code == 401
    assert (await token(intake, new)).status_code == 200
    listed = {key["id"]: key for key in (await intake.get("/api/members/vp/keys", intake.as_member("vp"))).json()}
    assert listed[new["id"]]["replaces"] == old["id"]
    assert listed[old["id"]]["ends_at"] == new["replaced_until"]
    again = await intake.post(f"/api/keys/{old['id']}/rotation", {}, intake.as_coordinator())
    assert again.status_code == 404  # what has ended is followed by nothing


async def test_a_rotation_does_not_make_a_key_last_longer(intake: Intake) -> None:
    old = await issued(intake)
    for days, until in ((3, "2026-04-04"), (30, "2026-04-04")):
        answer = await intake.post(f"/api/keys/{old['id']}/rotation", {"overlap_days": days}, intake.as_coordinator())
        assert answer.json()["replaced_until"].startswith(until)


async def test_nobody_changes_or_revokes_somebody_elses_key(intake: Intake) -> None:
    key = await issued(intake)
    other = intake.as_member("lm")
    assert (await intake.post(f"/api/keys/{key['id']}/rotation", {}, other)).status_code == 404
    assert (await intake.client.delete(f"/api/keys/{key['id']}", headers=other)).status_code == 404
    assert (await token(intake, key)).status_code == 200
    assert (await intake.client.delete(f"/api/keys/{key['id']}", headers=intake.as_member("vp"))).status_code == 204
    assert (await token(intake, key)).status_code == 401
    assert (await intake.post(f"/api/keys/{key['id']}/rotation", {}, intake.as_coordinator())).status_code == 404
