"""Settings of the statistics service, from the environment (`NREM_…`)."""

from __future__ import annotations

from pydantic import Field

from nrem_shared.runtime.settings import ServiceSettings


class StatisticsSettings(ServiceSettings):
    """What every service needs, and the threshold for small cells."""

    small_cell_threshold: int = Field(
        default=5,
        ge=2,
        le=100,
        description="Cells above zero and below this are marked small (NREM_SMALL_CELL_THRESHOLD)",
    )
