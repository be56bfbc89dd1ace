"""The topic register: what a council took up, through 公示 → 督办 → 验收 → 评定 → 反馈 with dates.

Topics are immutable; ``TopicRegister`` keeps them in the store directory as JSON lines.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from hotline_tools.errors import StoreError, UsageError
from hotline_tools.store.files import NEW, StoreFiles, write_private
from hotline_tools.store.journal import Commit, carry_out, live
from hotline_tools.store.writing import writing
from hotline_tools.suggestions import did_you_mean

_NAME = "topics.jsonl"

STEPS = ("公示", "督办", "验收", "评定", "反馈")
"""In this order; each needs the one before."""


@dataclass(frozen=True)
class TopicStep:
    """A step that was done."""

    name: str
    day: date
    note: str = ""


@dataclass(frozen=True)
class Topic:
    """A topic of a council; ``number`` is unique in the register, ``opened`` the day it was picked."""

    number: int
    unit: str
    title: str
    opened: date
    steps: tuple[TopicStep, ...] = ()
    order_ids: tuple[str, ...] = ()
    withdrawn: str = field(default="")
    """Why it was given up, or empty."""

    @property
    def next_step(self) -> str | None:
        """The step to do next; ``None`` when all are done or the topic was withdrawn."""
        return None if self.withdrawn or len(self.steps) == len(STEPS) else STEPS[len(self.steps)]

    @property
    def last_day(self) -> date:
        """The day of the last step, or of the opening."""
        return self.steps[-1].day if self.steps else self.opened

    def waiting_days(self, today: date) -> int:
        """Days since the last step; 0 when nothing is left to do."""
        return max(0, (today - self.last_day).days) if self.next_step else 0

    def is_stuck(self, today: date, limit_days: Mapping[str, int]) -> bool:
        """Tell whether the next step has been waited for longer than its days in ``limit_days``."""
        step = self.next_step
        return step is not None and self.waiting_days(today) > limit_days[step]


def advance(topic: Topic, step: str, day: date, note: str = "") -> Topic:
    """Return the topic with ``step`` done on ``day``.

    Raises ``UsageError`` when it is not the next step, or the day lies before the last one.
    """
    name = f"议题 {topic.number}"
    if step not in STEPS:
        hint = did_you_mean(step, STEPS)
        raise UsageError(f"没有“{step}”这一步", where=name, remedy=f"{hint}可用：{'、'.join(STEPS)}。")
    if topic.next_step is None:
        raise UsageError("已经结束，不能再推进", where=name, remedy="如需重议，请另立一个议题。")
    if step != topic.next_step:
        raise UsageError(f"下一步是{topic.next_step}，不是{step}", where=name, remedy="请按顺序推进。")
    if day < topic.last_day:
        raise UsageError(
            f"{day} 早于上一步的 {topic.last_day}", where=name, remedy="请检查日期（--date YYYY-MM-DD）。"
        )
    return replace(topic, steps=(*topic.steps, TopicStep(step, day, note)))


def withdraw(topic: Topic, reason: str) -> Topic:
    """Return the topic given up for ``reason``; raise ``UsageError`` when it has ended already."""
    if topic.next_step is None or not reason:
        raise UsageError(
            "不能撤销", where=f"议题 {topic.number}", remedy="只能撤销未结束的议题，并须写明原因。"
        )
    return replace(topic, withdrawn=reason)


class TopicRegister:
    """The topics of one store; every change is written whole before it returns."""

    def __init__(self, files: StoreFiles, lock_timeout_seconds: float = 60.0) -> None:
        self._files = files
        self._timeout = lock_timeout_seconds

    def topics(self) -> list[Topic]:
        """All topics by number; raise ``StoreError`` naming the line that cannot be read."""
        found = live(self._files, "", _NAME)
        if not found:
            return []
        path = found[0]
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_read(line, f"{path} 第 {number} 行") for number, line in enumerate(lines, 1)]

    def open(self, unit: str, title: str, opened: date, order_ids: Sequence[str] = ()) -> Topic:
        """Add a topic and return it with its number."""
        if not unit.strip() or not title.strip():
            remedy = "例如 hotline topics open 乱停乱放 --community 甲社区。"
            raise UsageError("议题要有区域和标题", remedy=remedy)
        with writing(self._files, self._timeout):
            known = self.topics()
            number = 1 + max((topic.number for topic in known), default=0)
            topic = Topic(number, unit.strip(), title.strip(), opened, order_ids=tuple(order_ids))
            self._write([*known, topic])
        return topic

    def advance(self, number: int, step: str, day: date, note: str = "") -> Topic:
        """Carry a topic one step on."""
        with writing(self._files, self._timeout):
            return self._replace(advance(self._find(number), step, day, note))

    def withdraw(self, number: int, reason: str) -> Topic:
        """Give a topic up."""
        with writing(self._files, self._timeout):
            return self._replace(withdraw(self._find(number), reason))

    def _find(self, number: int) -> Topic:
        for topic in self.topics():
            if topic.number == number:
                return topic
        raise UsageError(f"没有编号为 {number} 的议题", remedy="运行 hotline topics list 查看全部。")

    def _replace(self, changed: Topic) -> Topic:
        self._write([changed if topic.number == changed.number else topic for topic in self.topics()])
        return changed

    def _write(self, topics: Sequence[Topic]) -> None:
        lines = (json.dumps(asdict(topic), ensure_ascii=False, default=str) for topic in topics)
        write_private(self._files.root / (_NAME + NEW), "".join(f"{line}\n" for line in lines))
        carry_out(self._files, Commit([_NAME]))


def _read(line: str, where: str) -> Topic:
    try:
        raw = json.loads(line)
        steps = tuple(TopicStep(s["name"], date.fromisoformat(s["day"]), s["note"]) for s in raw["steps"])
        return Topic(
            number=int(raw["number"]),
            unit=raw["unit"],
            title=raw["title"],
            opened=date.fromisoformat(raw["opened"]),
            steps=steps,
            order_ids=tuple(raw["order_ids"]),
            withdrawn=raw["withdrawn"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError("议题登记已损坏", where=where, remedy="请从备份恢复该行，或删去该行。") from error
