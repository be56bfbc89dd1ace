"""Marks the changes of a compared table that may be chance, and says how they were judged."""

from collections.abc import Mapping, Sequence

from hotline_tools.reports.compare.change import Change
from hotline_tools.reports.compare.variation import WEEKS, WORKDAYS, RowVariation, Variation
from hotline_tools.reports.statistics import ALPHA, adjusted
from hotline_tools.table import Cell, Note, NoteKind

Cells = dict[str, Cell]


def mark_noise(
    rows: list[Cells],
    changes: list[Change],
    variation: Variation,
    totals: tuple[Mapping[str, Cell], Mapping[str, Cell]] = ({}, {}),
    bases: Sequence[Mapping[str, Cell]] = (),
) -> None:
    """Add NAME_change_is_noise to the rows, corrected for the number of rows that were looked at.

    ``totals`` are those of both periods: what a share is of; ``bases`` the row of the base beside each.
    """
    nothing: Mapping[str, Cell] = {}
    beside = [*bases, *(nothing for _ in rows[len(bases) :])]
    known = [variation.of(row, then) for row, then in zip(rows, beside, strict=True)]
    for change in changes:
        chances = [_p(row, change, variation, own, totals) for row, own in zip(rows, known, strict=True)]
        tested = [(row, p) for row, p in zip(rows, chances, strict=True) if p is not None]
        corrected = adjusted([p for _, p in tested])
        for (row, _), p in zip(tested, corrected, strict=True):
            row[change.added("change_is_noise")] = p > ALPHA
        for row in rows:
            row.pop(change.p_name, None)


def _p(
    row: Cells,
    change: Change,
    variation: Variation,
    known: RowVariation,
    totals: tuple[Mapping[str, Cell], Mapping[str, Cell]],
) -> float | None:
    """Return the chance of a change in one row; ``None`` where it cannot be told."""
    if change.kind == "count":
        now, then = row.get(change.name), row.get(change.added("then"))
        both = isinstance(now, int) and isinstance(then, int) and row.get(change.added("change")) is not None
        return variation.count_p(known, int(str(now)), int(str(then))) if both else None
    plain = row.get(change.p_name)
    if not isinstance(plain, float):
        return None
    counts = change.counts
    if counts is None or not counts.of_total:
        return plain
    four = (
        row.get(counts.numerator),
        totals[0].get(counts.denominator),
        row.get(change.added("then", counts.numerator)),
        totals[1].get(counts.denominator),
    )
    if not all(isinstance(number, int) for number in four):
        return plain
    hits_now, all_now, hits_then, all_then = (int(str(number)) for number in four)
    return variation.share_p(known, (hits_now, all_now), (hits_then, all_then))


def noise_notes(rows: list[Cells], changes: list[Change], variation: Variation) -> list[Note]:
    """Say what the marks mean, from how many weeks, and where a share's mark is not its count's."""
    if not any(change.added("change_is_noise") in row for row in rows for change in changes):
        return []
    by_step = any(WORKDAYS in row for row in rows)
    known = (
        f"自身波动按本期之前 {variation.weeks} 周的逐周件数估计（至多 {WEEKS} 周，历史少的行向全表靠拢），"
        f"并按各{'步' if by_step else '期'}的工作日、非工作日折算"
        if variation.weeks
        else "本期之前的数据不足 3 周，只能按泊松分布判断，成批来的诉求会被误认作真实变化"
        f"{'；工作日与非工作日相比的，不认作真实变化' if by_step else ''}"
    )
    rates = "；率按两比例检验，每件的结果视为互不相干" if _has_rates(changes) else ""
    notes = [
        Note(
            NoteKind.SHOWN,
            f"标为“可能只是偶然波动”的：变化没有超出该行自身的波动（准泊松检验，{ALPHA:.0%} 水平，"
            f"已按行数校正），不宜当作真实变化写进报告。{known}{rates}。",
        )
    ]
    differing = sum(_differs(row, changes) for row in rows)
    if differing:
        notes.append(
            Note(
                NoteKind.SHOWN,
                f"{changes[0].naming.word}{differing:,} 行的件数与占比判断不同："
                "件数看该行自己的多少，占比看它在全部工单中的份额；全部工单一起增减时，两者可以一真一假。",
            )
        )
    return notes


def _has_rates(changes: list[Change]) -> bool:
    return any(change.counts is not None and not change.counts.of_total for change in changes)


def _differs(row: Cells, changes: list[Change]) -> bool:
    """Tell whether a share of the total and the count it is of are marked differently."""
    return any(
        change.counts is not None
        and change.counts.of_total
        and None not in (pair := _marks(row, change, change.counts.numerator))
        and pair[0] is not pair[1]
        for change in changes
    )


def _marks(row: Cells, share: Change, count: str) -> tuple[Cell, Cell]:
    return row.get(share.added("change_is_noise")), row.get(share.added("change_is_noise", count))
