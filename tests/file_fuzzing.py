"""Damage the files that users write beside exports, and judge what the toolkit makes of them.

Layouts, taxonomies, profiles, rules, outlines, notes, calendars, job files, settings, lexicons, populations,
unit aliases, password files, review workbooks, models, bulletins and backups: a damaged one is read or
refused with a remedy.
"""

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import docx
import xlsxwriter
from matplotlib.figure import Figure

import hotline_tools as ht
from fuzzing import mutated
from hotline_tools.briefing.audit.readers import read_bulletin
from hotline_tools.briefing.notes_file import read_notes
from hotline_tools.briefing.outline import read_outline
from hotline_tools.calendar import read_overrides
from hotline_tools.classify import Classifier
from hotline_tools.classify.modelfile import save_model
from hotline_tools.classify.training import train
from hotline_tools.errors import HotlineError
from hotline_tools.jobs.opening import read_password
from hotline_tools.jobs.review_choices import Choices
from hotline_tools.jobs.review_read import read_review
from hotline_tools.jobs.run.job_file import read_job
from hotline_tools.jobs.unit_aliases import UnitAliases
from hotline_tools.layouts import load_layout
from hotline_tools.repeats.text.lexicon import read_lexicon
from hotline_tools.reports.kpi.profile_file import load_profile
from hotline_tools.reports.period_forms import parse_period
from hotline_tools.reports.population import load_population
from hotline_tools.reports.rules import load_rules
from hotline_tools.settings import read_configuration
from hotline_tools.store.backup import back_up, restore
from hotline_tools.store.files import StoreFiles
from hotline_tools.taxonomy import load_taxonomy

_ROOT = files("hotline_tools")
_PERIOD = parse_period("2025-06", today=date(2025, 7, 1))
_OUTLINE = Path(str(_ROOT / "briefing/outlines/monthly.toml"))
_CHOICES = Choices("甲", {"城管": ("占道", "噪音"), "住建": ()})
_REVIEW = [
    ["工单键", "标题", "正确类别", "正确子类", "正确诉求类型"],
    *[[f"k{i}", f"标题{i}", "城管", "占道", "投诉"] for i in range(12)],
]
_TAXONOMY = [
    ["编码", "名称", "上级", "关键词"],
    ["1", "城管", "", "占道"],
    ["2", "噪音", "1", "吵"],
    ["3", "住建", "", ""],
]
_TEXTS = {
    "population.csv": "名称,人口\n甲街道,52000\n乙街道,\"41,000\"\n",
    "calendar.csv": "日期,安排\n2025-10-01,放假\n2025-10-11,上班\n",
    "calendar.toml": 'working = ["2025-10-11"]\nholidays = ["2025-10-01", 2025-10-02]\n',
    "aliases.txt": "# 注\n瓦房店市 = 瓦房店市人民政府\n\"城管局\",\"城市管理局\"\n",
    "password.txt": "hunter2\n",
    "notes.md": "# 总体情况\n本月平稳。\n\n# 工作建议（2025年5月）\n加强巡查。\n",
    "notes.toml": '"总体情况" = "本月平稳。"\n"工作建议（2025年5月）" = ["加强巡查。", "督办。"]\n',
    "settings.toml": 'store = "库"\nprofile = "default"\nunit_aliases = "别名.txt"\n',
    "taxonomy.csv": "\n".join(",".join(row) for row in _TAXONOMY),
    "levels.csv": "一级分类,二级分类,关键词\n城管,占道,摆摊\n城管,噪音,\"吵,闹\"\n住建,,\n",
    "bulletin.md": "# 六月通报\n\n全市受理 1,234 件，上升 3.2%。\n\n| 单位 | 件数 |\n|---|---|\n| 甲 | 9 |",
    "bulletin.html": "<title>通报</title><p>受理 12 件</p><table><tr><td rowspan=2>甲<td>3</table>",
    "taxonomy.toml": '[[category]]\nname = "城管"\nkeywords = ["占道"]\n',
}  # fmt: skip
_SHIPPED = {
    "layout": ("layouts/shipped/generic-12345.toml", "layouts/shipped/taipei-1999.toml"),
    "profile": ("reports/kpi/profiles/default.toml", "reports/kpi/profiles/hangzhou-style.toml"),
    "rules": ("reports/defaults/alerts.toml", "reports/defaults/escalations.toml",
              "reports/defaults/supervise.toml"),
    "outline": ("briefing/outlines/monthly.toml", "briefing/outlines/special.toml"),
    "job": ("jobs/run/template.toml",),
    "lexicon": ("repeats/text/lexicon.toml",),
}  # fmt: skip


