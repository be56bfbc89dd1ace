"""Data that lack something give a shorter document in every form; it says what it lacks and nothing false."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest

import hotline_tools as ht
from hotline_tools.jobs.briefing import Brief

JUNE = "2021-06"
TIMES = ("办结时间", "办理结果", "工单状态", "回访时间", "满意度", "是否解决", "是否响应", "首次联系时间",
         "签收时间", "派单时间", "应办结时间")  # fmt: skip
PLACES = ("诉求地点", "所属区县", "所属镇街", "所属社区")
UNIT = "区住房和城乡建设局"


@dataclass(frozen=True)
class Lack:
    said: tuple[str, ...]
    """Each stands in the document."""
    never: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    keep: Callable[[dict[str, str]], bool] = lambda _: True


CASES = {
    "no satisfaction": Lack(
        ("所涉工单都没有填“满意度”，本期不列满意率。",), ("有效评价", "转督办1", "连续不满意0"), ("满意度",)
    ),
    "one month": Lack(
        (
            "库中没有2021年5月的数据，不作环比。",
            "库中没有2020年6月的数据，不作同比。",
            "历史不足，本期不作预警。",
            "上期结转不详",
        ),
        ("上期回看", "环比上升", "环比下降", "上期结转0件"),
        keep=lambda row: row["受理时间"].startswith(JUNE),
    ),
    "a month before without orders": Lack(
        ("库中没有2021年5月的数据，不作环比。",),
        ("（0件）", "均未超出日常波动", "\n超出日常波动\n"),  # the last is the cell of a verdict
        keep=lambda row: row["受理时间"].startswith(("2021-03", JUNE)),
    ),
    "one department": Lack(
        ("2021年6月共受理群众诉求47件",),
        ("参加排名", "承办量较大的单位", "红黑榜"),
        keep=lambda row: row["主办单位"] == UNIT,
    ),
    "no times but receipt": Lack(
        (
            "所涉工单都没有填“办结时间”，本期不列办结、超时办结与结转、督办情况。",
            "所涉工单都没有填“应办结时间”，本期不列按时办结率。",
        ),
        ("没有须督办的工单", "尚无答复", "上期结转", "期末未办结"),
        TIMES,
    ),
    "no departments": Lack(
        ("所涉工单都没有填“主办单位”，本期不列各单位承办量与排名。",),
        ("参加排名", "承办量较大"),
        ("主办单位", "协办单位"),
    ),
    "no places": Lack(
        ("所涉工单都没有填“诉求地点”，本期不列热点与重复诉求、提级建议。",),
        ("没有符合提级规则的事项", "同一事项反映2次"),
        PLACES,
    ),
}


def made_of(lack: Lack, year: Path, folder: Path) -> Brief:
    with (year / "年度工单.csv").open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        names = [name for name in reader.fieldnames or [] if name not in lack.drop]
        rows = [row for row in reader if lack.keep(row)]
    with (folder / "部分.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    store = ht.Store.open(folder / "hotline-store", create=True)
    ht.import_files(store, folder / "部分.csv")
    ht.classify(store)
    return ht.brief(store, period=JUNE)


def word_text(path: Path) -> str:
    word = docx.Document(str(path))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


@pytest.mark.parametrize("name", CASES)
def test_a_document_says_what_it_lacks(name: str, briefing_year: Path, tmp_path: Path) -> None:
    lack = CASES[name]
    brief = made_of(lack, briefing_year, tmp_path)
    assert brief.to_verify == ()
    sentences = brief.markdown().partition("## 附件")[0]
    told = "\n".join(
        line for line in sentences.splitlines() if not line.startswith(("|", "无法", "未列", "首次"))
    )
    word = word_text(brief.write(tmp_path / "月报.docx"))
    for said in lack.said:
        assert said in told and said in word
    assert [said for said in lack.never if said in told] == []
    assert ht.check_briefing(tmp_path / "月报.docx").rows == []


def test_a_message_board_gives_a_document_of_its_own_columns(briefing_year: Path, tmp_path: Path) -> None:
    store = ht.Store.open(tmp_path / "hotline-store", create=True)
    ht.import_files(store, briefing_year / "留言板.xlsx")
    ht.classify(store)
    brief = ht.brief(store, period=JUNE)
    assert brief.to_verify == ()
    told, word = brief.markdown(), word_text(brief.write(tmp_path / "月报.docx"))
    for said in (
        "按受理渠道分，均为问政留言板（600件）。",
        "所涉工单都没有填“诉求类型”，本期不列按诉求类型的件数。",
        "所涉工单都没有填“满意度”，本期不列满意率。",
        "所涉工单都没有填“主办单位”，本期不列各单位承办量与排名。",
    ):
        assert said in told and said in word
    assert "上期回看" not in told and "参加排名" not in told
