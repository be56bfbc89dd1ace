"""Pages: parts in order, texts that can do no harm, a policy for every script, charts."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from document_samples import BARS, CLEAN, DOCUMENT, HEAT, HOSTILE, LINES
from hotline_tools.document import Behind, Chart, Document, OrdersBehind, Section, Sentence, key_of
from hotline_tools.render.html import render_html
from hotline_tools.render.registry import render, render_chart
from hotline_tools.table import Field, ReportTable

ECHARTS = files("hotline_tools.render.html").joinpath("echarts")
ORDERS = OrdersBehind(
    ReportTable(
        "orders",
        "工单",
        (Field("order_id", "工单编号"), Field("title", "标题")),
        [{"order_id": str(n), "title": f"{HOSTILE}</script><b>{n}"} for n in range(3)],
    ),
    ("category",),
    {("category", HOSTILE): Behind(HOSTILE, 1234, (0, 2)), ("category", "别的"): Behind("别的", 1, (1,))},
)


class Elements(HTMLParser):
    """The elements of a page with their attributes and texts; ``open`` holds those not closed yet."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag not in ("meta", "img", "input", "br"):
            self._open.append(self.found[-1])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def of(self, tag: str, **wanted: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attributes, "".join(texts))
            for name, attributes, texts in self.found
            if name == tag and all(attributes.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]


def page_of(document: Document) -> str:
    return render(document, "html").decode()


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(replace(DOCUMENT, orders=ORDERS))


@pytest.fixture(scope="module")
def elements(page: str) -> Elements:
    return Elements(page)


def test_the_parts_come_in_the_order_of_a_bulletin(elements: Elements) -> None:
    said = [
        (tag, "".join(texts).strip())
        for tag, _, texts in elements.found
        if tag in ("h1", "h2", "h3", "h4", "figcaption")
    ]
    assert said == [
        ("h1", "六月月报"),
        ("h2", "总体情况"),
        ("figcaption", "三月最高"),
        ("h2", "分类情况"),
        ("h3", "类别占比 2025年6月"),
        ("figcaption", "类别占比（2025年6月）"),
        ("h3", "细项"),
        ("figcaption", "得分（镇街）"),
        ("figcaption", "得分（部门）"),
        ("figcaption", "上午最集中"),
        ("h2", "附件1：单位统计表"),
        ("h3", "得分"),
        ("h2", "附件2：时段统计表"),
        ("h3", "时段"),
    ]
    assert (
        "某市热线中心" in "".join(elements.of("header")[0][1])
        and elements.of("html")[0][0]["lang"] == "zh-CN"
    )
    assert elements.of("div", role="alert")[0][1].strip().endswith("占比合计 101%。")
    assert "报：市政府。" in elements.of("footer")[0][1]


def test_every_table_can_be_read_aloud(elements: Elements) -> None:
    tables = elements.of("table")
    assert len(elements.of("caption")) == len(tables) == 7  # three tables, four charts' own
    assert {attributes.get("scope") for attributes, _ in elements.of("th")} == {"col", "row"}
    regions = elements.of("div", class_="wide")
    assert all(attributes["tabindex"] == "0" and attributes["aria-label"] for attributes, _ in regions)
    skips = [attributes["href"] for attributes, _ in elements.of("a", class_="skip")]
    assert skips == ["#text"] and elements.of("main", id="text")
    targets = {attributes["href"] for attributes, _ in elements.of("a")}
    assert targets <= {f"#{a.get('id')}" for _, a, _ in elements.found if a.get("id")}


def test_a_chart_comes_with_its_words_its_table_and_its_figures(elements: Elements) -> None:
    plots = [attributes["aria-label"] for attributes, _ in elements.of("div", class_="plot")]
    assert plots == ["折线图", f"条形图：{CLEAN}", "得分（镇街）", "得分（部门）"]
    data = [json.loads(text) for attributes, text in elements.of("script", type="application/json")]
    lines, bars = data[0], data[1]
    assert lines["kind"] == "lines" and lines["categories"] == ["1月", "2月", "3月"]
    assert lines["series"][0]["values"] == [5, None, 7] and lines["series"][0]["pale"] == [2]
    assert bars["categories"] == [CLEAN, "（未分类）"] and bars["series"][0]["values"] == [1234, 6]
    assert [one["base"] for one in bars["series"]] == [False, True] and bars["series"][0]["pale"] == [1]
    pictures = elements.of("img")
    assert [attributes["alt"] for attributes, _ in pictures] == ["热力图"]
    source = str(pictures[0][0]["src"])
    assert base64.b64decode(source.partition("base64,")[2]) == render_chart(HEAT, "png")


def test_rows_and_bars_lead_to_their_orders_and_to_no_other(page: str, elements: Elements) -> None:
    found = json.loads(elements.of("script", id="orders-data")[0][1])
    assert found["columns"] == ["工单编号", "标题"]
    assert found["behind"] == [[CLEAN, 1234, [0, 1]]]
    assert [row[0] for row in found["rows"]] == ["0", "2"]  # nothing that no row opens
    assert found["rows"][0][1] == f"{CLEAN}</script><b>0"
    opened = [attributes["data-orders"] for attributes, _ in elements.of("tr") if "data-orders" in attributes]
    assert opened == ["0", "0"]  # of the table and of the chart's own
    charts = [json.loads(t) for a, t in elements.of("script", type="application/json") if not a.get("id")]
    assert [chart["orders"] for chart in charts] == [[None] * 3, [0, None], [None], [None]]


