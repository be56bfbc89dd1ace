"""docs/library.md and docs/library.zh-CN.md, made from the docstrings of the public face.

``python -m hotline_tools.cli.library_reference`` in the repository writes both; a test fails when they drift.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from inspect import getdoc, isfunction, signature
from pathlib import Path
from typing import Any

import typer.main

import hotline_tools
from hotline_tools.cli.app import app
from hotline_tools.errors import HotlineError

_SECTIONS = ("Args", "Returns", "Raises", "Example")
_MEMBERS = {"Store": ("open", "info", "verify")}
"""The members that a page shows of a class, where these are not all public ones."""
_SNIPPET = """```python
import hotline_tools as ht

store = ht.Store.open("hotline-store", create=True)
ht.import_files(store, ["六月.xlsx"])
ht.classify(store)
ht.find_repeats(store)
table = ht.report(store, "departments", period="2025-06", compare="previous")
table.to_pandas()
ht.write(table, "考核.xlsx")
ht.chart(table, "考核.png")
ht.brief(store, period="2025-06").write("月报.docx")
```
"""
_HEAD = """# The library

Made by `python -m hotline_tools.cli.library_reference`; a test keeps it in step with the docstrings.
中文：[library.zh-CN.md](library.zh-CN.md)

What a notebook calls is what the commands are made of. Nothing here prints or exits; every error is a
`HotlineError` that says what happened, where, and what to do. A table shows itself in a notebook.
`Files` stands for one path or several.

"""
_CHINESE_HEAD = """# 在 Python 里使用

本页由 `python -m hotline_tools.cli.library_reference` 按代码里的说明生成，测试保证两者一致。
English: [library.md](library.md)

命令行所做的每一步，在笔记本里都是一个函数，算法是同一份。函数不打印、不退出；出错时抛出 `HotlineError`，
说明出了什么事、在哪里、怎么办。表在笔记本里直接显示。下文的 `Files` 指一个或多个路径。

