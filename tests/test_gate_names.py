"""Header names and values of exports that nobody here had seen: what went wrong with each kind of them."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

import hotline_tools as ht
from hotline_tools.layouts import KnownHeaders, common, load_layouts
from hotline_tools.layouts.recognition import recognise
from hotline_tools.layouts.recognition.names import read_name
from hotline_tools.layouts.recognition.personal import is_personal
from hotline_tools.layouts.recognition.vocabulary import vocabulary
from hotline_tools.layouts.recognition.words import words_of
from hotline_tools.sources import open_tables

KNOWN = KnownHeaders(load_layouts())

BY_NAME = [
    ("SERVICEDUEDATE", "due_at", "words of one run of capitals"),
    ("SERVICEREQUESTID", "order_id", "words of one run of capitals"),
    ("srnumber", "order_id", "words of one run of small letters"),
    ("SITEADDRESS", "address", "a run with one unknown part"),
    ("date_resolved", "closed_at", "a time that its step follows"),
    ("Date Sent to Department", "dispatched_at", "a preposition: not the department"),
    ("Response to Customer", "reply", "a preposition: not the customer"),
    ("Accepted By Dept On", "signed_at", "by whom, and not by when"),
    ("Respond By Date", "due_at", "by when"),
    ("No. of Returns", "returns", "a number of things is no id, and a full stop is no path"),
    ("First Contact Time", "first_contact_at", "a word that is a step and a person"),
    ("STATUS_DESC", "status", "a generic word behind a telling one"),
    ("交办单编号", "order_id", "the number of the dispatched sheet"),
    ("部门接单时间", "signed_at", "the department takes it, not the hotline"),
    ("会办机关", "co_departments", "the Taiwanese word of offices"),
    ("受理意见", "reply", "an opinion on what came in"),
]


@pytest.mark.parametrize(
    ("header", "field", "kind"), BY_NAME, ids=[case[2] + ": " + case[0] for case in BY_NAME]
)
def test_a_name_says_its_field_above_all_others(header: str, field: str, kind: str) -> None:
    name = read_name(header)
    scores = {other: name.score(other) for other in vocabulary().fields}
    assert scores[field] >= 0.5, kind
    assert scores[field] == max(scores.values())


@pytest.mark.parametrize(
    "header", ["权属类型", "人员类别", "用水性质", "customerType", "FACILITY_TYPE", "STREET_TYPE"]
)
def test_the_kind_of_a_thing_or_person_is_no_category(header: str) -> None:
    assert read_name(header).score("original_category") < 0.45


def test_the_number_of_something_unknown_is_not_the_order_s() -> None:
    assert read_name("卡号").score("order_id") < 0.4
    assert read_name("HouseNumber").score("order_id") == 0


@pytest.mark.parametrize(
    ("header", "personal"),
    [
        ("STREET_NAME", False),
        ("Agency Name", False),
        ("是否联系市民", False),
        ("Applicant Name", True),
        ("customer_name", True),
        ("留言用户id", True),
        ("姓名", True),
    ],
)
def test_names_of_places_and_questions_are_not_personal(header: str, personal: bool) -> None:
    assert is_personal(header) is personal


def test_a_run_of_letters_is_cut_only_where_the_words_are_known() -> None:
    assert [word.text for word in words_of("SERVICETYPECODEDESCRIPTION")] == [
        "service",
        "type",
        "code",
        "description",
    ]
    assert [word.text for word in words_of("STATEMENTS")] == ["statements"]


def recognised(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    found = recognise(table.column_names, table, words=common().values)
    return {item.field: item.headers for item in found.assigned}


def test_names_of_wards_are_no_text_of_a_case() -> None:
    columns = {
        "Creation Date": [f"2024-03-{i % 28 + 1:02} 10:00:00" for i in range(60)],
        "Ward": ["Etobicoke-Lakeshore (03)", "Spadina-Fort York (10)"] * 30,
    }
    assert "content" not in recognised(columns)


def test_a_pair_of_coordinates_is_no_address() -> None:
    columns = {
        "LOCATION": [f"(41.8{i}, -87.6{i})" for i in range(40)],
        "STREET_ADDRESS": [f"{i} N CLARK ST" for i in range(40)],
    }
    assert recognised(columns)["address"] == ("STREET_ADDRESS",)


def test_codes_of_states_are_no_status() -> None:
    assert "status" not in recognised({"State": ["FL", "PA", "CA", "TX"] * 10})


def test_marks_from_one_to_five_are_no_answer_to_whether_it_was_solved() -> None:
    assert "resolved" not in recognised({"一次解决程度": ["1", "2", "3", "4", "5"] * 8})


def test_the_system_of_a_mobile_is_no_telephone() -> None:
    assert "caller_key" not in recognised({"MobileOS": ["iOS", "Android"] * 20})


def test_of_two_units_the_one_that_tells_more_apart_is_the_department() -> None:
    columns = {"处理机构": ["市场监管局"] * 40, "处理部门": ["城东所", "城西所"] * 20}
    assert recognised(columns)["department"] == ("处理部门",)


def test_short_known_words_in_a_column_of_the_situation_are_the_status() -> None:
    columns = {
        "来信内容": [f"幸福路{i}号路灯不亮，请派人修复" for i in range(40)],
        "处理情况": ["已办结", "办理中"] * 20,
    }
    assert recognised(columns)["status"] == ("处理情况",)


def test_a_key_with_half_a_surrogate_pair_is_read(tmp_path: Path) -> None:
    record = {"工单编号": "A1", "内容": "路灯不亮", "备\ud807注": "x"}
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(record | {"工单编号": f"A{i}"}) for i in range(5)), encoding="ascii")
    (table,) = open_tables([path], known_headers=KNOWN)
    assert "备?注" in table.header


def test_rows_behind_a_table_that_ended_too_early_are_read_without_their_row_tag(tmp_path: Path) -> None:
    rows = [
        f"<tr><td>A{i}</td><td>2025-06-0{i} 08:00</td><td>路灯不亮，请修复</td></tr>" for i in range(1, 7)
    ]
    rows[3] = "</table></body></r>" + rows[3].removeprefix("<tr>")
    head = "<table><tr><th>工单编号</th><th>受理时间</th><th>诉求内容</th></tr>"
    path = tmp_path / "a.xls"
    path.write_text(f"<html><body>{head}{''.join(rows)}", encoding="utf-8")
    (table,) = open_tables([path], known_headers=KNOWN)
    ids = [value for batch in table.batches() for value in batch.table.column("工单编号").to_pylist()]
    assert ids == [f"A{i}" for i in range(1, 7)]


def test_units_have_aliases_in_the_library_too(tmp_path: Path) -> None:
    (tmp_path / "aliases.txt").write_text("瓦房店市 = 瓦房店市人民政府\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "工单编号,受理时间,诉求内容,主办单位\nA1,2025-06-01 08:00,路灯不亮，请修复,瓦房店市\n",
        encoding="utf-8",
    )
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "a.csv", unit_aliases=tmp_path / "aliases.txt")
    (row,) = ht.sql(store, "SELECT department FROM orders").rows
    assert row["department"] == "瓦房店市人民政府"


@pytest.mark.parametrize(
    "broken", ["</table></bo<td>", "</tr></table></tab<td>", "</tr><tr></td <td>", "</tr><tr></td<td>"]
)
def test_an_end_tag_without_its_bracket_does_not_take_the_next_cell(tmp_path: Path, broken: str) -> None:
    header = "<tr><td>工单编号</td><td>受理时间</td><td>诉求内容</td>"
    rest = "</td><td>2025-06-01 08:00:00</td><td>春晖路路灯不亮</td></tr>"
    more = "<tr><td>T2</td><td>2025-06-02 08:00:00</td><td>春晖路停水</td></tr>"
    path = tmp_path / "a.xls"
    path.write_text(f"<html><table>{header}{broken}T1{rest}{more}</table></html>", encoding="utf-8")
    (table,) = open_tables([path], known_headers=KnownHeaders(load_layouts()))
    (batch,) = table.batches()
    assert batch.table.column("工单编号").to_pylist() == ["T1", "T2"]
    assert batch.table.column("诉求内容").to_pylist() == ["春晖路路灯不亮", "春晖路停水"]
