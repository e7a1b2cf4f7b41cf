"""Where the reference data and the demonstration's quarters lie."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """The folder `data`: `NREM_DATA`, else that of the project this package was installed from.

    Raises FileNotFoundError where there is none.
    """
    named = os.environ.get("NREM_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "data"
    if not (folder / "codelists.yaml").is_file():
        raise FileNotFoundError(f"{folder} holds no reference data (codelists.yaml); name the folder in NREM_DATA")
    return folder
