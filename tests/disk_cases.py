"""Commands that meet a disk that takes nothing, the desk they run on, and what is asked of them then."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from cli import hotline
from dying import contents, left_over
from fault_cases import HEADER, ORDERS, THIRD
from hotline_tools.store import Store

STORE = "hotline-store"


@dataclass(frozen=True)
class Command:
    """What a person types on the desk."""

    name: str
    words: tuple[str, ...]

    def on(self, desk: Path) -> tuple[str, ...]:
        """The words with the last import's number in them."""
        last = Store.open(desk / STORE).records()[-1].import_id if "LAST" in self.words else ""
        return tuple(last if word == "LAST" else word for word in self.words)


COMMANDS = (
    Command("import", ("import", "三.csv")),
    Command("first import", ("--store", "新库", "import", "三.csv")),
    Command("classify", ("classify",)),
    Command("repeats", ("repeats",)),
    Command("undo", ("store", "undo", "LAST", "--yes")),
    Command("review", ("review", "import", "复核.xlsx")),
    Command("join", ("issues", "join", "R000001", "R000002")),
    Command("backup", ("store", "backup", "备份.zip")),
    Command("brief", ("brief", "--period", "2025-01", "-o", "月报.docx")),
    Command("report", ("report", "categories", "-o", "类别.xlsx")),
    Command("classify file", ("classify", "三.csv", "-o", "结果.csv")),
)
READING = (
    ("store", "info"), ("store", "verify"), ("report", "categories"), ("sql", "SELECT count(*) FROM orders"),
    ("issues", "list"), ("inspect", "三.csv"),
)  # fmt: skip
"""What needs to write nothing."""


def make_desk(desk: Path) -> Path:
    """Make a folder with a store of two imports, labels and issues, an export to come and a filled review."""
    desk.mkdir(parents=True)
    for name, rows in (("一.csv", ORDERS[:5]), ("二.csv", ORDERS[4:]), ("三.csv", THIRD)):
        (desk / name).write_text(HEADER + "\n".join(rows), encoding="utf-8")
    for arguments in (("import", "一.csv"), ("classify",), ("repeats",), ("import", "二.csv")):
        ran = hotline(*arguments, cwd=desk)
        assert ran.code == 0, ran.err
    assert hotline("review", "export", "-o", "复核.xlsx", "--top", "5", cwd=desk).code == 0
    book = openpyxl.load_workbook(desk / "复核.xlsx")
    header, *rows = book["复核"].iter_rows()
    columns = [cell.value for cell in header]
    for row in rows:
        row[columns.index("正确类别")].value = "噪声扰民"
    book.save(desk / "复核.xlsx")
    book.close()
    return desk


def state(desk: Path) -> dict[str, Any]:
    """The stores' content, and which other files there are; a store without anything in it is none."""
    found: dict[str, Any] = {}
    stores = [path for path in (desk / STORE, desk / "新库") if path.is_dir()]
    for path in stores:
        store = Store.open(path, create=True)
        found |= {f"{path.name} {name}": rows for name, rows in contents(store).items()}
        found |= {f"{path.name} {problem}": "problem" for problem in store.verify()}
    for path in desk.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(store) for store in stores):
            found[str(path.relative_to(desk))] = "file"
    return found


def pending(desk: Path) -> list[str]:
    """Files of a commit under way, which the next writer carries out."""
    return left_over(desk)


def complaint(code: int, said: str) -> list[str]:
    """What is wrong with the way in which a command gave up; nothing when it did not."""
    wrong = []
    lines = [line for line in said.splitlines() if line.startswith("错误")]
    if code not in (0, 1):
        wrong.append(f"ended with {code}")
    if "Traceback" in said or "内部错误" in said:
        wrong.append(f"a traceback: {said[-300:]}")
    if code and (len(lines) != 1 or lines[0].rstrip("。").count("。") < 1):
        wrong.append(f"not one line with a remedy: {said[-300:]}")
    return wrong
