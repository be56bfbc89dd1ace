"""The ``[[rate]]`` tables of a profile file and their score formulas."""

from collections.abc import Sequence
from typing import Any, cast, get_args

from hotline_tools.reports.kpi.profile import Rate, Score, ScoreKind
from hotline_tools.reports.toml_reader import TomlReader, hint


def read_rate(reader: TomlReader, facts: Sequence[str]) -> Rate:
    """Read one rate; its facts must be known."""
    name = reader.text("name")
    if not name.isidentifier() or not name.isascii():
        reader.wrong(f"name = “{name}” 须由英文字母、数字与下划线组成")
    target = reader.number("target", -1, low=-1, high=1)
    rate = Rate(
        name=name,
        label=reader.text("label"),
        numerator=_facts(reader, "numerator", facts, needed=True),
        denominator=_facts(reader, "denominator", facts, needed=True),
        exclude=_facts(reader, "exclude", facts, needed=False),
        target=target if target >= 0 else None,
        lower_is_better=reader.flag("lower_is_better"),
        required=reader.flag("required"),
        optional=reader.flag("optional"),
        score=_score(reader.table("score"), target if target >= 0 else 1.0) if reader.has("score") else None,
    )
    reader.done()
    return rate


def _facts(reader: TomlReader, key: str, known: Sequence[str], *, needed: bool) -> tuple[str, ...]:
    names = reader.texts(key, needed=needed)
    for name in names:
        if name not in known:
            reader.wrong(f"{key} 里没有 {name} 这个事实，{hint(name, known)}")
    return names


def _score(reader: TomlReader, target: float) -> Score:
    kind = cast(ScoreKind, reader.text("kind", among=get_args(ScoreKind)))
    score = Score(
        kind=kind,
        points=reader.number("points"),
        target=reader.number("target", target, high=1) if kind == "linear_gap" else target,
        per_point=reader.number("per_point", 1.0) if kind == "linear_gap" else 1.0,
        floor=reader.number("floor", 0.0) if kind != "share" else 0.0,
        steps=_steps(reader) if kind == "steps" else (),
    )
    reader.done()
    if score.points <= 0:
        reader.wrong("points 须大于 0")
    if max([score.floor, *(points for _, points in score.steps)]) > score.points:
        reader.wrong("floor 与各档得分不能高于 points")
    return score


def _steps(reader: TomlReader) -> tuple[tuple[float, float], ...]:
    """Read ``[[0.95, 25], [0.9, 20]]``: from which rate on how many points."""
    raw: Any = reader.raw("steps", [])
    good = (
        isinstance(raw, list)
        and bool(raw)
        and all(
            isinstance(step, list)
            and len(step) == 2
            and all(isinstance(x, int | float) and not isinstance(x, bool) for x in step)
            and 0 <= step[0] <= 1
            for step in raw
        )
    )
    if not good:
        reader.wrong("steps 须写作 [[0.95, 25], [0.9, 20]]")
        return ()
    return tuple((float(rate), float(points)) for rate, points in raw)
