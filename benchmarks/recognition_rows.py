"""Header rows as published, with the field of every column, and cells for them: how well an import maps them.

``recognition_names/fourth`` holds header rows of public source code, interfaces and data portals, labelled
before the first run and split by source: ``develop`` may be read, ``sealed`` only measured. A label is a field;
``?`` where a column may be read in two ways (not counted); nothing where it is none; ``~`` behind a field where
several columns would do; a digit for a level of the category. The cells are generated.
"""

# ruff: noqa: E501

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from hotline_tools.layouts import load_layouts
from hotline_tools.layouts.match import match_layout

FOLDER = Path(__file__).parent / "recognition_names" / "fourth"
ROWS = 120
OPEN = "?"
_LABEL = re.compile(r"([a-z_]+)(~?)([1-5]?)")
_ENGLISH = {
    "content": ["Large pothole near the bus stop, cars swerve around it", "Streetlight has been out for two weeks",
                "Trash was not picked up on Monday, bins are overflowing", "Graffiti on the wall behind the library",
                "Water leaking from the hydrant since yesterday morning", "Dead tree leaning over the sidewalk"],
    "title": ["Pothole", "Streetlight out", "Missed collection", "Graffiti removal", "Leaking hydrant", "Fallen tree"],
    "original_category": ["Streets/Pothole/Asphalt", "Streets/Lighting/Outage", "Sanitation/Missed bin/Recycling",
                          "Sanitation/Dumping/Bulky", "Parks/Tree/Branch", "Parks/Playground/Swing"],
    "department": ["Public Works", "Sanitation", "Parks and Recreation", "Transportation", "Police Department"],
    "status": ["Open", "Closed", "In Progress"], "channel": ["Phone", "Web", "Mobile App", "Email"],
    "urgency": ["High", "Medium", "Low"], "request_type": ["Complaint", "Inquiry", "Suggestion"],
    "reply": ["Crew repaired the pothole", "Inspected, no action needed", "Referred to the contractor", "Work order completed"],
    "district": ["District 1", "District 2", "North", "South"], "community": ["Riverside", "Old Town", "Hillcrest", "Lakeview"],
    "satisfaction": ["满意", "不满意", "基本满意"], "resolved": ["yes", "no"],
}  # fmt: skip
_CHINESE = {
    "original_category": ["城乡建设/物业管理/电梯故障/维保", "城乡建设/物业管理/停车/收费", "城市管理/市容环卫/垃圾/清运",
                          "城市管理/违法建设/楼顶/加盖", "交通运输/公共交通/公交/班次", "交通运输/道路/坑洼/修补"],
    "grid": ["GD0101", "GD0102", "GD0203", "GD0207"],
}  # fmt: skip
_STREETS = ("Main St", "Oak Ave", "5th Ave", "Elm St", "Park Rd")
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "敏强丽洋静伟芳磊娜军"


def _time(dice: random.Random) -> str:
    return f"2021-06-{dice.randint(1, 30):02d} {dice.randint(8, 18):02d}:{dice.randint(0, 59):02d}:00"


Cell = Callable[[random.Random], str]
_KINDS: list[tuple[str, Cell]] = [
    (r"是否|^is_|^is[A-Z]|^has_|[Ff]lag|标[志记识示]|匿名|deleted|removed|overdue|OVERDUE|is_del|_eval$|duplicate", lambda d: d.choice("01")),
    (r"(?<![a-z])(?:update|create|delete|modify)_?(?:d_)?by", lambda d: d.choice(_SURNAMES) + d.choice(_GIVEN)),
    (r"时间|日期|时刻|date|time|Date|Time|DATE|dttm|At$|_at$|sj$|SJ$|rq$", _time),
    (r"次数|数量|人数|时长|天数|金额|费用|经度|纬度|坐标|count|cost|days|hours|minutes|lat|lon|lng|Latitude|Longitude|gps|^[XY]$|耗时|得分|置信度|体温|年龄|minutes|损失|SRX|SRY|rs$", lambda d: str(d.randint(0, 99))),
    (r"图|照片|附件|链接|网址|url|URL|image|photo|pic|file|media|fj$|证据", lambda d: f"https://example.test/{d.randint(1, 10**6)}.jpg"),
    (r"电话|手机|号码|phone|Phone|tel$|mobile|联系方式|dh$", lambda d: f"1{d.randint(30, 99)}{d.randint(10**7, 10**8 - 1)}"),
    (r"(人|员|者|师傅|领导|姓名|用户|客户|司机|老师|者姓名|名字|昵称|负责人|联系人|师)$|[Nn]ame$|[Bb]y$|operator|handler|user|assignee|assigned|officer|personnel|xm$|r$", lambda d: d.choice(_SURNAMES) + d.choice(_GIVEN)),
    (r"(id|ID|Id|编号|编码|代码|主键|单号|号|code|Code|CODE|no|No|number|dm|bh)(）|\)|，|$)", lambda d: f"{d.randint(1, 60):04d}"),
    (r"原因|备注|说明|意见|内容|情况|描述|措施|remark|reason|comment|note|opinion|过程|轨迹|方法|bz$", lambda d: d.choice(["无", "同意", "请按规定办理", "情况属实，已登记", ""])),
    (r"状态|进度|[Ss]tatus|[Ss]tate|STATUS|zt$", lambda d: d.choice(["正常", "异常"])),
]  # fmt: skip
"""What a column that fills no field holds, by its name; the first that fits."""


