"""What a ninth round of unseen tables brought, one test a kind."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.layouts import KnownHeaders, common, load_layouts
from hotline_tools.layouts.recognition import Recognition, recognise
from hotline_tools.sources import open_tables
from hotline_tools.store import Store

ROWS = 20
TEXTS = [f"梅园路{i}号楼道灯坏了三天，夜里老人上下楼不方便" for i in range(ROWS)]
PEOPLE = [f"{family}{given}" for family in "张李王刘陈" for given in ("建国", "秀英", "文博", "丽华")]


def of(*kinds: str) -> list[str]:
    return [kinds[i % len(kinds)] for i in range(ROWS)]


def times(day: int, form: str = "2025-06-{:02d} 08:{:02d}") -> list[str]:
    return [form.format(i % 20 + day, i) for i in range(ROWS)]


def recognised(columns: dict[str, list[str]]) -> Recognition:
    columns = {"内容": TEXTS, **columns}
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return recognise(table.column_names, table, words=common().values)


def fields(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {item.field: item.headers for item in recognised(columns).assigned}


@pytest.mark.parametrize("name", ["处理起始日期", "办理开始时间", "start_time", "Begin Date"])
def test_the_beginning_of_a_step_is_no_closing(name: str) -> None:
    found = fields({"编号": [f"A{i:05d}" for i in range(ROWS)], name: times(1)})
    assert found["received_at"] == (name,) and "closed_at" not in found


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("deal_status_code", of("已办结", "办理中", "已受理"), "status"),
        ("回访评价代码", of("满意", "不满意", "基本满意"), "satisfaction"),
        ("受理类型代码", of("电话", "网站", "微信"), "channel"),
    ],
)
def test_a_code_whose_cells_are_words_is_what_the_words_say(
    header: str, cells: list[str], field: str
) -> None:
    assert fields({"受理时间": times(1), header: cells})[field] == (header,)


def test_a_code_of_each_order_stays_its_number() -> None:
    numbers = [f"鲁信〔2025〕{i + 1}号" for i in range(ROWS)]
    assert fields({"受理时间": times(1), "事件编码": numbers})["order_id"] == ("事件编码",)


@pytest.mark.parametrize("form", ["{:02d}/Mar/25 9:{:02d} AM", "{:02d}.Mar.2025 9:{:02d}"])
def test_times_with_names_of_months_are_times(form: str) -> None:
    found = fields(
        {"Key": [f"CS-{i}" for i in range(ROWS)], "Created": times(1, form), "Resolved": times(2, form)}
    )
    assert found["received_at"] == ("Created",) and found["closed_at"] == ("Resolved",)
    assert "reply" not in found


def test_a_day_of_zeros_is_no_day() -> None:
    done = [cell if i % 3 else "0000-00-00 00:00:00" for i, cell in enumerate(times(2))]
    status = [["办理中", "已办结", "已办结"][i % 3] for i in range(ROWS)]
    found = fields({"受理时间": times(1), "处理时间": done, "状态": status})
    assert found["closed_at"] == ("处理时间",)


def test_years_at_the_end_are_compared_too() -> None:
    columns = {
        "Fecha A": times(1, "{:02d}/06/2025 08:{:02d}"),
        "Fecha cierre": times(5, "{:02d}/06/2025 09:{:02d}"),
    }
    found = fields({"folio": [f"F{i:05d}" for i in range(ROWS)], **columns})
    assert found["received_at"] == ("Fecha A",) and found["closed_at"] == ("Fecha cierre",)


@pytest.mark.parametrize("known", [{}, {"content": {"content": 0.97}}], ids=["by words", "a known name"])
def test_what_only_closed_orders_have_is_the_answer_whatever_its_name(
    known: dict[str, dict[str, float]],
) -> None:
    is_closed = [i % 2 == 0 for i in range(ROWS)]
    ends = [time if done else "" for time, done in zip(times(3), is_closed, strict=True)]
    said = [
        f"第{i}处路灯的线路老化，电力公司更换了三盏灯头" if done else "" for i, done in enumerate(is_closed)
    ]
    columns = {"majorContent": TEXTS, "content": said, "受理时间": times(1), "办结时间": ends}
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    told = recognise(table.column_names, table, words=common().values, synonyms=known).assigned
    found = {item.field: item.headers for item in told}
    assert found["content"] == ("majorContent",) and found["reply"] == ("content",)


def test_the_step_of_a_table_that_names_no_other_is_its_handling() -> None:
    found = fields(
        {
            "举报日期": times(1),
            "核查单位": of("区应急局", "区消防大队", "街道办"),
            "核查期限": times(5),
            "核查结果": [f"经查，{i}号仓库存放的货物已经清运，隐患消除" for i in range(ROWS)],
        }
    )
    assert found["department"] == ("核查单位",)
    assert found["due_at"] == ("核查期限",)
    assert found["reply"] == ("核查结果",)
    beside = fields(
        {
            "受理时间": times(1),
            "办理单位": of("区应急局", "街道办"),
            "核查单位": of("督查室", "考核办"),
            "核查期限": times(5),
            "核查结果": of("属实", "不属实"),
        }
    )
    assert beside["department"] == ("办理单位",)


def test_of_units_the_one_that_opened_the_order_handles_it_not() -> None:
    found = fields(
        {"受理时间": times(1), "立单部门": of("客服中心"), "负责部门": of("水务局", "燃气公司", "热力公司")}
    )
    assert found["department"] == ("负责部门",)


def test_a_question_asks_what_its_first_word_says() -> None:
    found = fields({"受理时间": times(1), "isSolveAppeal": of("是", "否")})
    assert found["resolved"] == ("isSolveAppeal",)


def test_a_project_is_a_category_only_where_nothing_else_is() -> None:
    kinds, places = of("维修", "保洁", "绿化"), of("锦绣花园", "阳光新城", "翠湖名邸")
    assert fields({"受理时间": times(1), "项目": places, "报事分类": kinds})["original_category"] == (
        "报事分类",
    )
    assert fields({"受理时间": times(1), "服务项目": kinds})["original_category"] == ("服务项目",)


def test_a_category_stays_before_its_part_though_rows_mix_them() -> None:
    found = fields(
        {
            "受理时间": times(1),
            "Category": of("Roads", "Parks", "Water"),
            "Subcategory": of("Pothole", "Leak"),
        }
    )
    assert found["original_category"] == ("Category", "Subcategory")


@pytest.mark.parametrize("name", ["contactMan", "contacts", "上报人姓名"])
def test_who_calls_is_not_kept_in_clear(name: str) -> None:
    assert name in recognised({"受理时间": times(1), name: PEOPLE}).drop


@pytest.mark.parametrize("name", ["用户星级", "用户归属地"])
def test_what_kind_of_caller_it_is_is_kept(name: str) -> None:
    assert name not in recognised({"受理时间": times(1), name: of("三星", "五星")}).drop


def test_a_telephone_that_is_not_kept_is_no_rival() -> None:
    phones = [f"138{i:08d}" for i in range(ROWS)]
    found = recognised({"受理时间": times(1), "来电号码": phones, "联系电话2": phones[::-1]})
    kept = {header for rivals in found.rivals.values() for header, _ in rivals}
    assert not kept & set(found.drop)


def test_what_elasticsearch_found_is_read_without_how_it_was_found(tmp_path: Path) -> None:
    hits = [
        {"_index": "order", "_type": "_doc", "_id": f"k{i}", "_score": 1.0,
         "_source": {"title": f"第{i}盏灯不亮", "受理时间": time, "诉求内容": text}}
        for i, (time, text) in enumerate(zip(times(1), TEXTS, strict=True))
    ]  # fmt: skip
    whole, lines = tmp_path / "hits.json", tmp_path / "lines.jsonl"
    whole.write_text(json.dumps({"took": 7, "hits": {"total": ROWS, "hits": hits}}), encoding="utf-8")
    lines.write_text("\n".join(map(json.dumps, hits)), encoding="utf-8")
    for path in (whole, lines):
        (table,) = open_tables([path], known_headers=KnownHeaders(load_layouts()))
        assert table.header == ("_id", "title", "受理时间", "诉求内容"), path.name


def test_forms_of_states_that_no_list_has(tmp_path: Path) -> None:
    states = {
        **dict.fromkeys(("已转送", "已派发", "待会勘", "AGUARDANDO ATENDIMENTO"), "open"),
        **dict.fromkeys(("不属于受理范围", "Annulée", "Won't Do"), "cancelled"),
        "FINALIZADA": "closed",
    }
    rows = [f"A{i:04d},2025-06-{i + 1:02d} 08:00,{TEXTS[i]},{state}" for i, state in enumerate(states)]
    (tmp_path / "a.csv").write_text("\n".join(["编号,受理时间,内容,状态", *rows]), encoding="utf-8")
    store = Store.open(tmp_path / "store", create=True)
    import_tables(matched_tables([tmp_path / "a.csv"], OpenOptions()), store)
    (batch,) = store.order_batches(["status_raw", "status"])
    assert dict(zip(batch["status_raw"].to_pylist(), batch["status"].to_pylist(), strict=True)) == states
