"""The Typer application: global options, and every command in the order of an analyst's work."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools import __version__
from hotline_tools.cli import (
    brief,
    chart,
    classify,
    config,
    demo,
    evaluate,
    import_,
    inspect,
    issues,
    layout,
    profile,
    repeats,
    report,
    review,
    run,
    sample,
    sql,
    store,
    suggest,
    taxonomy,
    topics,
    train,
)
from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import State

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="12345 热线工单分析：导入、归类、统计、出图。",
    epilog="从 hotline demo 开始；每条命令都可加 --help。",
)

for name, function in (
    ("demo", demo.demo),
    ("inspect", inspect.inspect),
    ("import", import_.import_),
    ("classify", classify.classify),
    ("train", train.train),
    ("evaluate", evaluate.evaluate),
    ("suggest", suggest.suggest),
    ("repeats", repeats.repeats),
    ("report", report.report),
    ("chart", chart.chart),
    ("run", run.run),
    ("sample", sample.sample),
):
    app.command(name, cls=Command)(function)
app.command("sql", cls=sql.SqlCommand)(sql.sql)

for name, group in (
    ("brief", brief.group),
    ("review", review.group),
    ("issues", issues.group),
    ("topics", topics.group),
    ("taxonomy", taxonomy.group),
    ("layout", layout.group),
    ("profile", profile.group),
    ("store", store.group),
    ("config", config.group),
):
    app.add_typer(group, name=name)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hotline-tools {__version__}")
        raise typer.Exit


@app.callback()
def globals_(
    context: typer.Context,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store", metavar="目录", help="工单库目录，默认环境变量 HOTLINE_STORE 或 ./hotline-store。"
        ),
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="文件", help="配置文件，默认 ./hotline.toml（若有）。")
    ] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="出错时显示完整的调用过程。")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="不显示进度和提示，只留结果与错误。")] = False,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            metavar="引擎",
            help="在哪里计算：duckdb（本机，默认）或 spark（本机或集群）。",
        ),
    ] = None,
    spark_master: Annotated[
        str | None,
        typer.Option(
            "--spark-master", metavar="地址", help="Spark 主节点，如 spark://主机:7077；默认本机全部处理器。"
        ),
    ] = None,
    spark_conf: Annotated[
        list[str] | None, typer.Option("--spark-conf", metavar="名=值", help="Spark 设置，可写多次。")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", help="显示版本号并退出。", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    context.obj = State(
        store=store,
        config=config_file,
        verbose=verbose,
        quiet=quiet,
        engine_name=engine,
        spark_master=spark_master,
        spark_conf=tuple(spark_conf or ()),
    )
    if (spark_master or spark_conf) and context.obj.settings().engine != "spark":
        refuse_unused(context, "不在 Spark 上计算时", ("spark_master", "spark_conf"))
