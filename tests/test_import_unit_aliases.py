"""A file of unit aliases: one unit, one name; the export's own name stays in extra."""

import json
from pathlib import Path

import pytest

from cli import hotline
from hotline_tools.engine import Engine
from hotline_tools.errors import DataFileError
from hotline_tools.jobs.unit_aliases import UnitAliases
from hotline_tools.store import Store

EXPORT = (
    "工单编号,受理时间,诉求标题,主办单位,协办单位,备用字段\n"
    "A1,2025-06-03 10:00:00,路灯不亮,瓦房店市,,甲\n"
    "A2,2025-06-03 11:00:00,积水,瓦房店市人民政府,瓦房店市;水务局,\n"
    "A3,2025-06-03 12:00:00,井盖破损,,,\n"
)
ALIASES = "# 大连\n瓦房店市 = 瓦房店市人民政府\n\n"


def imported(folder: Path, *options: str) -> list[tuple[object, ...]]:
    (folder / "a.csv").write_text(EXPORT, encoding="utf-8")
    ran = hotline("import", "a.csv", *options, cwd=folder)
    assert ran.code == 0, ran.err
    sql = "SELECT department, co_departments, extra FROM orders ORDER BY order_id"
    with Engine(Store.open(folder / "hotline-store")) as engine:
        rows = engine.query(sql).to_pylist()
    return [
        (row["department"], row["co_departments"], json.loads(row["extra"]) if row["extra"] else None)
        for row in rows
    ]


UNITED = [
    ("瓦房店市人民政府", None, {"备用字段": "甲", "原主办单位": "瓦房店市"}),
    ("瓦房店市人民政府", "瓦房店市人民政府;水务局", {"原协办单位": "瓦房店市;水务局"}),
    (None, None, None),
]


def test_units_get_one_name_and_keep_the_original(tmp_path: Path) -> None:
    (tmp_path / "单位.csv").write_text(ALIASES, encoding="utf-8")
    assert imported(tmp_path, "--unit-aliases", "单位.csv") == UNITED


def test_an_alias_added_later_updates_the_orders_it_concerns(tmp_path: Path) -> None:
    assert imported(tmp_path)[0][0] == "瓦房店市"
    (tmp_path / "单位.txt").write_text(ALIASES, encoding="utf-8")
    (tmp_path / "hotline.toml").write_text('unit_aliases = "单位.txt"\n', encoding="utf-8")
    assert imported(tmp_path) == UNITED
    assert imported(tmp_path) == UNITED
    counts = [r.counts for r in Store.open(tmp_path / "hotline-store").records()]
    assert [(c.new, c.updated, c.unchanged) for c in counts] == [(3, 0, 0), (0, 2, 1), (0, 0, 3)]


def test_helping_units_are_stored_in_one_form(tmp_path: Path) -> None:
    text = "工单编号,受理时间,诉求标题,主办单位,协办单位\n" + "".join(
        f'B{n},2025-06-03 10:00:00,路灯不亮,甲局,"{cell}"\n'
        for n, cell in enumerate(
            ["乙局、丙局", "乙局，丙局", "乙局；丙局；", "乙局/丙局", "乙局\n丙局", "乙局"]
        )
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    with Engine(Store.open(tmp_path / "hotline-store")) as engine:
        found = engine.query("SELECT co_departments AS name FROM orders ORDER BY order_id")[
            "name"
        ].to_pylist()
    assert found == ["乙局;丙局"] * 5 + ["乙局"]


FORMS = [
    ("equals", "甲局 = 乙局"),
    ("comma", "甲局,乙局"),
    ("tab", "甲局\t乙局"),
    ("TOML", '"甲局" = "乙局"'),
    ("full-width blanks around", "　甲局　=　乙局　"),
]


@pytest.mark.parametrize(("why", "text"), FORMS, ids=[form[0] for form in FORMS])
def test_forms_of_a_line(why: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "u.txt"
    path.write_text(f"{text}\n", encoding="utf-8")
    assert UnitAliases.read(path).names == {"甲局": "乙局"}


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "u.txt"
    path.write_text("甲局 = 乙局\n甲局 = 丙局\n丁局\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"第 2 行的“甲局”已是“乙局”的别名；第 3 行不是") as caught:
        UnitAliases.read(path)
    assert "u.txt" in str(caught.value)


def test_aliases_are_written_as_departments_are_and_an_own_column_stays(tmp_path: Path) -> None:
    (tmp_path / "单位.txt").write_text("城管局(东区) = 市城管局(本级)\n", encoding="utf-8")
    export = "工单编号,受理时间,诉求标题,主办单位,原主办单位\nA1,2025-06-03,路灯不亮,城管局(东区),住建局\n"
    (tmp_path / "a.csv").write_text(export, encoding="utf-8")
    assert hotline("import", "a.csv", "--unit-aliases", "单位.txt", cwd=tmp_path).code == 0
    with Engine(Store.open(tmp_path / "hotline-store")) as engine:
        (row,) = engine.query("SELECT department, extra FROM orders").to_pylist()
    assert row["department"] == "市城管局（本级）"
    assert json.loads(row["extra"]) == {"原主办单位": "住建局", "原主办单位_2": "城管局（东区）"}
