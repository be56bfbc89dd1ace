"""Office files against the schemas of ECMA-376 (transitional), as the Open XML SDK holds them.

``openxml-audit`` carries the SDK's schema data and checks every part: order and number of elements, values of
attributes, references between parts.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openxml_audit
import pytest

import hotline_tools as ht
from document_samples import DOCUMENT
from hotline_tools.render.registry import render

LEFT_OUT = ("relationships/theme'", "relationships/fontTable'")
"""Parts that the SDK asks of a Word file and Word does not: a theme's fonts would beat the styles' own."""
FORMS = ("docx", "pptx", "xlsx")


def problems(path: Path) -> list[str]:
    found = openxml_audit.OpenXmlValidator(max_errors=0).validate(path).errors
    told = [f"{error.part_uri}: {error.description}" for error in found]
    return [text for text in told if not any(part in text for part in LEFT_OUT)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("edition", "period"), [("monthly", "2021-06"), ("weekly", "2021-W24"), ("yearly", "2021")]
)
def test_briefings_keep_to_the_schemas(
    edition: str, period: str, form: str, briefing_year: Path, tmp_path: Path
) -> None:
    store = ht.Store.open(briefing_year / "hotline-store")
    path = ht.brief(store, period=period, edition=edition).write(tmp_path / f"简报.{form}")
    assert problems(path) == []


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_part_and_hostile_texts_keep_to_the_schemas(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"全部.{form}"
    path.write_bytes(render(DOCUMENT, form))
    assert problems(path) == []


def test_a_briefing_on_a_city_s_own_file_keeps_to_the_schemas(briefing_year: Path, tmp_path: Path) -> None:
    from test_briefing_base import OUTLINE, red_head

    red_head(tmp_path / "红头.docx")
    (tmp_path / "我市.toml").write_text(OUTLINE, encoding="utf-8")
    store = ht.Store.open(briefing_year / "hotline-store")
    path = ht.brief(store, period="2021-06", outline=tmp_path / "我市.toml").write(tmp_path / "月报.docx")
    assert problems(path) == []


BROKEN: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "an element out of its order": (
        "docx", "word/document.xml",
        lambda xml: xml.replace("<w:pPr><w:pStyle", '<w:pPr><w:jc w:val="left"/><w:pStyle', 1),
    ),
    "a value that there is not": (
        "docx", "word/document.xml", lambda xml: xml.replace('w:type="dxa"', 'w:type="metres"', 1),
    ),
    "an element that there is not": (
        "pptx", "ppt/slides/slide1.xml", lambda xml: xml.replace("<p:cSld>", "<p:cSld><p:wrong/>", 1),
    ),
    "a chart out of order": (
        "docx", "word/charts/chart1.xml",
        lambda xml: xml.replace("<c:plotArea>", "<c:plotVisOnly val=\"1\"/><c:plotArea>", 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_schema_is_seen(name: str, tmp_path: Path) -> None:
    form, part, broken = BROKEN[name]
    whole, changed = tmp_path / f"好.{form}", tmp_path / f"坏.{form}"
    whole.write_bytes(render(DOCUMENT, form))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(changed, "w") as sink:
        for entry in source.namelist():
            raw = source.read(entry)
            if entry == part:
                text = broken(raw.decode())
                assert text != raw.decode()
                raw = text.encode()
            sink.writestr(entry, raw)
    assert problems(whole) == [] and [text for text in problems(changed) if part in text]
