"""The log of a job: one JSON line a step, in a file that is renamed when it has grown."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from hotline_tools.disk import replace

LOG_NAME = "log.jsonl"
MAX_BYTES = 1_000_000
MAX_FILES = 5
"""Old logs that stay: ``log.1.jsonl`` is the newest."""


class RunLog:
    """Appends to ``log.jsonl`` in the job's folder."""

    def __init__(self, folder: Path, run: str, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = folder / LOG_NAME
        self._run = run
        self._max_bytes = max_bytes

    def write(self, step: str, status: str, facts: Mapping[str, Any]) -> None:
        """Add the line of a step; empty facts are left out."""
        line = {
            "time": datetime.now().astimezone().isoformat(timespec="seconds"),
            "run": self._run,
            "step": step,
            "status": status,
            **{name: value for name, value in facts.items() if value not in (None, "", [], {})},
        }
        self._rotate()
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    def _rotate(self) -> None:
        if not self.path.exists() or self.path.stat().st_size < self._max_bytes:
            return
        older = [self.path.with_name(f"log.{number}.jsonl") for number in range(1, MAX_FILES + 1)]
        for source, target in reversed(list(zip([self.path, *older], older, strict=False))):
            if source.exists():
                replace(source, target)
