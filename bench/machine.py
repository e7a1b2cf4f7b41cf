"""The machine and the versions measured with; nothing that names the machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from nrem_embedded.servers.kafka_jars import KAFKA_VERSION

PACKAGES = (
    "aiokafka", "aiosmtplib", "asyncpg", "fastapi", "faststream", "pydantic", "uvicorn", "uvloop",
)  # fmt: skip


def machine() -> dict[str, Any]:
    """Cores, memory, processor's kind, operating system, versions."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "kafka": KAFKA_VERSION,
        "postgresql": "18",
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
