"""What a job knows of its earlier runs: files it has dealt with, and from what its tables were made."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hotline_tools.files import write_bytes

_FILE = "state.json"
TableKey = tuple[str, str]
"""Digest of the content and sheet, as import records know a table."""


@dataclass
class Memory:
    """Kept beside the job file; losing it costs time only, for the store's import records decide."""

    place: Path
    files: dict[str, list[TableKey]] = field(default_factory=dict)
    """Digest of an input file → the tables that it holds."""
    made_of: dict[str, str] = field(default_factory=dict)
    """``classify``, ``repeats`` → what the result was made of."""

    @classmethod
    def read(cls, folder: Path) -> "Memory":
        """Read the memory; one that is missing or damaged is empty."""
        place = folder / _FILE
        try:
            content: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
            files = {
                name: [(digest, sheet) for digest, sheet in tables]
                for name, tables in content["files"].items()
            }
            return cls(place, files, {str(key): str(value) for key, value in content["made_of"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(place)

    def write(self) -> None:
        """Write it whole or not at all."""
        content = {name: value for name, value in asdict(self).items() if name != "place"}
        write_bytes(self.place, json.dumps(content, ensure_ascii=False, indent=1).encode())
