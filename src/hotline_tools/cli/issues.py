"""``hotline issues``: look at repeat issues and correct them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import FormatOption, OutputOption, emit, state_of
from hotline_tools.escapes import for_terminal

if TYPE_CHECKING:
    from hotline_tools.jobs.issue_review import SplitPart, Why
    from hotline_tools.repeats.issues.decisions import Decision
    from hotline_tools.repeats.issues.explanation import Reasons

group = typer.Typer(cls=Group, no_args_is_help=True, help="重复事项：查看、追问为什么、人工纠正。")

IssueArgument = Annotated[str, typer.Argument(metavar="事项", help="事项编号，如 R000001。")]


@group.command("list", cls=Command)
def list_(
    context: typer.Context,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="只列前 N 个。", show_default=False)
    ] = None,
    with_muted: Annotated[bool, typer.Option("--muted", help="也列出已静音的。")] = False,
    to_check: Annotated[bool, typer.Option("--to-check", help="只列把握不足、待核实的。")] = False,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """列出重复事项，工单多的在前。

    例：hotline issues list --top 20
    """
    from hotline_tools.jobs.repeat_files import issue_list

    check_form(context, form, output)
    state = state_of(context)
    store = state.open_store()
    emit(issue_list(store, top=top, with_muted=with_muted, to_check=to_check), form, output)
    state.leave()


@group.command("show", cls=Command)
def show(context: typer.Context, issue: IssueArgument) -> None:
    """看一个事项的全部证据。

    例：hotline issues show R000001
    """
    from hotline_tools.jobs.issue_review import find_issue

    state = state_of(context)
    for line in _described(find_issue(state.open_store(), issue)):
        typer.echo(for_terminal(line))
    state.leave()


def _described(row: dict[str, Any]) -> list[str]:
    where = " ".join(filter(None, (row["district"], row["street"], row["community"], row["place"]))) or "不详"
    rated = f"满意 {row['satisfied']}、基本满意 {row['basically']}、不满意 {row['dissatisfied']}"
    callers = f"不同来电人 {row['callers']:,} 人，来电人不详 {row['unknown_callers']:,} 件"
    weekly = " ".join(map(str, row["weekly"]))
    return [
        f"{row['issue_id']} {row['label']}{_marks(row)}",
        f"  地点：{where}；类别：{row['category'] or '未归类'} {row['subcategory'] or ''}".rstrip(),
        f"  {row['kind']}：{row['orders']:,} 件，{callers}",
        f"  时间：{_day(row['first_at'])} 至 {_day(row['last_at'])}；每周件数 {weekly}",
        f"  渠道：{'、'.join(row['channels']) or '不详'}；承办：{'、'.join(row['departments']) or '不详'}",
        f"  {_state(row)}；办结后又来 {row['came_back']:,} 件",
        f"  回访：{rated}、未评价 {row['unrated']}",
        *(f"  典型：{text[:120]}" for text in row["typical"]),
        f"  工单：{' '.join(row['order_ids'])}",
    ]


def _marks(row: dict[str, Any]) -> str:
    unsure = f"（待核实：把握 {row['certainty']:.0%}）" if row["to_check"] else ""
    return unsure + ("（已静音）" if row["muted"] else "")


def _state(row: dict[str, Any]) -> str:
    if row["open_orders"] is None:
        return "办结情况不详（没有状态与办结时间）"
    return f"{row['status']}（未办结 {row['open_orders']:,} 件）"


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d}" if time else "不详"


@group.command("why", cls=Command)
def why(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="工单甲", help="工单编号。")],
    second: Annotated[str, typer.Argument(metavar="工单乙", help="工单编号。")],
) -> None:
    """为什么两件工单归为（或没有归为）同一事项。

    例：hotline issues why 195511 241373
    """
    from hotline_tools.jobs.issue_review import why as ask

    state = state_of(context)
    for line in _reasons(ask(state.open_store(), first, second)):
        typer.echo(for_terminal(line))
    state.leave()


def _reasons(found: "Why") -> list[str]:
    from hotline_tools.repeats.comparison.model import NUMBER_PENALTY

    reasons, issue_of = found.reasons, found.issue_of
    issues = list(issue_of.values())
    together = issues[0] is not None and issues[0] == issues[1]
    verdict = f"同属 {issues[0]}" if together else "不在同一事项"
    named = "；".join(f"{name} → {issue or '未归入事项'}" for name, issue in issue_of.items())
    lines = [
        f"现在：{verdict}（{named}）",
        *_decided(found.decision),
        *_verdict_on_the_pair(reasons),
        *_against_the_pair(reasons, together, decided=found.decision is not None),
        "各方面的作用（正数支持合并，负数反对；单位：对数几率）：",
    ]
    lines += [f"  {theme.contribution:+6.2f}  {theme.name}" for theme in reasons.themes]
    lines += [f"共有的{what}：{'、'.join(words)}" for what, words in reasons.shared.items() if words]
    for name, words in zip(issue_of, reasons.only, strict=True):
        if words:
            lines.append(f"只有 {name} 提到：{'、'.join(words)}")
    if reasons.numbers_differ:
        lines.append(
            f"两个标题的编号不同（期、栋、班、号线等）：减 {NUMBER_PENALTY:g}，已计入上面“编号”一项。"
        )
    return lines


def _decided(decision: "Decision | None") -> list[str]:
    if decision is None:
        return []
    day = f"{decision.decided_at:%Y-%m-%d}"
    if decision.kind == "join":
        return [f"人工决定：{day} 认定同属 {decision.issue_id}，以人工的为准。"]
    return [f"人工决定：{day} 从 {decision.issue_id} 拆开，以人工的为准。"]


def _against_the_pair(reasons: "Reasons", together: bool, *, decided: bool) -> list[str]:
    """Say why the orders are where the pair alone would not put them."""
    from hotline_tools.repeats.clustering.linkage import THRESHOLD

    likely = reasons.probability is not None and reasons.probability >= THRESHOLD
    if decided or likely == together:
        return []
    if together:
        return ["两件在一个事项里，是因为各自与组内其他工单相近，不是因为这两件本身。"]
    return ["两件本身够相近而不在一个事项：归并看的是整组，或者有一件是上次 hotline repeats 之后才导入的。"]


def _verdict_on_the_pair(reasons: "Reasons") -> list[str]:
    from hotline_tools.repeats.clustering.linkage import BEST, THRESHOLD
    from hotline_tools.repeats.issues.explanation import PLACE_RULES

    if reasons.probability is None:
        said = (PLACE_RULES[name] for name in reasons.place_rules)
        return [f"单看这两件：{sentence}，不直接归为一个事项。" for sentence in said]
    return [
        f"单看这两件：是同一事项的可能性 {reasons.probability:.0%}"
        f"（归并时看整组：两组间最相似的 {BEST} 对，其可能性的平均须达 {THRESHOLD:.0%}）"
    ]


@group.command("confirm", cls=Command)
def confirm(
    context: typer.Context,
    issues: Annotated[list[str], typer.Argument(metavar="事项…", help="核实确为同一事项的，如 R000001。")],
) -> None:
    """确认待核实的事项确是同一事项：从此列入报表；以后重新查找也照此办理。

    例：hotline issues confirm R000003 R000007
    """
    from hotline_tools.jobs.issue_review import confirm as carry_out

    state = state_of(context)
    carry_out(state.open_store(), issues)
    state.say(f"已确认 {'、'.join(dict.fromkeys(issues))}。")


@group.command("join", cls=Command)
def join(
    context: typer.Context,
    issues: Annotated[list[str], typer.Argument(metavar="事项…", help="要合并的事项，第一个保留编号。")],
) -> None:
    """把几个事项合成一个；以后重新查找也照此办理。

    例：hotline issues join R000001 R000002
    """
    from hotline_tools.jobs.issue_review import join as carry_out

    state = state_of(context)
    kept, *others = dict.fromkeys(issues)
    orders = carry_out(state.open_store(), issues)
    state.say(f"{'、'.join(others)} 已并入 {kept}；{kept} 现有 {orders:,} 件。")


@group.command("split", cls=Command)
def split(
    context: typer.Context,
    issue: IssueArgument,
    orders: Annotated[list[str], typer.Argument(metavar="工单…", help="要拆出去的工单编号。")],
) -> None:
    """把几件工单从事项里拆出去；以后重新查找也照此办理。

    例：hotline issues split R000001 195511 241373
    """
    from hotline_tools.jobs.issue_review import split as carry_out

    state = state_of(context)
    state.say(_parted(issue, *carry_out(state.open_store(), issue, orders)))


def _parted(issue: str, apart: "SplitPart", rest: "SplitPart") -> str:
    taken = f"从 {issue} 拆出 {apart.orders:,} 件，"
    taken += f"另成事项 {apart.issue}" if apart.issue else "单独一件，不再属于任何事项"
    left = f"余下 {rest.orders:,} 件"
    left += f"仍为 {rest.issue}" if rest.issue else "，不再成事项"
    return f"{taken}；{left}。"


@group.command("rename", cls=Command)
def rename(
    context: typer.Context,
    issue: IssueArgument,
    name: Annotated[str, typer.Argument(metavar="名称", help="新名称。")],
) -> None:
    """给事项起一个名称。

    例：hotline issues rename R000001 翠湖雅苑捆绑销售车位
    """
    from hotline_tools.jobs.issue_review import rename as carry_out

    state = state_of(context)
    carry_out(state.open_store(), issue, name)
    state.say(f"{issue} 已改名为 {name}")


@group.command("mute", cls=Command)
def mute(
    context: typer.Context,
    issue: IssueArgument,
    undo: Annotated[bool, typer.Option("--undo", help="取消静音。")] = False,
) -> None:
    """静音一个事项：不再列出，也不建议提级。

    例：hotline issues mute R000001
    """
    from hotline_tools.jobs.issue_review import mute as carry_out

    state = state_of(context)
    carry_out(state.open_store(), issue, undo=undo)
    state.say(f"{issue} {'已取消静音' if undo else '已静音'}")
