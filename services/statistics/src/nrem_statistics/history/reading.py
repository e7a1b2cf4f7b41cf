"""The years as one reader may see them."""

from __future__ import annotations

from datetime import datetime

from nrem_shared.runtime.database import Connection
from nrem_statistics.history import store
from nrem_statistics.history.domain import HistorySeries, Years, current_years
from nrem_statistics.quarters.domain import compile_quarter
from nrem_statistics.quarters.reading import read_quarter, read_reference
from nrem_statistics.sources import store as sources


async def read_years(conn: Connection, now: datetime, threshold: int, with_current: bool) -> Years:
    """The historical series; `with_current` adds the years after them, counted from the quarters held."""
    history = tuple(
        HistorySeries(
            series=row.document.series,
            revision=row.revision,
            recorded_at=row.recorded_at,
            figures=row.document.figures,
            ranges=row.document.ranges,
            breaks=row.document.breaks,
        )
        for row in await store.newest(conn)
    )
    if not with_current:
        return Years(history=history, current=None)
    last = max((figure.year for series in history for figure in series.figures), default=0)
    reference = await read_reference(conn, now)
    quarters = [
        compile_quarter(await read_quarter(conn, period, now, reference), now, threshold)
        for period in await sources.periods(conn)
        if int(period.code[:4]) > last
    ]
    return Years(history=history, current=current_years(quarters))
