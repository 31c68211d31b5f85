"""The machine, in general terms."""

import os
import platform
from pathlib import Path

import psutil


def described() -> str:
    """Processor, memory, system, interpreter, and how busy it was before the run."""
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"{platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}; load before the run {load}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
