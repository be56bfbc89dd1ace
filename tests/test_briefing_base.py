"""A city's own outline with its own red-headed Word file: its head and styles kept, nothing foreign."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

import hotline_tools as ht
from hotline_tools.briefing.outline import read_outline
from hotline_tools.errors import DataFileError

OUTLINE = """
name = "我市月报"
summary = "样例"
title = "{period}我市热线月报"

[letterhead]
base = "红头.docx"
to = ["报：市政府"]

[[chapter]]
title = "基本情况"
contents = ["overview", "categories"]
"""


def red_head(path: Path) -> None:
    """Make a city's file: a red name, a heading style of its own, a header, an author and a comment."""
    word = docx.Document()
    name = word.add_paragraph().add_run("某某市人民政府热线办公室文件")
    name.font.color.rgb, name.font.size = RGBColor(255, 0, 0), Pt(36)
    word.styles["Heading 1"].font.name = "Own Head Font"
    word.sections[0].header.paragraphs[0].text = "内部资料"
    noted = word.add_paragraph("（第    期）").runs
    word.add_comment(noted, text="请核对期号", author="Zhang Secret", initials="ZS")
    core = word.core_properties
    core.author, core.last_modified_by, core.keywords = "Zhang Secret", "Li Secret", "Secret words"
    core.created = datetime(2020, 5, 4)
    word.save(path)


@pytest.fixture(scope="module")
def made(briefing_year: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("own-base")
    red_head(folder / "红头.docx")
    (folder / "我市.toml").write_text(OUTLINE, encoding="utf-8")
    store = ht.Store.open(briefing_year / "hotline-store")
    brief = ht.brief(store, period="2021-06", outline=folder / "我市.toml")
    assert brief.to_verify == ()
    first = brief.write(folder / "月报.docx").read_bytes()
    assert brief.write(folder / "又一次.docx").read_bytes() == first
    return first


def test_the_text_stands_behind_the_city_s_head(made: bytes) -> None:
    word = docx.Document(io.BytesIO(made))
    texts = [paragraph.text for paragraph in word.paragraphs if paragraph.text]
    assert texts[:3] == ["某某市人民政府热线办公室文件", "（第    期）", "2021年6月我市热线月报"]
    assert "一、基本情况" in texts and "报：市政府" in texts
    assert not [text for text in texts if text == "我市月报"], "the name in red is the city's own"
    assert word.sections[0].header.paragraphs[0].text == "内部资料"
    assert word.paragraphs[0].runs[0].font.color.rgb == RGBColor(255, 0, 0)


def test_its_styles_are_kept_and_ours_come_along_where_it_has_none(made: bytes) -> None:
    word = docx.Document(io.BytesIO(made))
    heading = next(p for p in word.paragraphs if p.text == "一、基本情况")
    assert heading.style.name == "Heading 1" and heading.style.font.name == "Own Head Font"
    used = {item.get(qn("w:val")) for item in word.element.body.iter(qn("w:pStyle"), qn("w:tblStyle"))}
    known = {style.styleId for style in word.styles.element.style_lst}
    assert used <= known and len(known) == len(list(word.styles.element.style_lst))
    caption = next(style for style in word.styles if style.name == "Table Caption")
    assert caption.font.size == Pt(12), "brought along with its own size, whatever the city's Normal is"
    charts = [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if "/charts/" in name]
    assert charts, "the charts are native here too"


def test_nothing_tells_who_made_the_city_s_file(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    told = [
        name for name, raw in parts.items() for word in (b"Secret", b"rsid", b"python-docx") if word in raw
    ]
    assert told == []
    assert not [name for name in parts if "comment" in name.lower() or "thumbnail" in name.lower()]
    core = parts["docProps/core.xml"].decode()
    assert "2021年6月我市热线月报" in core and "2020" not in core


@pytest.mark.parametrize(("name", "raw"), [("没有.docx", None), ("红头.doc", b"x"), ("红头.docx", b"no zip")])
def test_a_base_that_cannot_be_used_is_refused_with_the_outline(
    name: str, raw: bytes | None, tmp_path: Path
) -> None:
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "我市.toml").write_text(OUTLINE.replace("红头.docx", name), encoding="utf-8")
    with pytest.raises(DataFileError, match=name):
        read_outline(tmp_path / "我市.toml")