def test_without_orders_a_page_has_none(elements: Elements) -> None:
    plain = Elements(page_of(DOCUMENT))
    assert not plain.of("script", id="orders-data")
    assert not [a for a, _ in plain.of("tr") if "data-orders" in a]


def test_the_policy_names_every_script_and_style_and_nothing_else(elements: Elements) -> None:
    (policy,) = (a["content"] for a, _ in elements.of("meta") if a.get("http-equiv"))
    rules = dict(rule.partition(" ")[::2] for rule in str(policy).split("; "))
    run = [text for attributes, text in elements.of("script") if attributes.get("type") is None]
    styles = [text for _, text in elements.of("style")]

    def hashes(texts: list[str]) -> set[str]:
        digests = (hashlib.sha256(text.encode()).digest() for text in texts)
        return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}

    assert set(rules["script-src"].split()) == hashes(run) and len(run) == 4
    assert set(rules["style-src"].split()) == hashes(styles)
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in str(policy)
    loading = [a for _, a, _ in elements.found if {"src", "href", "srcset"} & set(a)]
    assert all(str(a.get("src") or a["href"]).startswith(("data:", "#")) for a in loading)
    assert not [
        a for _, a, _ in elements.found if any(name == "style" or name.startswith("on") for name in a)
    ]


def test_texts_of_callers_stay_texts() -> None:
    table = ReportTable("x", HOSTILE, (Field("a", HOSTILE),), [{"a": HOSTILE}], totals={"a": HOSTILE})
    document = Document(
        HOSTILE,
        (Section(HOSTILE, (Sentence(HOSTILE), table, Chart(BARS, HOSTILE, HOSTILE))),),
        period=HOSTILE,
        to_verify=(HOSTILE,),
        orders=ORDERS,
    )
    page = page_of(document)
    found = Elements(page)
    assert not found.of("svg") and not found.of("img") and not found.of("b", onerror="a")
    assert "\x1b" not in page and "\x00" not in page
    for tag in ("h1", "h2", "p", "figcaption", "td", "caption", "title"):
        assert any(CLEAN in text for _, text in found.of(tag)), tag


def test_reports_as_a_page_share_style_and_sorting_without_charts() -> None:
    found = Elements(render_html([BARS, LINES]))
    assert [text for _, text in found.of("h2")] == ["类别占比 2025年6月", "走势"]
    scripts = [text for _, text in found.of("script")]
    assert len(scripts) == 1 and "aria-sort" in scripts[0]
    assert "size: A4 landscape" in found.of("style")[0][1]


def test_orders_are_looked_up_by_the_closest_cell() -> None:
    ids = ["1", "2"]
    orders = OrdersBehind(
        ReportTable("orders", "工单", (), []),
        ("order_ids", "subcategory", "category"),
        {
            ("order_ids", key_of(ids)): Behind("事项", 2, ()),
            ("category", "噪声扰民"): Behind("噪声扰民", 9, ()),
        },
    )
    cases = [
        ({"category": "噪声扰民", "order_ids": ids}, "事项"),
        ({"category": "噪声扰民", "order_ids": ["1", "3"]}, "噪声扰民"),
        ({"category": "噪声扰民", "subcategory": "（未细分）"}, "噪声扰民"),
        ({"category": "教育"}, None),
        ({}, None),
    ]
    for row, name in cases:
        found = orders.of(row)
        assert (found.name if found else None) == name, row


def test_the_charts_program_is_the_published_one() -> None:
    record = dict(re.findall(r"^(\S+): (\S+)$", ECHARTS.joinpath("VERSION").read_text("utf-8"), re.M))
    program = ECHARTS.joinpath("echarts.common.min.js").read_bytes()
    assert hashlib.sha256(program).hexdigest() == record["sha256"]
    assert (
        f'version="{record["version"]}"'.encode() in program or f'"{record["version"]}"'.encode() in program
    )
    for name in ("LICENSE", "NOTICE", "LICENSE-d3", "LICENSE-zrender"):
        assert ECHARTS.joinpath(name).read_text("utf-8").strip()


def test_a_long_list_is_folded_behind_its_first_items_and_a_short_one_is_not() -> None:
    columns = (Field("name", "事项"), Field("ids", "工单编号", "list"))
    ids = [f"YH2021060101{n:04}" for n in range(17)]
    page = render(
        ReportTable("x", "题", columns, [{"name": "甲", "ids": ids}, {"name": "乙", "ids": ids[:3]}]), "html"
    )
    text = page.decode() if isinstance(page, bytes) else page
    (folded,) = re.findall("<td[^>]*><details>(.*?)</details></td>", text)
    assert folded.startswith(f"<summary>{ids[0]}、{ids[1]} 等 17 项</summary>")
    assert all(order in folded for order in ids), "the page's search finds them all"
    assert f">{'、'.join(ids[:3])}</td>" in text
