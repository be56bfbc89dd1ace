"""``hotline config``: which settings hold, and where each comes from."""

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import BY_FORMAT, FormatOption, emit, state_of

group = typer.Typer(cls=Group, no_args_is_help=True, help="配置：各项现在是什么，来自哪里。")


@group.command("show", cls=Command)
def show(context: typer.Context, form: FormatOption = None) -> None:
    """各项配置的值与来处：选项、环境变量、配置文件的哪一项，或默认。

    例：hotline config show
    """
    from hotline_tools.table import Field, ReportTable

    check_form(context, form)
    found = state_of(context).configuration()
    emit(
        ReportTable(
            report="config",
            title="配置",
            columns=(Field("key", "键"), Field("value", "值"), Field("origin", "来处")),
            rows=[
                {"key": name, "value": _shown(getattr(found.settings, name)), "origin": origin}
                for name, origin in found.origins.items()
            ],
        ),
        form,
        None,
        wide=BY_FORMAT,
    )


def _shown(value: object) -> str | None:
    if isinstance(value, tuple):
        return "、".join(map(str, value)) or None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value not in (None, "") else None
