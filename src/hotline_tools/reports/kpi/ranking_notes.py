"""What has to be said beside scores, ranks and boards."""

from collections import Counter

from hotline_tools.reports.kpi.cells import UnitCells
from hotline_tools.reports.kpi.rank_units import Ranking
from hotline_tools.reports.kpi.ranking import BETWEEN, CONFIDENCE, LEAST_UNITS, BoardVerdict
from hotline_tools.reports.kpi.rates import Kpis
from hotline_tools.reports.kpi.score_model import SCORE, Item
from hotline_tools.table import Note, NoteKind

_FORMULAS = {"share": "按率折算", "linear_gap": "按与目标的差距扣分", "steps": "分档得分"}


def ranking_notes(kpis: Kpis, ranking: Ranking, cells: UnitCells) -> list[Note]:
    """Return the notes: formula, who is ranked, how sure ranks are, why there is a board or none."""
    notes = _score(kpis) + _ranked(kpis, ranking) if kpis.points else []
    notes += _boards(ranking, kpis)
    if any(verdict.p is not None for verdict in ranking.verdicts):
        notes.append(_dispersion(ranking, cells))
    if kpis.points:
        notes.append(Note(NoteKind.ADVICE, "排名只作参考，宜分档分类看待（国办函〔2025〕66号）。"))
    return notes


def _score(kpis: Kpis) -> list[Note]:
    parts = [
        f"{rate.label} {rate.score.points:g} 分（{_FORMULAS[rate.score.kind]}）"
        for rate in kpis.scored
        if rate.score
    ]
    labels = {rate.name: rate.label for rate in kpis.rates}
    parts += [_item(item, labels) for item in kpis.items]
    text = f"得分 = {'、'.join(parts)}，满分 {kpis.points:g} 分"
    if kpis.points < kpis.profile.points:
        text += f"；口径原满分 {kpis.profile.points:g} 分，其余计分项本数据无法计算"
    lost = [item.label for item in kpis.profile.items if item not in kpis.items]
    if lost:
        text += f"；{'、'.join(lost)}本数据无法计算，未计"
    if kpis.profile.missing == "rescale" and len(kpis.scored) > 1:
        text += "；单位缺某项（或其分母不足样本下限）时按其余项折算"
    notes = [Note(NoteKind.DEFINITION, f"{text}。")]
    unmarked = [item.label for item in kpis.items if item.kind == "basic" and not item.marks]
    if unmarked and kpis.scored:
        text = f"{'、'.join(unmarked)}须人工评定，口径未给评分表（marks），各单位按满分计。"
        notes.append(Note(NoteKind.QUALITY, text))
    return notes


def _item(item: Item, labels: dict[str, str]) -> str:
    """Say how an item gives points."""
    if item.kind == "basic":
        return f"{item.label} {item.points:g} 分（{'评分表' if item.marks else '各单位相同'}）"
    if item.kind == "workload":
        return f"{item.label} {item.points:g} 分（按工单数与组内最多者之比）"
    verb, most = ("加", "最多加") if item.kind == "bonus" else ("扣", "最多扣")
    counted = f"“{labels[item.rate]}”分子每件{verb} {item.per_order:g} 分，{most} {item.points:g} 分"
    return f"{item.label}（{counted}）"


def _ranked(kpis: Kpis, ranking: Ranking) -> list[Note]:
    least = kpis.profile.minimum_orders
    text = (
        f"组内排名，同分同名次；工单数不足 {least:,} 件的单位不排名，列在组末；"
        f"计分项分母不足 {least:,} 件的，该项不计分。"
    )
    notes = [Note(NoteKind.SHOWN, text)]
    unranked = [row for row in ranking.rows if row["unranked_because"]]
    if unranked:
        text = f"{len(unranked):,} 个单位未排名，不记 0 分也不记满分。"
        notes.append(Note(NoteKind.SHOWN, text))
    if any(row["rank"] for row in ranking.rows):
        text = (
            f"名次区间：按件数多少与组内差别推算，真实名次有 {CONFIDENCE:.0%} 的把握在此区间内；"
            "区间大半重叠的单位不宜说谁先谁后。"
        )
        notes.append(Note(NoteKind.SHOWN, text))
    return notes


def _boards(ranking: Ranking, kpis: Kpis) -> list[Note]:
    notes = []
    for board in dict.fromkeys(verdict.board for verdict in ranking.verdicts):
        said = [_verdict(v) for v in ranking.verdicts if v.board == board and v.units]
        if said:
            notes.append(Note(NoteKind.SHOWN, f"{board}：{'；'.join(said)}。"))
    size = {board.column: board.size for board in kpis.profile.boards}
    crowded = []
    for column, most in size.items():
        on_boards = Counter((row["group"], row[column]) for row in ranking.rows if row[column])
        crowded += [f"{group}{word} {n:,} 个" for (group, word), n in on_boards.items() if n > most]
    if crowded:
        text = f"{'、'.join(crowded)}：末位同分，并列上榜。"
        notes.append(Note(NoteKind.SHOWN, text))
    return notes


def _verdict(verdict: BoardVerdict) -> str:
    """Say of one group why there is a board, or none."""
    if verdict.p is None:
        return f"{verdict.group}不设榜，参加的单位只有 {verdict.units} 个，不足 {LEAST_UNITS} 个"
    if not verdict.differs:
        chance = f"偶然概率 {verdict.p:.2g}"
        return f"{verdict.group}不设榜，{verdict.units:,} 个单位之间的差别没有超出偶然（{chance}）"
    if not any(verdict.named):
        return f"{verdict.group}无单位上榜，各单位有差别，但没有一个能与全组水平区分"
    return (
        f"{verdict.group} {verdict.units:,} 个单位中 {verdict.distinct:,} 个能与全组水平区分，"
        f"上榜者只从中取（红 {verdict.named[0]} 个、黑 {verdict.named[1]} 个），其余{BETWEEN}"
    )


def _dispersion(ranking: Ranking, cells: UnitCells) -> Note:
    seen = ranking.dispersions.values()
    if seen:
        factor = ranking.dispersions.get(SCORE) or max(seen, key=lambda one: one.factor)
        text = (
            f"同一件事的诉求成批而来、结果相同，偶然的起伏大于逐件独立时：由各单位逐{cells.step}的起伏估计，"
            f"方差为独立时的 {factor.factor:.1f} 倍，名次区间与榜单已按此放宽。"
        )
    else:
        text = "数据不能按时间细分，偶然的起伏只能由各单位之间的起伏估计，榜单只取明显离群的单位。"
    return Note(NoteKind.DEFINITION, text)
