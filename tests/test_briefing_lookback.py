"""上期回看: what became of last issue's advice, alerts and orders, counted anew; a person's own advice."""

from pathlib import Path

import pytest

import hotline_tools as ht
from hotline_tools.briefing.sentences.lookback import (
    FollowedIssue,
    alerts_followed,
    issue_followed,
    issues_followed,
    orders_followed,
)
from hotline_tools.document import Document, Section, Sentence
from hotline_tools.errors import DataFileError
from hotline_tools.table import ReportTable

QUIET = FollowedIssue("甲路漏水", 0, 0, is_raised_again=False)
BACK = FollowedIssue("乙小区噪声", 3, 1, is_raised_again=True)
CLOSED = FollowedIssue("丙路积水", 2, 0, is_raised_again=False)
UNKNOWN = FollowedIssue("丁路积水", 1, None, is_raised_again=False)
SENTENCES = [
    (
        "some came up again",
        issues_followed([QUIET, BACK, CLOSED]),
        "上期建议提级的3个事项中，本期又有来件的2个、涉及5件，没有来件的1个；本期仍符合提级规则的1个。",
    ),
    (
        "all came up again, none is raised",
        issues_followed([CLOSED]),
        "上期建议提级的1个事项中，本期又有来件的1个、涉及2件；本期不再符合提级规则。",
    ),
    ("none came up again", issues_followed([QUIET]), "上期建议提级的1个事项，本期没有新的来件。"),
    (
        "one that is raised again",
        issue_followed(BACK),
        "上期建议提级的“乙小区噪声”，本期又来3件，连同此前受理的期末未办结1件，仍符合提级规则。",
    ),
    ("one closed", issue_followed(CLOSED), "上期建议提级的“丙路积水”，本期又来2件，期末均已办结。"),
    ("closing is not known", issue_followed(UNKNOWN), "上期建议提级的“丁路积水”，本期又来1件。"),
    (
        "alerts again",
        alerts_followed(["甲", "乙"], ["类别“甲”"]),
        "上期预警的2个对象中，本期再次达到预警线的1个：类别“甲”。",
    ),
    ("no alert again", alerts_followed(["甲"], []), "上期预警的1个对象，本期没有再达到预警线的。"),
    (
        "some orders are open",
        orders_followed(38, 5, "2021年6月30日24时"),
        "上期末须督办的未办结工单38件，截至2021年6月30日24时，已办结33件，仍未办结5件。",
    ),
    (
        "all orders are closed",
        orders_followed(2, 0, "2021年6月30日24时"),
        "上期末须督办的未办结工单2件，截至2021年6月30日24时均已办结。",
    ),
]


@pytest.mark.parametrize(
    ("sentence", "text"), [case[1:] for case in SENTENCES], ids=[c[0] for c in SENTENCES]
)
def test_sentences(sentence: Sentence, text: str) -> None:
    assert sentence.text == text


@pytest.fixture(scope="module")
def store(briefing_year: Path) -> ht.Store:
    return ht.Store.open(briefing_year / "hotline-store")


@pytest.fixture(scope="module")
def june(store: ht.Store) -> ht.Brief:
    return ht.brief(store, period="2021-06")


def chapter(document: Document) -> Section:
    return next(section for section in document.sections if section.title.endswith("上期回看"))


def test_figures_are_those_of_the_orders(store: ht.Store) -> None:
    july = ht.brief(store, period="2021-07")
    flagged = ht.report(store, "escalations", period="2021-06").rows
    now = {row["issue_id"] for row in ht.report(store, "escalations", period="2021-07").rows}
    orders = ht.sql(
        store,
        "SELECT m.issue_id, o.received_at, o.closed_at FROM issue_members m JOIN orders o USING (order_key) "
        "WHERE o.received_at < '2021-08-01'",
    ).rows
    by_hand = []
    for row in flagged:
        own = [order for order in orders if order["issue_id"] == row["issue_id"]]
        since = [order for order in own if str(order["received_at"]) >= "2021-07"]
        open_now = [o for o in own if o["closed_at"] is None or str(o["closed_at"]) > "2021-08-01 00:00:00"]
        by_hand.append((row["orders"], len(since), len(open_now), row["issue_id"] in now))
    tables = [part for part in chapter(july.document).parts if isinstance(part, ReportTable)]
    told = [(row["orders"], row["since"], row["open"], row["still"]) for row in tables[0].rows]
    assert len(by_hand) >= 3 and sorted(told) == sorted(by_hand)
    summary = tables[-1].rows[0]
    assert summary["flagged"] == len(by_hand)
    assert summary["again"] == sum(since > 0 for _, since, _, _ in by_hand)


def test_orders_to_be_pushed_are_followed_by_their_ids(store: ht.Store, june: ht.Brief) -> None:
    kinds = {"超期", "即将到期", "未联系", "无进展"}
    rows = ht.report(store, "supervise", period="2021-05").rows
    ids = {row["order_id"] for row in rows if kinds & set(row["kinds"])}
    closed = ht.sql(store, "SELECT order_id FROM orders WHERE closed_at <= '2021-07-01'").rows
    done = len(ids & {row["order_id"] for row in closed})
    tables = [part for part in chapter(june.document).parts if isinstance(part, ReportTable)]
    row = tables[-1].rows[-1]
    assert (row["flagged"], row["closed"], row["open"]) == (len(ids), done, len(ids) - done)
    assert done > 0


@pytest.mark.parametrize(("edition", "period"), [("weekly", "2021-W24"), ("quarterly", "2021Q2")])
def test_the_other_editions_look_back_and_pass_their_check(
    store: ht.Store, edition: str, period: str
) -> None:
    made = ht.brief(store, period=period, edition=edition)
    assert made.to_verify == () and chapter(made.document).parts


def test_the_first_month_of_a_store_has_nothing_to_look_back_on(store: ht.Store) -> None:
    titles = [section.title for section in ht.brief(store, period="2021-01").document.sections]
    assert not [title for title in titles if "上期回看" in title]


def test_one_notes_file_serves_month_after_month(store: ht.Store, tmp_path: Path) -> None:
    notes = tmp_path / "补充.md"
    notes.write_text(
        "# 工作建议（2021年6月）\n\n建议研究夜间施工。\n\n# 工作建议（2021年5月）\n\n建议核实雨水管网。\n\n"
        "# 工作建议（2021年4月）\n\n早先的话。\n\n# 原因分析\n\n每期都有的话。\n",
        encoding="utf-8",
    )
    document = ht.brief(store, period="2021-06", notes=notes).document
    said = {
        section.title[2:]: [part.text for part in section.parts if isinstance(part, Sentence)]
        for section in document.sections
    }
    assert said["工作建议"] == ["建议研究夜间施工。"]
    assert said["上期回看"][-1] == "上期工作建议：建议核实雨水管网。"
    assert said["原因分析"] == ["每期都有的话。"]
    assert "早先的话。" not in str(said)
    notes.write_text("# 工作建意（2021年5月）\n\n话。\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="工作建意"):
        ht.brief(store, period="2021-06", notes=notes)