@dataclass(frozen=True)
class HeaderRow:
    source: int
    language: str
    columns: dict[str, str]
    """Header → label."""


def header_rows(part: str) -> list[HeaderRow]:
    given = json.loads((FOLDER / f"{part}.json").read_text(encoding="utf-8"))
    return [HeaderRow(row["source"], row["language"], row["columns"]) for row in given]


def filled(row: HeaderRow, orders: pa.Table, sample: dict[str, str], dice: random.Random) -> pa.Table:
    """The header row with cells: those of the sample's orders, made up where the sample has none."""
    cells = orders.slice(0, ROWS)
    categories = [
        dice.choice((_ENGLISH if row.language == "en" else _CHINESE)["original_category"])
        for _ in range(ROWS)
    ]
    columns = {}
    for header, label in row.columns.items():
        found = _LABEL.fullmatch(label)
        if found is None:
            columns[header] = _other(header, dice)
            continue
        name, _, level = found.groups()
        if name == "original_category":
            parts = [path.split("/") for path in categories]
            columns[header] = [path[min(int(level or 2), len(path)) - 1] for path in parts]
        elif row.language == "en" and name in _ENGLISH:
            columns[header] = [dice.choice(_ENGLISH[name]) for _ in range(ROWS)]
            if name == "content":
                columns[header] = [f"{text} ({number})" for number, text in enumerate(columns[header])]
        elif row.language == "en" and name == "address":
            columns[header] = [f"{dice.randint(1, 9999)} {dice.choice(_STREETS)}" for _ in range(ROWS)]
        elif name in sample:
            columns[header] = cells.column(sample[name]).to_pylist()
        elif name in _CHINESE:
            columns[header] = [dice.choice(_CHINESE[name]) for _ in range(ROWS)]
        else:
            columns[header] = _other(header, dice)
    return pa.table({header: pa.array(values, pa.string()) for header, values in columns.items()})


def _other(header: str, dice: random.Random) -> list[str]:
    made = next(
        (cell for pattern, cell in _KINDS if re.search(pattern, header)), lambda d: d.choice("甲乙丙") + "类"
    )
    return [made(dice) for _ in range(ROWS)]


@dataclass
class Figures:
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    all_right: int = 0

    @property
    def precision(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.missed.total())


def errors_of(row: HeaderRow, given: dict[str, str], figures: Figures) -> Iterator[str]:
    """Count what an import gave (header → field) against the labels; yield a line for every mistake."""
    right_of = {header: _LABEL.fullmatch(label) for header, label in row.columns.items() if label != OPEN}
    groups: dict[str, list[str]] = {}
    for header, found in right_of.items():
        if found is None:
            continue
        if found[2]:
            groups.setdefault(found[1], []).append(header)
        elif given.get(header) == found[1]:
            figures.right[found[1]] += 1
        else:
            figures.missed[found[1]] += 1
            yield f"{header} ({found[1]}) → {given.get(header, '')}"
    for name, headers in groups.items():
        if any(given.get(header) == name for header in headers):
            figures.right[name] += 1
        else:
            figures.missed[name] += 1
            yield f"{' or '.join(headers)} ({name}) → {[given.get(header, '') for header in headers]}"
    for header, name in given.items():
        if header not in right_of:
            continue
        found = right_of[header]
        if found is None or found[1] != name:
            figures.wrong[name] += 1
            if found is None:
                yield f"{header} (none) → {name}"


def measure(part: str, orders: pa.Table, sample: dict[str, str], *, tell: bool) -> Figures:
    """Map every header row of a part as an import does and count."""
    figures = Figures()
    layouts = load_layouts()
    for number, row in enumerate(header_rows(part)):
        table = filled(row, orders, sample, random.Random(number))
        match = match_layout(table.column_names, table, layouts)
        given = {header: name for name, headers in match.mapping.items() for header in headers}
        mistakes = list(errors_of(row, given, figures))
        figures.rows += 1
        figures.all_right += not mistakes
        if tell:
            for line in mistakes:
                print(f"{number:3}: {line}")
    return figures


def report(figures: Figures, part: str) -> None:
    print(f"{part}: {figures.rows} header rows, {figures.all_right} without a mistake")
    print(f"{'field':18} {'precision':>9} {'recall':>7} {'right':>6} {'wrong':>6} {'missed':>6}")
    for name in sorted({*figures.right, *figures.wrong, *figures.missed}):
        right, wrong, missed = figures.right[name], figures.wrong[name], figures.missed[name]
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        print(f"{name:18} {precision:9.3f} {recall:7.3f} {right:6} {wrong:6} {missed:6}")
    right, wrong, missed = figures.right.total(), figures.wrong.total(), figures.missed.total()
    print(f"{'all':18} {figures.precision:9.3f} {figures.recall:7.3f} {right:6} {wrong:6} {missed:6}")
