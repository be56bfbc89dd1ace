"""What became of the steps of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from hotline_tools.errors import ExitCode

Status = Literal["done", "partial", "unchanged", "kept", "planned", "failed", "left-out"]
"""``partial``: done, but rows were rejected, no file matched or figures could not be computed;
``unchanged``: the result is there and nothing that it is made of has changed; ``kept``: a person has changed
the file since, so it stays; ``planned``: would be done (dry run); ``left-out``: an earlier step that it needs
has failed."""
STATUS_LABELS: dict[Status, str] = {
    "done": "完成", "partial": "完成，有需要核对之处", "unchanged": "未变，略过", "kept": "已被人改过，保留",
    "planned": "将执行", "failed": "失败", "left-out": "未执行",
}  # fmt: skip


STEP_LABELS = {
    "import": "导入",
    "classify": "归类",
    "repeats": "重复诉求",
    "retention": "清理旧结果",
    "on_failure": "失败通知",
}
"""Names of steps; those that write a file go by the file's kind and report."""


@dataclass(frozen=True)
class StepResult:
    """What became of one step."""

    step: str
    """``import``, ``classify``, ``repeats``, ``report departments``, ``retention`` …"""
    status: Status
    message: str = ""
    """In Chinese, for people."""
    output: Path | None = None
    seconds: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Counts, for the log."""

    @property
    def label(self) -> str:
        """The step's name for people."""
        return STEP_LABELS.get(self.step, self.step)

    @property
    def sentence(self) -> str:
        """One line for people."""
        return f"{self.label} {STATUS_LABELS[self.status]}{f'：{self.message}' if self.message else ''}"

    @property
    def logged(self) -> dict[str, Any]:
        """What the log tells of the step, beside its name and status."""
        return {"seconds": self.seconds, "message": self.message, "output": self.output, **self.facts}


@dataclass(frozen=True)
class RunResult:
    """What a run did."""

    steps: tuple[StepResult, ...]
    log: Path
    """The log that the steps were written to; a dry run writes none."""

    @property
    def failures(self) -> tuple[str, ...]:
        """Why steps failed, in Chinese."""
        return tuple(step.sentence for step in self.steps if step.status == "failed")

    @property
    def exit_code(self) -> ExitCode:
        """1 when a step failed, 3 when one is done in part, else 0."""
        statuses = {step.status for step in self.steps}
        if "failed" in statuses:
            return ExitCode.FAILED
        return ExitCode.PARTIAL if "partial" in statuses else ExitCode.DONE

    def __getitem__(self, step: str) -> StepResult:
        """Return the result of the step of that name."""
        return next(result for result in self.steps if result.step == step)
