"""No caller's name or number in any byte of any file: planted ones are looked for in every edition."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import hotline_tools as ht
from editions import EDITIONS
from hotline_tools.briefing.masking import masked_name
from hotline_tools.render.registry import names

NAME, SURNAME = "欧阳澹台", "尉迟"
PHONE, LANDLINE, ID_NUMBER, PLATE = "13987654321", "0571-87654321", "110101199003077758", "浙A8Q7P6"
PLANTED = (NAME, SURNAME, PHONE, LANDLINE, "87654321", ID_NUMBER, PLATE, "xn.secret@example.com")
SAID = (
    f"我叫{NAME}，电话{PHONE}，座机{LANDLINE}，身份证{ID_NUMBER}，车牌{PLATE}，"
    f"邮箱xn.secret@example.com，联系人{SURNAME}先生。"
)


@pytest.fixture(scope="module")
def store(briefing_year: Path, tmp_path_factory: pytest.TempPathFactory) -> ht.Store:
    """The year's store with names and numbers planted as callers and into every text."""
    folder = tmp_path_factory.mktemp("planted")
    with (briefing_year / "年度工单.csv").open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    for row in rows:
        row["来电人"], row["来电人电话"] = NAME, PHONE if len(row["诉求内容"]) % 3 else row["来电人电话"]
        row["诉求内容"] += SAID
        row["诉求标题"] += f"（{SURNAME}先生{PHONE}）"
        if row["办理结果"]:
            row["办理结果"] += f"已联系{SURNAME}先生（{PHONE}）。"
    with (folder / "年度.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)
    found = ht.Store.open(folder / "hotline-store", create=True)
    ht.import_files(found, folder / "年度.csv")
    ht.classify(found)
    ht.find_repeats(found, workers=1)
    return found


def inside(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file and, of a zip archive, each part of it, workbooks within documents included."""
    yield name, raw
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            yield f"{name}: comment", package.comment
            for entry in package.infolist():
                yield f"{name}/{entry.filename}", entry.filename.encode() + entry.comment + entry.extra
                yield from inside(f"{name}/{entry.filename}", package.read(entry))


def told(name: str, raw: bytes) -> list[str]:
    """Return where which planted word stands, as UTF-8, UTF-16 or a character reference of XML and JSON."""
    found = []
    for part, content in inside(name, raw):
        unescaped = re.sub(
            rb"\\u([0-9a-fA-F]{4})|&#x([0-9a-fA-F]+);|&#(\d+);",
            lambda m: chr(int(m[1] or m[2], 16) if m[1] or m[2] else int(m[3])).encode("utf-8", "replace"),
            content,
        )
        for word in PLANTED:
            if word.encode() in unescaped or word.encode("utf-16-le") in content:
                found.append(f"{part}: {word}")
    return found


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("凤山西路渣土车超速", "凤山西路渣土车超速"),
        ("凤山西路渣土车超速（尉迟先生13987654321）", "凤山西路渣土车超速"),
        ("王女士家漏水", "某女士家漏水"),
        ("尉迟老先生投诉噪声", "某先生投诉噪声"),
        ("（张先生13987654321）", "某事项"),
        ("老人刷老年卡，车牌京X******", "老人刷老年卡"),
        ("医院门口黑车拉客，车牌苏X******，坐满才走", "医院门口黑车拉客，坐满才走"),
        ("康里社区 · 车牌被套用", "康里社区 · 车牌被套用"),
    ],
)
def test_the_name_of_an_issue_names_no_person(name: str, printed: str) -> None:
    assert masked_name(name) == printed


def test_what_is_planted_would_be_seen(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "内.xlsx", "w") as inner:
        inner.writestr("a.xml", f"&#{ord('尉')};迟")
    with zipfile.ZipFile(tmp_path / "外.docx", "w") as outer:
        outer.write(tmp_path / "内.xlsx", "word/embeddings/x.xlsx")
        outer.writestr(PHONE, "")
    found = told("外", (tmp_path / "外.docx").read_bytes())
    assert {item.rpartition(": ")[2] for item in found} == {SURNAME, PHONE, "87654321"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_file_holds_a_caller(edition: str, store: ht.Store, tmp_path: Path) -> None:
    period, filters = EDITIONS[edition]
    brief = ht.brief(store, period=period, edition=edition, **filters)
    assert brief.to_verify == ()
    assert told("trace", brief.write_trace(tmp_path / "出处.json").read_bytes()) == []
    for form in names("document"):
        try:
            raw = brief.write(tmp_path / f"简报.{form}").read_bytes()
        except ht.HotlineError as error:
            assert form == "pdf" and "hotline-tools[pdf]" in str(error)
            continue
        assert told(form, raw) == []
        if form == "pdf":
            assert told("pdf text", pdf_text(tmp_path / "简报.pdf").encode()) == []


def pdf_text(path: Path) -> str:
    """Return the text of a PDF, whose bytes are compressed."""
    import pypdf

    reader = pypdf.PdfReader(path)
    return str(reader.metadata) + "".join(page.extract_text() for page in reader.pages)
