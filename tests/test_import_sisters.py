"""A list and its details are imported as one table."""

from pathlib import Path

from hotline_tools.engine import Engine
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.store import Store

DETAIL = """反映标题,反映内容,反映时间,受理编号,受理单位,处理状态,反馈时间,答复内容,链接
路灯不亮,我家门口,2025-06-03 10:00:00,G1,路灯所,已办结,2025-06-04 10:00:00,已修,http://x/1
积水,桥下积水,2025-06-03 11:00:00,G2,,已办结,2025-06-05 10:00:00,已排,http://x/2
噪音,夜里施工,2025-06-04 11:00:00,G2,城管局,已办结,2025-06-05 10:00:00,已查,http://x/3
"""
LISTED = """信件标题,信件编号,办理单位,状态,类型,链接
路灯不亮,G1,路灯管理所,已办结,求助,http://x/1
积水,G2,排水处,已办结,投诉,http://x/2
噪音,G2,城管局,已办结,举报,http://x/3
井盖,G4,市政处,办理中,求助,http://x/4
"""


def test_joined_on_the_link_and_filled_from_both(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a_list.csv").write_text(LISTED, encoding="utf-8")
    (folder / "b_detail.csv").write_text(DETAIL, encoding="gb18030")
    store = Store.open(tmp_path / "store", create=True)
    report = import_tables(matched_tables([folder], OpenOptions()), store)
    assert report.totals()["new"] == report.totals()["read"] == 4
    told = (
        "a_list.csv 与 b_detail.csv 是同一批工单，按 链接 合并："
        "3 件对上，0 件只在 b_detail.csv，1 件只在 a_list.csv"
    )
    assert told in report.records[0].notes
    with Engine(store) as engine:
        rows = engine.query(
            "SELECT title, department, request_type, status, extra FROM orders "
            "ORDER BY received_at NULLS LAST"
        ).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("路灯不亮", "路灯所", "求助", "closed", '{"链接": "http://x/1"}'),
        ("积水", "排水处", "投诉", "closed", '{"链接": "http://x/2"}'),
        ("噪音", "城管局", "举报", "closed", '{"链接": "http://x/3"}'),
        ("井盖", "市政处", "求助", "open", '{"链接": "http://x/4"}'),
    ]
    assert import_tables(matched_tables([folder], OpenOptions()), store).totals()["unchanged"] == 4
