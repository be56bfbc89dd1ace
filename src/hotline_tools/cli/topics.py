"""``hotline topics``: the register of what a council took up, step by step."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import FormatOption, OutputOption, State, emit, state_of, today
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.store.topics import Topic, TopicRegister

group = typer.Typer(
    cls=Group, no_args_is_help=True, help="议题登记：公示、督办、验收、评定、反馈，走到哪一步、卡在哪里。"
)
TopicArgument = Annotated[int, typer.Argument(metavar="编号", help="议题编号，见 hotline topics list。")]
DateOption = Annotated[
    str | None, typer.Option("--date", metavar="日期", help="哪一天，默认今天。", show_default=False)
]


@group.command("list", cls=Command)
def list_(
    context: typer.Context,
    stuck: Annotated[bool, typer.Option("--stuck", help="只列停滞的。")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="日期", help="截至哪一天，默认今天。", show_default=False)
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", metavar="文件", help="各步时限的规则 TOML。", show_default=False),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """列出议题，停滞的在前。

    例：hotline topics list --stuck
    """
    from hotline_tools.reports.rules import load_rules
    from hotline_tools.reports.topic_register import topics_table

    check_form(context, form, output)
    chosen = load_rules(rules) if rules else None
    state = state_of(context)
    topics = _register(state).topics()
    emit(topics_table(topics, _day(as_of), stuck_only=stuck, rules=chosen), form, output)
    state.leave()


@group.command("open", cls=Command)
def open_(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="议题", help="议什么，如 乱停乱放。")],
    community: Annotated[
        str | None,
        typer.Option("--community", metavar="区域", help="哪个社区、镇街或网格。", show_default=False),
    ] = None,
    issue: Annotated[
        str | None,
        typer.Option(
            "--issue", metavar="事项", help="取这个重复事项的工单与社区，如 R000001。", show_default=False
        ),
    ] = None,
    day: DateOption = None,
) -> None:
    """立一个议题；给了 --issue 就把该事项的工单编号一并登记。

    例：hotline topics open 乱停乱放 --community 滨河社区
    """
    state = state_of(context)
    found = _issue(state, issue) if issue else {}
    unit = community or found.get("community") or found.get("street")
    if not unit:
        raise UsageError(
            "不知道是哪个区域的议题", remedy="请用 --community 写明，例如 --community 滨河社区。"
        )
    topic = _register(state).open(unit, title, _day(day), found.get("order_ids", ()))
    _say(state, topic, "已立项")


@group.command("advance", cls=Command)
def advance(
    context: typer.Context,
    number: TopicArgument,
    step: Annotated[
        str, typer.Option("--step", metavar="步骤", help="做完的一步：公示、督办、验收、评定或反馈。")
    ],
    day: DateOption = None,
    note: Annotated[str, typer.Option("--note", metavar="说明", help="做了什么。")] = "",
) -> None:
    """记下议题做完的一步；按顺序推进，日期不能倒退。

    例：hotline topics advance 1 --step 公示 --note 公示栏张贴七天
    """
    state = state_of(context)
    _say(state, _register(state).advance(number, step, _day(day), note), f"已记下{step}")


@group.command("withdraw", cls=Command)
def withdraw(
    context: typer.Context,
    number: TopicArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="为什么不再议。")],
) -> None:
    """撤销一个还没有结束的议题。

    例：hotline topics withdraw 1 --reason 已并入另一议题
    """
    state = state_of(context)
    _say(state, _register(state).withdraw(number, reason), "已撤销")


def _register(state: State) -> "TopicRegister":
    from hotline_tools.store.topics import TopicRegister

    return TopicRegister(state.open_store().files, state.settings().lock_timeout_seconds)


def _issue(state: State, name: str) -> dict[str, Any]:
    from hotline_tools.jobs.issue_review import find_issue

    return dict(find_issue(state.open_store(), name))


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise UsageError(f"看不懂日期“{text}”", remedy="例如 --date 2025-06-30。") from error


def _say(state: State, topic: "Topic", done: str) -> None:
    then = f"下一步：{topic.next_step}" if topic.next_step else "没有下一步"
    state.say(f"{done}：议题 {topic.number}（{topic.unit}，{topic.title}）。{then}。")