"""
CHINESE = {
    "import_files": "把导出文件导入工单库；已在库中的不会重复。返回每张表的行数合计、拒收的行和跳过的文件。",
    "inspect": "查看导出文件是什么：格式、编码、版式、各列对应与填写质量；不导入。每张表返回一张报表。",
    "classify": "给工单库里的工单归类；人工标注的不动。返回归类件数、各类件数、待复核与未归类件数。",
    "classify_files": "在原表后加上类别等列，另存为新文件；不需要工单库。",
    "classify_texts": "给几段文字归类，并给出决定归类的词。",
    "find_repeats": "找出重复诉求：同一问题、同一地点的工单归为一个事项，写入工单库。",
    "report": "出一张报表；各筛选条件的写法同命令行，结果与 hotline report 报表 --format json 相同。"
    "未归类的工单按“未归类”计，出类别报表前请先调用 classify。",
    "report_names": "列出全部报表：名称与说明。",
    "sql": "对工单库运行一条只读 SELECT（DuckDB 语法）。",
    "write": "把表写到文件，格式按后缀；文件要么完整写成，要么不出现。",
    "chart": "把报表画成图，格式按后缀；返回路径，可交给 IPython.display.Image 显示。",
    "brief": "出一份简报：句子里的每个数都来自所附的表；write 写到文件，格式按后缀。",
    "run": "按作业文件依次导入、归类、找重复诉求、出报表、图和简报；结果已有、所据未变的步骤略过，"
    "中断后再运行即接着做。",
    "check_briefing": "核对一份写好的简报，不论出自哪里：列出自相矛盾之处，每处给出位置和两个说法。",
    "sample": "生成示例数据：一年热线工单、一个月留言板、一个月网格上报，各带真值表。",
    "Store": "工单库，一个目录；用 Store.open 打开。",
    "ReportTable": "一张报表：行、列、合计与表注；可转成 pandas 或 Arrow。",
    "Brief": "一份简报：write 写到文件，with_chapter 加一章自己的，to_verify 是自查发现的问题，"
    "blanks 是留待人工填写的项目。",
    "ImportResult": "一次导入的结果：行数合计、拒收的行、跳过的文件。",
    "RunResult": "一次作业的结果：各步如何、哪里失败、命令的退出码。",
    "StepResult": "作业一步的结果：状态、说明、写出的文件、用时。",
    "Note": "表注：一句话，带种类。",
    "NoteKind": "表注的种类：口径、范围、缺什么、质量提示等。",
    "Document": "一份文稿：章节、句子、表与图。",
    "Sentence": "简报里的一句话：text 是文字，facts 是其中的数，source 是出处。",
    "Chart": "简报里的一张图：由表的 ChartHint 画出；title 是结论，alt 是文字说明。",
    "ChartHint": "表怎样画成图：种类和所用的列。",
    "HotlineError": "所有错误的总类；message 是出了什么事，where 是在哪里，remedy 是怎么办。",
    "UsageError": "参数写错或互相矛盾。",
    "InputError": "文件缺失、是空的，或不是应有的内容。",
    "EncryptedFileError": "文件有密码，没有给或给错了。",
    "NoHeaderError": "表里认不出表头。",
    "DataFileError": "版式、分类体系、考核口径、规则等文件有误。",
    "JobRunningError": "同一作业正在运行。",
    "ModelError": "模型文件损坏、不是模型，或版本不符。",
    "NotComputableError": "数据不足以计算所要的内容。",
    "StoreError": "工单库缺失、损坏或不可写。",
    "StoreLockedError": "另一个进程正在写工单库。",
}
"""One sentence for each name of the face; the docstrings are English."""
_CHINESE_PARAMETERS = {
    "store": "工单库。",
    "spark": "Spark 会话：在它上面算；不给则在本进程算。",
    "files": "导出文件、目录或压缩包，一个或多个。",
    "layout": "指定版式：名称或 TOML 文件；默认自动识别。",
    "layouts": "另外的版式文件或目录。",
    "source": "来源名：同一来源内工单编号不重复；默认按版式。",
    "password": "加密文件的密码。",
    "keep_personal_data": "不脱敏（会记入导入记录）。",
    "dry_run": "只试算会做什么、新增和更新多少，不写入。",
    "job": "作业文件（TOML）。",
    "force": "各步都做；被人改过的结果也覆盖。",
    "wait": "同一作业正在运行时等多少秒。",
    "today": "last-month 等从哪一天算起；默认今天。",
    "mask": "遮去个人信息；不加则原样写出，文件只有本人可读。",
    "join": "描述同一批工单的两个文件（如列表与详情）合并为一张表。",
    "unit_aliases": "单位别名的文本文件，每行一对：`别名 = 单位`。",
    "taxonomy": "分类体系（TOML、CSV 或 XLSX）；默认用内置体系。",
    "model": "hotline train 得到的模型。",
    "everything": "已归类的也重新归类。",
    "workers": "用几个进程。",
    "output": "写到这个文件：后缀为 xlsx、csv、parquet 或 jsonl。",
    "texts": "要归类的文字。",
    "name": "报表名，见 report_names。",
    "query": "SQL 语句；视图有 orders、stored_orders、labels、rejects、issues、issue_members。",
    "table": "要写或要画的表。",
    "path": "写到这里，格式按后缀。",
    "folder": "写到这个目录；没有则新建。",
    "edition": "简报种类：monthly（默认）、weekly、daily、quarterly、half-yearly、yearly、special、"
    "department。",
    "outline": "自己的提纲 TOML，代替 edition。",
    "notes": "人写的段落，按章名写在 TOML 或 Markdown 里。",
    "orders": "热线全年的工单数。",
    "seed": "随机种子；相同种子得相同文件。",
}


@dataclass
class Page:
    """A docstring in its parts; ``parameters`` and ``raises`` map a name to its meaning."""

    text: str
    parameters: dict[str, str] = field(default_factory=dict)
    returns: str = ""
    raises: dict[str, str] = field(default_factory=dict)
    example: list[str] = field(default_factory=list)


def parsed(docstring: str) -> Page:
    """Return the parts of a docstring in Google's style."""
    text, *rest = re.split(rf"^({'|'.join(_SECTIONS)}):\n", docstring, flags=re.MULTILINE)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    return Page(
        text=text.strip(),
        parameters=_entries(parts.get("Args", "")),
        returns=" ".join(parts.get("Returns", "").split()),
        raises=_entries(parts.get("Raises", "")),
        example=re.findall(r"^ +>>> (.*)$", parts.get("Example", ""), re.MULTILINE),
    )


def _entries(section: str) -> dict[str, str]:
    """Return name → meaning of lines such as ``name: meaning``, which deeper lines go on with."""
    found = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def english_page() -> str:
    """Return the whole of docs/library.md."""
    lines = [_HEAD + _SNIPPET, "## Functions", ""]
    for name, function in _functions():
        page = parsed(getdoc(function) or "")
        lines += [f"### {name}", "", *_signature(name, function), _plain(page.text), ""]
        lines += _table("parameter", "meaning", page.parameters)
        lines += [f"Returns: {_plain(page.returns)}", ""]
        lines += _table("raises", "when", page.raises)
        lines += _code(page.example)
    lines += ["## Objects", ""]
    for name, kind in _classes(errors=False):
        lines += [f"### {name}", "", _plain(parsed(getdoc(kind) or "").text), ""]
        lines += _table("member", "meaning", {n: _plain(_first(doc)) for n, doc in _members(kind)})
    errors = {name: _plain(_first(getdoc(kind) or "")) for name, kind in _classes(errors=True)}
    return "\n".join([*lines, "## Errors", "", *_table("error", "when", errors)]).rstrip() + "\n"


