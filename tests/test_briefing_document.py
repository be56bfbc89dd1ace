"""Whole briefings of a small generated year: their structure, what they lack, reruns, and their check."""

import csv
import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.briefing.check import faults
from hotline_tools.briefing.outline import find_outline, other_length, outline_names, read_outline
from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.errors import DataFileError, NotComputableError, UsageError
from hotline_tools.privacy import mask_text
from hotline_tools.render.registry import render
from hotline_tools.reports.period_forms import parse_period
from hotline_tools.table import Counts, Field, ReportTable

JUNE = "2021-06"


@pytest.fixture(scope="module")
def desk(briefing_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the generated year, for the tests write into it."""
    return shutil.copytree(briefing_year, tmp_path_factory.mktemp("briefing") / "year")


@pytest.fixture(scope="module")
def store(desk: Path) -> ht.Store:
    return ht.Store.open(desk / "hotline-store")


@pytest.fixture(scope="module")
def monthly(store: ht.Store) -> ht.Brief:
    return ht.brief(store, period=JUNE)


def texts(document: Document) -> list[str]:
    return [
        part.text for section in document.sections for part in section.parts if isinstance(part, Sentence)
    ]


def chapters(document: Document) -> list[str]:
    return [section.title for section in document.sections if not section.is_attachment]


def subset(desk: Path, folder: Path, keep=lambda row: True, drop: tuple[str, ...] = ()) -> ht.Store:
    """Return a store of some rows of the year, without some columns."""
    with (desk / "年度工单.csv").open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        names = [name for name in reader.fieldnames or [] if name not in drop]
        rows = [row for row in reader if keep(row)]
    assert rows
    with (folder / "部分.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    found = ht.Store.open(folder / "hotline-store", create=True)
    ht.import_files(found, folder / "部分.csv")
    ht.classify(found)
    return found


def test_a_month_has_its_chapters_in_order(monthly: ht.Brief) -> None:
    assert monthly.document.title == "2021年6月12345热线工作月报"
    assert chapters(monthly.document) == [
        "一、总体情况", "二、诉求分类", "三、办理情况", "四、热点与重复诉求", "五、提级与预警",
        "六、督办情况", "七、典型案例", "八、上期回看", "九、口径说明",
    ]  # fmt: skip
    attached = [section for section in monthly.document.sections if section.is_attachment]
    heads = [monthly.document.heading(section) for section in attached]
    assert heads[0] == "附件1：诉求分类统计表" and len(heads) == len(set(heads))
    cited = set(re.findall(r"附件\d+", "".join(texts(monthly.document))))
    assert cited <= {head.partition("：")[0] for head in heads} and "附件2" in cited


def test_a_month_passes_its_check_and_tells_the_blanks(monthly: ht.Brief) -> None:
    assert monthly.to_verify == ()
    assert monthly.blanks == ("发文单位", "期号", "编印单位", "报送")
    assert monthly.document.letterhead is not None and monthly.document.letterhead.number == ""


def test_figures_are_those_of_the_reports(store: ht.Store, monthly: ht.Brief) -> None:
    said = texts(monthly.document)
    table = ht.report(store, "categories", period=JUNE, compare="previous")
    now, then = table.totals["orders"], table.totals["orders_then"]
    assert f"2021年6月共受理群众诉求{now}件" in said[1] and f"（{then}件）" in said[1]
    flows = ht.report(store, "departments", period=JUNE).totals
    assert f"上期结转{flows['carried_in']}件，本月新受理{now}件，办结{flows['closed']}件" in next(
        text for text in said if text.startswith("上期结转")
    )
    assert said[0].startswith("统计时段为2021年6月1日—30日，统计截至2021年6月30日24时；")
    assert "库中没有2020年6月的数据，不作同比。" in said


def test_a_rerun_gives_the_same_bytes(store: ht.Store, monthly: ht.Brief) -> None:
    assert render(ht.brief(store, period=JUNE).document, "md") == render(monthly.document, "md")


def test_no_personal_data_and_no_order_ids_stand_in_it(monthly: ht.Brief) -> None:
    page = render(monthly.document, "md").decode()
    for text in texts(monthly.document):
        assert mask_text(text) == text
    assert not re.search(r"YH\d{10}", page)
    assert not re.search(r"[\u4e00-\u9fff](?<!某)(先生|女士)", "".join(texts(monthly.document)))


def test_places_of_few_callers_are_not_told(store: ht.Store, monthly: ht.Brief) -> None:
    issues = ht.report(store, "repeats", period=JUNE, top=10_000).rows
    few = [row["label"] for row in issues if row["callers"] < 3 and row["place"]]
    page = render(monthly.document, "md").decode()
    assert few and not [label for label in few if str(label) in page]


@pytest.mark.parametrize(
    ("edition", "period", "filters"),
    [
        ("daily", "2021-06-15", {}),
        ("weekly", "2021-W24", {}),
        ("quarterly", "2021Q2", {}),
        ("half-yearly", "2021H1", {}),
        ("yearly", "2021", {}),
        ("special", JUNE, {"category": "噪声扰民"}),
        ("department", JUNE, {"department": "区住房和城乡建设局"}),
    ],
)
def test_every_edition_passes_its_check(store: ht.Store, edition: str, period: str, filters: dict) -> None:
    made = ht.brief(store, period=period, edition=edition, **filters)
    assert made.to_verify == ()
    assert chapters(made.document)[-1].endswith("口径说明")


def test_a_department_reads_of_no_other(store: ht.Store) -> None:
    unit = "区住房和城乡建设局"
    others = {row["unit"] for row in ht.report(store, "departments", period=JUNE).rows} - {unit, "（未填写）"}
    document = ht.brief(store, period=JUNE, edition="department", department=unit).document
    said = "".join(texts(document)) + json.dumps(
        [row for table in document.tables for row in table.rows], ensure_ascii=False, default=str
    )
    assert unit in said and not [other for other in others if other in said]
    assert "排名" not in "".join(texts(document))


def test_a_year_without_the_year_before_does_not_call_the_carried_in_zero(store: ht.Store) -> None:
    said = texts(ht.brief(store, period="2021", edition="yearly").document)
    assert not [text for text in said if text.startswith("上期结转0件")]
    assert [text for text in said if text.endswith("库中没有本期以前的工单，上期结转不详。")]


def test_an_unfinished_month_is_told_in_the_title(desk: Path, tmp_path: Path) -> None:
    name = "受理时间"
    early = subset(desk, tmp_path, lambda row: row[name] < "2021-06-15 23:59")
    made = ht.brief(early, period=JUNE)
    assert re.search(r"（未满，截至6月1[345]日）$", made.document.title)
    said = texts(made.document)
    assert re.match(r"截至6月1[345]日，本月（未满）共受理群众诉求\d+件", said[1]) and "上月前1" in said[1]
    assert made.to_verify == ()


MISSING = {
    "one month": (lambda row: row["受理时间"].startswith(JUNE), (), "库中没有2021年5月的数据，不作环比。"),
    "no satisfaction": (lambda row: True, ("满意度",), "所涉工单都没有填“满意度”，本期不列满意率。"),
    "no deadlines or closing": (
        lambda row: True,
        ("办结时间", "办理结果", "工单状态", "回访时间"),
        "所涉工单都没有填“办结时间”，本期不列办结、超时办结与结转。",
    ),
    "no closing time": (lambda row: True, ("办结时间",), "所涉工单都没有填“办结时间”，本期不列超时办结。"),
    "no repeats found": (lambda row: True, (), "暂以“同一地点 + 同一子类”为同一事项"),
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_data_give_a_shorter_document_that_says_so(name: str, desk: Path, tmp_path: Path) -> None:
    keep, drop, said = MISSING[name]
    document = ht.brief(subset(desk, tmp_path, keep, drop), period=JUNE).document
    assert faults(document) == []
    assert [text for text in texts(document) if said in text], texts(document)
    assert all(section.parts for section in document.sections)


def test_a_person_s_paragraphs_stand_in_their_chapters(store: ht.Store, tmp_path: Path) -> None:
    note = tmp_path / "补充.md"
    note.write_text("# 总体情况\n第一段，\n续。\n\n## 九、工作建议\n\n一段。\n\n又一段。\n", encoding="utf-8")
    document = ht.brief(store, period=JUNE, notes=note).document
    assert document.sections[0].parts[-1] == Sentence("第一段， 续。", {}, "人工：补充.md")
    advice = next(section for section in document.sections if section.title.endswith("工作建议"))
    assert [part.text for part in advice.parts] == ["一段。", "又一段。"]
    table = tmp_path / "补充.toml"
    table.write_text('"工作建议" = ["甲。", "乙。"]\n"总体情况" = "丙。"', encoding="utf-8")
    assert {"甲。", "乙。", "丙。"} <= set(texts(ht.brief(store, period=JUNE, notes=table).document))
    table.write_text('"工作建意" = "甲。"', encoding="utf-8")
    with pytest.raises(DataFileError, match="工作建意"):
        ht.brief(store, period=JUNE, notes=table)


def test_a_city_s_own_outline_needs_no_code(store: ht.Store, tmp_path: Path) -> None:
    own = tmp_path / "我市周报.toml"
    own.write_text(
        'name = "我市月报"\nsummary = "样例"\ntitle = "{period}我市热线月报"\n'
        '[letterhead]\nissuer = "市热线办"\nto = ["报：市政府"]\n[words]\nreceive = "承办"\npeople = "市民"\n'
        '[[chapter]]\ntitle = "基本情况"\ncontents = ["overview"]\ncharts = false\ntables = false\n',
        encoding="utf-8",
    )
    made = ht.brief(store, period=JUNE, outline=own)
    assert made.document.title == "2021年6月我市热线月报"
    assert "承办市民诉求" in texts(made.document)[1]
    assert made.blanks == ("期号", "编印单位")
    assert not [p for s in made.document.sections[:1] for p in s.parts if isinstance(p, Chart)]
    own.write_text(
        'name = "x"\nsummary = "x"\ntitle = "x"\n[[chapter]]\ntitle = "x"\ncontents = ["overveiw"]'
    )
    with pytest.raises(DataFileError, match="overview"):
        read_outline(own)


def test_editions_are_found_by_either_name_and_refused_with_a_hint() -> None:
    assert find_outline("月报") == find_outline("monthly")
    assert set(outline_names()) == {
        "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "special", "department",
    }  # fmt: skip
    with pytest.raises(UsageError, match="montly"):
        find_outline("montly")


OTHER_LENGTHS = [
    ("monthly", "2021-06", None),
    ("monthly", "cycle:2021-06", None),
    ("weekly", "2021-W24", None),
    ("half-yearly", "2021H1", None),
    ("yearly", "2020", None),
    ("special", "2021", None),
    (
        "monthly",
        "2021",
        "月报写 28 至 31 天，所写的时间段有 365 天：请核对 --period，或改用 --edition yearly",
    ),
    ("weekly", "2021-06", "或改用 --edition monthly（月报）。"),
    ("daily", "2021-06-01..2021-06-02", "日报写 1 天，所写的时间段有 2 天：请核对 --period。"),
    ("yearly", "2021Q2", "--edition quarterly（季报）"),
]


@pytest.mark.parametrize(("edition", "period", "said"), OTHER_LENGTHS)
def test_a_period_of_another_length_than_the_edition_is_for_is_told(
    edition: str, period: str, said: str | None
) -> None:
    days = parse_period(period, today=date(2021, 7, 1), cycle_start=19).days
    found = other_length(find_outline(edition), days)
    assert found == said if said is None else said in str(found)


def test_the_command_and_the_job_tell_it(desk: Path, tmp_path: Path) -> None:
    ran = hotline("brief", "--period", "2021-06-15", "-o", tmp_path / "a.md", cwd=desk)
    assert "注意：月报写 28 至 31 天" in ran.err and "daily（日报）" in ran.err
    job = tmp_path / "日.toml"
    store = (desk / "hotline-store").as_posix()
    job.write_text(f"store = '{store}'\n[[brief]]\nperiod = '2021-06-15'\noutput = 'a.md'\n", "utf-8")
    assert "月报写 28 至 31 天" in hotline("run", job, "--dry-run", cwd=tmp_path).out
    assert hotline("run", job, cwd=tmp_path).code == 0
    assert "月报写 28 至 31 天" in (tmp_path / "日.run" / "log.jsonl").read_text("utf-8")


def test_what_cannot_be_made_is_refused(store: ht.Store) -> None:
    with pytest.raises(NotComputableError, match="2019年6月没有工单") as caught:
        ht.brief(store, period="2019-06")
    named = caught.value.remedy.partition("hotline ")[2].split("看")[0].split()
    assert JUNE in hotline("--store", store.path, *named, cwd=store.path.parent).out
    with pytest.raises(UsageError, match="须写明题目"):
        ht.brief(store, period=JUNE, edition="special")


COUNTED = ReportTable(
    "categories",
    "类别",
    (
        Field("category", "类别"),
        Field("orders", "工单数", "integer"),
        Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
    ),
    [{"category": "甲", "orders": 7, "share": 0.7}, {"category": "乙", "orders": 3, "share": 0.3}],
    totals={"orders": 10},
)


def document(*parts, title: str = "2025年6月月报") -> Document:
    return Document(title, (Section("一", (*parts, COUNTED)),), period="2025年6月1日—30日")


FAULTY = {
    "a digit without a fact": (document(Sentence("甲8件。", {"甲": 7})), "“8”没有出处"),
    "a fact that stands in no table": (document(Sentence("甲8件。", {"甲": 8})), "甲 8 不在所附的"),
    "noise told as a rise": (
        document(Sentence("甲7件，环比上升。", {"甲": 7, "is_noise": True})),
        "可能只是偶然的变化写成了升降",
    ),
    "an unknown": (document(Sentence("甲不详。", {"甲": None})), "甲不详，却写进了句子"),
    "a cause": (document(Sentence("因为下雨，甲7件。", {"甲": 7})), "不应写“因为”"),
    "times less": (document(Sentence("甲下降3倍。", {"orders": 3})), "不应写“下降3倍”"),
    "a rate in per cent": (
        document(Sentence("满意率提高3%。", {"orders": 0.03, "n": 3})),
        "率的变化应以百分点计",
    ),
    "a telephone number": (document(Sentence("请拨13812345678。", {"号": "13812345678"})), "可能含个人信息"),
    "another month": (document(title="2025年5月月报"), "与统计时段"),
    "an empty chapter": (Document("月报", (Section("空", ()),)), "“空”没有内容"),
    "parts that do not sum": (
        document(replace(COUNTED, totals={"orders": 11})),
        "类别：各行合计10，总计11",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_the_check_finds(name: str) -> None:
    wrong, said = FAULTY[name]
    assert [fault for fault in faults(wrong) if said in fault], faults(wrong)


def test_the_check_passes_what_is_right_and_what_a_person_wrote() -> None:
    right = document(
        Sentence("甲7件、乙3件，合计10件，占全部10件的100%。", {"甲": 7, "乙": 3, "sum": 10, "share": 1.0}),
        Sentence("因为下雨，增加99件。", {}, "人工：补充.md"),
    )
    assert faults(right) == []


def test_each_figure_is_traced_to_its_row(monthly: ht.Brief, tmp_path: Path) -> None:
    told = json.loads(monthly.write_trace(tmp_path / "出处.json").read_text(encoding="utf-8"))
    assert [one["text"] for one in told] == texts(monthly.document)
    first = next(one for one in told if one["text"].startswith("居前五位"))
    assert first["source"].startswith("report categories ")
    name = next(fact for fact in first["facts"] if fact.get("row") == 1)
    whole = next(table for table in monthly.document.tables if table.title == name["table"])
    assert whole.rows[0][name["column"]] == name["value"]


def test_a_file_for_each_department(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "store").symlink_to(desk / "hotline-store")
    arguments = ("--store", "store", "brief", "--period", "2021-06-15", "--each", "department")
    done = hotline(*arguments, "-o", "通报.md", cwd=tmp_path)
    written = sorted(tmp_path.glob("通报-*.md"))
    assert done.code == 0 and len(written) > 1 and f"已写出 {len(written)} 份" in done.err
    for file in written:
        unit = file.stem.removeprefix("通报-")
        assert file.read_text(encoding="utf-8").startswith(f"# 2021年6月15日{unit}承办")
    assert hotline(*arguments, "--preview", cwd=tmp_path).code == 2


def test_the_command(desk: Path) -> None:
    done = hotline("brief", "--period", JUNE, "--preview", cwd=desk)
    assert done.code == 0 and done.out.startswith("# 2021年6月12345热线工作月报")
    assert "留待人工填写：发文单位、期号、编印单位、报送" in done.err
    done = hotline("brief", "--period", JUNE, "-o", "月报.html", cwd=desk)
    assert done.code == 0 and "<h1>" in (desk / "月报.html").read_text(encoding="utf-8")
    assert hotline("brief", "--period", JUNE, cwd=desk).code == 2
    assert hotline("brief", "--preview", cwd=desk).code == 2
    assert hotline("brief", "--period", JUNE, "-o", "月报.xyz", cwd=desk).code == 2
    assert "monthly" in hotline("brief", "--list", cwd=desk).out