def _settings(path: Path) -> object:
    return read_configuration(path, found=None, environment={})


def _model(path: Path) -> object:
    return Classifier.load(path).classify(["路灯不亮", ""], ["小区的路灯坏了三天", ""]).to_pylist()


PARSERS: dict[str, Callable[[Path], object]] = {
    "layout": load_layout,
    "taxonomy": load_taxonomy,
    "levels": load_taxonomy,
    "profile": load_profile,
    "rules": load_rules,
    "outline": read_outline,
    "notes": lambda path: read_notes(path, read_outline(_OUTLINE), _PERIOD),
    "calendar": read_overrides,
    "job": read_job,
    "settings": _settings,
    "lexicon": read_lexicon,
    "population": load_population,
    "aliases": UnitAliases.read,
    "password": read_password,
    "review": lambda path: read_review(path, _CHOICES),
    "model": _model,
    "bulletin": read_bulletin,
    "backup": lambda path: restore(path, StoreFiles(path.with_name("库"))),
}
"""Kind of file → what reads it."""
LONGEST = 20_000
"""Characters of a message: it names every mistake of a file, and a person has to read it."""


def _workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def _word() -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    document.add_heading("六月通报", 0)
    document.add_paragraph("全市受理 1,234 件，同比上升 3.2%。")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "单位", "12"
    document.save(buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    figure, buffer = Figure(), io.BytesIO()
    figure.text(0.1, 0.8, "In June 1,234 orders came in.")
    figure.savefig(buffer, format="pdf")
    return buffer.getvalue()


def _backup() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        export, store = Path(folder) / "六月.csv", ht.Store.open(Path(folder) / "库", create=True)
        export.write_text("工单编号,受理时间,诉求内容\nA1,2025-06-01,路灯不亮\nA2,2025-05-01,停水\n", "utf-8")
        ht.import_files(store, [export])
        back_up(StoreFiles(Path(folder) / "库"), Path(folder) / "备份.zip")
        return (Path(folder) / "备份.zip").read_bytes()


def _trained() -> bytes:
    problems = {
        "房管/物业": "电梯坏了物业不修",
        "水务/供水": "自来水停水两天",
        "教育/招生": "小学学区怎么划分",
    }
    rows = [
        (f"{n}号院{text}", f"{n}号院居民反映：{text}", label)
        for label, text in problems.items()
        for n in range(12)
    ]
    titles, contents, labels = ([row[i] for row in rows] for i in range(3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.model"
        save_model(train(titles, contents, labels, label="单位"), path)
        return path.read_bytes()


@cache
def seeds() -> list[tuple[str, str, bytes]]:
    """Kind, suffix and bytes of files as they should be."""
    found = [
        (kind, ".toml", (_ROOT / name).read_bytes()) for kind, names in _SHIPPED.items() for name in names
    ]
    for name, text in _TEXTS.items():
        kind, _, suffix = name.partition(".")
        found.append((kind, f".{suffix}", text.encode()))
    guide = [["复核说明"], ["分类体系", "甲"], ["复核人", "乙"]]
    return [
        *found,
        ("taxonomy", ".xlsx", _workbook({"体系": _TAXONOMY})),
        ("review", ".xlsx", _workbook({"复核": _REVIEW, "说明": guide})),
        ("bulletin", ".docx", _word()),
        *([("bulletin", ".pdf", _pdf())] if find_spec("pypdf") else []),
        ("backup", ".zip", _backup()),
        *[("model", ".model", _trained())] * 2,
    ]


_DEEP = 3000
_VALUES = [
    "9" * 5000, "-1", "0", "1e999", "nan", "0x" + "f" * 5000, '""', '"\\u0000"', "[]", "{}",
    "[" * _DEEP + "]" * _DEEP, "{a=" * _DEEP + "1" + "}" * _DEEP, '{"a":' * _DEEP + "1" + "}" * _DEEP, "true",
    "2025-13-45", "0001-01-01", "99999999999999999999", '"' + "长" * 100_000 + '"', '["a", 1, [2]]',
    "1979-05-27T07:32:00Z", '"/etc/passwd"', '"*("', '"(a+)+$"',
]  # fmt: skip
"""What a value of a TOML or JSON file may be that nobody expects."""
_VALUE = re.compile(r"(?<==)[^\n]+|(?<=: )[^,\n}\]]+")
_LINES = ("x = 1", "a.b.c = 1", "[[x]]", "[" + ".".join("a" * 2000) + "]", '"', ",,,,", "\0", "\ufeff")
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16", "utf-16-be", "utf-32")
_ADDRESSES = ("XFD1048576", "A9999999999", "-1", "99999999999", "", "A0", "1e999")


def _rewritten(text: str, rng: random.Random) -> str:
    """The text with a value, a line, a key or its depth changed."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    how = rng.randrange(8)
    if how < 3 and (places := list(_VALUE.finditer(text))):
        place = rng.choice(places)
        return text[: place.start()] + " " + rng.choice(_VALUES) + text[place.end() :]
    if how == 3:
        lines[at:at] = [lines[at]] * (1 if len(text) > 100_000 else rng.choice((1, 2, 500)))
    elif how == 4:
        lines.insert(at, rng.choice(_LINES))
    elif how == 5:
        lines[at] *= 2 if len(lines[at]) > 1000 else 2000
    elif how == 6:
        lines[at] = rng.choice(_VALUES)
    else:
        del lines[at : at + rng.randint(1, 10)]
    return "\n".join(lines)


def _inside(data: bytes, rng: random.Random) -> bytes:
    """An archive with one member damaged, checksums right; sometimes the member is left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = rng.choice([m for m in old.infolist() if m.file_size])
        left_out = rng.randrange(12) == 0
        for member in old.infolist():
            content = old.read(member)
            if member is chosen and left_out:
                continue
            if member is chosen:
                is_text = member.filename.endswith((".xml", ".json", ".rels"))
                structured = is_text and rng.randrange(2)
                content = _structured(content.decode(), rng).encode() if structured else mutated(content, rng)
            new.writestr(member, content)
    return buffer.getvalue()


def _structured(text: str, rng: random.Random) -> str:
    """JSON with a value, or XML with an address or a number, that nobody expects."""
    is_json = text.lstrip().startswith("{")
    pattern = (
        r'(?<=: )(?:"[^"]*"|-?[\d.]+|\[|\{|null)' if is_json else r'(?<=")[A-Z]{0,3}\d+(?=")|(?<=>)\d+(?=<)'
    )
    places = list(re.finditer(pattern, text))
    if not places:
        return text[: rng.randrange(len(text))]
    place = rng.choice(places)
    return text[: place.start()] + rng.choice(_VALUES if is_json else _ADDRESSES) + text[place.end() :]


def damaged(seed: int) -> tuple[str, str, bytes]:
    """File number ``seed``: its kind, suffix and bytes."""
    rng = random.Random(seed)
    known = seeds()
    kind, suffix, data = known[seed % len(known)]
    if data[:2] == b"PK":
        return kind, suffix, _inside(data, rng) if rng.randrange(4) else mutated(data, rng)
    how = 9 if data[:4] == b"%PDF" else rng.randrange(10)
    if how < 6:
        text = data.decode()
        for _ in range(rng.randint(1, 3)):
            text = _rewritten(text, rng)
        data = text.encode()
    elif how == 6:
        data = data.decode().encode(rng.choice(_ENCODINGS))
    return kind, suffix, mutated(data, rng) if how >= 5 else data


def judge(kind: str, suffix: str, data: bytes) -> str:
    """``read`` or ``refused``; raises whatever should not happen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"甲{suffix}"
        path.write_bytes(data)
        try:
            PARSERS[kind](path)
        except HotlineError as error:
            assert error.remedy, f"no remedy: {error}"
            assert len(str(error)) < LONGEST, f"a message of {len(str(error))} characters"
            return "refused"
    return "read"