def chinese_page() -> str:
    """Return the whole of docs/library.zh-CN.md."""
    meanings = {**_filter_meanings(), **_CHINESE_PARAMETERS}
    lines = [_CHINESE_HEAD + _SNIPPET, "## 函数", ""]
    for name, function in _functions():
        page = parsed(getdoc(function) or "")
        lines += [f"### {name}", "", *_signature(name, function), CHINESE[name], ""]
        lines += _table("参数", "含义", {parameter: meanings[parameter] for parameter in page.parameters})
        lines += (
            [f"可能抛出：{'、'.join(f'`{error}`' for error in page.raises)}。", ""] if page.raises else []
        )
        lines += _code(page.example)
    lines += ["## 对象", ""]
    for name, kind in _classes(errors=False):
        members = "、".join(f"`{member}`" for member, _ in _members(kind))
        lines += [f"### {name}", "", CHINESE[name] + (f"成员：{members}。" if members else ""), ""]
    errors = {name: CHINESE[name] for name, _ in _classes(errors=True)}
    return "\n".join([*lines, "## 错误", "", *_table("错误", "何时", errors)]).rstrip() + "\n"


def _filter_meanings() -> dict[str, str]:
    """The Chinese help of the report command's options, by parameter: ``as_of`` for ``--as-of``."""
    root: Any = typer.main.get_command(app)
    options = root.commands["report"].params
    return {option.opts[0].removeprefix("--").replace("-", "_"): option.help for option in options}


PAGES: dict[str, Callable[[], str]] = {
    "docs/library.md": english_page,
    "docs/library.zh-CN.md": chinese_page,
}


def _functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """The functions of the face, in the order of an analyst's work."""
    found = {name: getattr(hotline_tools, name) for name in hotline_tools.__all__}
    functions = [(name, item) for name, item in found.items() if isfunction(item)]
    return iter(sorted(functions, key=lambda item: item[1].__code__.co_firstlineno))


def _classes(*, errors: bool) -> Iterator[tuple[str, type]]:
    for name in hotline_tools.__all__:
        item = getattr(hotline_tools, name)
        if isinstance(item, type) and issubclass(item, HotlineError) == errors:
            yield name, item


def _members(kind: type) -> Iterator[tuple[str, str]]:
    """The public methods and properties of a class, with their docstrings."""
    for name, member in vars(kind).items():
        shown = name in _MEMBERS[kind.__name__] if kind.__name__ in _MEMBERS else not name.startswith("_")
        if shown and (isfunction(member) or isinstance(member, property | classmethod)):
            yield name, getdoc(member) or ""


def _signature(name: str, function: Callable[..., object]) -> list[str]:
    taken = signature(function)
    parameters = [re.sub(r"'([^']*)'", r"\1", str(p), count=1) for p in taken.parameters.values()]
    keyword = [p.kind is p.KEYWORD_ONLY for p in taken.parameters.values()]
    if any(keyword):
        parameters.insert(keyword.index(True), "*")
    whole = f"{name}({', '.join(parameters)}) -> {taken.return_annotation!s}"
    if len(whole) > 100:
        inside = "".join(f"    {parameter},\n" for parameter in parameters)
        whole = f"{name}(\n{inside}) -> {taken.return_annotation}"
    return _code([whole])


def _code(lines: list[str]) -> list[str]:
    return ["```python", *lines, "```", ""] if lines else []


def _table(left: str, right: str, rows: dict[str, str]) -> list[str]:
    if not rows:
        return []
    cells = [f"| `{name}` | {_plain(text).replace('|', chr(92) + '|')} |" for name, text in rows.items()]
    return [f"| {left} | {right} |", "| --- | --- |", *cells, ""]


def _plain(text: str) -> str:
    return text.replace("``", "`")


def _first(docstring: str) -> str:
    return " ".join(docstring.split("\n\n", maxsplit=1)[0].split())


if __name__ == "__main__":
    for path, page in PAGES.items():
        Path(path).write_text(page(), encoding="utf-8", newline="\n")
