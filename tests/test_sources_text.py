"""Text tables: encodings, dialects, header rows, junk rows, torn and shifted rows."""

import codecs
import gzip
from pathlib import Path

import pytest

from hotline_tools.errors import InputError, NoHeaderError
from hotline_tools.layouts import KnownHeaders, load_layouts
from hotline_tools.sources import RawTable, open_tables

KNOWN = KnownHeaders(load_layouts())
HEADER = "工单编号,受理时间,诉求标题,诉求内容,主办单位"
ROWS = [
    "GD001,2025-06-01 08:00:00,路灯不亮,春晖路的路灯坏了三天，没有人来修,区城管局",
    "GD002,2025-06-02 09:30:00,物业不作为,幸福小区的垃圾没有人清运，居民意见很大,区住建局",
    "GD003,2025-06-03 10:00:00,公交太少,五路公交车等了四十分钟还不来,区交通局",
]
TRADITIONAL = [
    "案件編號,派工項目,案件地址,立案日期,立案時間",
    "2026043010407,路燈不亮或損壞,大安區信義路二段８６巷,20260430,235842",
    "2026043010406,大型廢棄物清運聯繫,中山區復興北路２０４號四樓,20260430,235640",
    "2026043010405,場所與設施噪音舉發,萬華區興寧街１號一樓,20260430,235323",
]


def write(tmp_path: Path, data: bytes | str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def only(path: Path, known: object = KNOWN) -> RawTable:
    tables = list(open_tables([path], known_headers=known))  # type: ignore[arg-type]
    assert len(tables) == 1
    return tables[0]


def rows(table: RawTable) -> list[list[str | None]]:
    return [list(row.values()) for batch in table.batches() for row in batch.table.to_pylist()]


def numbers(table: RawTable) -> list[int]:
    return [n for batch in table.batches() for n in batch.row_numbers.to_pylist()]


TEXT = "\r\n".join([HEADER, *ROWS]) + "\r\n"
ENCODINGS = [
    ("utf-8", TEXT.encode(), "utf-8"),
    ("utf-8 with a byte order mark", codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
    ("gb18030", TEXT.encode("gb18030"), "gb18030"),
    ("gbk", TEXT.encode("gbk"), "gb18030"),
    ("utf-16 little endian with mark", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
    ("utf-16 big endian with mark", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
    ("utf-16 little endian without mark", TEXT.encode("utf-16-le"), "utf-16-le"),
]


@pytest.mark.parametrize(("data", "encoding"), [e[1:] for e in ENCODINGS], ids=[e[0] for e in ENCODINGS])
def test_encodings_give_the_same_rows(tmp_path: Path, data: bytes, encoding: str) -> None:
    table = only(write(tmp_path, data))
    assert table.encoding == encoding
    assert table.header == tuple(HEADER.split(","))
    assert rows(table) == [row.split(",") for row in ROWS]
    assert numbers(table) == [2, 3, 4]


def test_big5_is_told_from_gbk_by_its_characters(tmp_path: Path) -> None:
    table = only(write(tmp_path, "\r\n".join(TRADITIONAL).encode("big5")))
    assert table.encoding == "big5hkscs"
    assert rows(table)[0] == TRADITIONAL[1].split(",")


def test_traditional_text_in_gbk_stays_gbk(tmp_path: Path) -> None:
    table = only(write(tmp_path, "\r\n".join(TRADITIONAL).encode("gbk")))
    assert table.encoding == "gb18030"
    assert rows(table)[2] == TRADITIONAL[3].split(",")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_undecodable_bytes_are_replaced_flagged_and_counted(tmp_path: Path, encoding: str) -> None:
    good = "\r\n".join([HEADER, *ROWS * 20]).encode(encoding)
    target = "五路公交车".encode(encoding)
    table = only(write(tmp_path, good.replace(target, b"\xff\xff" + target, 1)))
    batch = next(table.batches())
    assert table.encoding == encoding
    assert batch.flags is not None
    flagged = [i for i, flag in enumerate(batch.flags.to_pylist()) if flag]
    assert flagged == [2]
    assert batch.table.column("诉求内容")[2].as_py().endswith("五路公交车等了四十分钟还不来")
    assert table.counts()["undecodable"] == 1


DIALECTS = [
    ("comma", ",", False),
    ("tab", "\t", False),
    ("semicolon", ";", False),
    ("bar", "|", False),
    ("comma, all quoted", ",", True),
]


@pytest.mark.parametrize(("delimiter", "quoted"), [d[1:] for d in DIALECTS], ids=[d[0] for d in DIALECTS])
def test_delimiters(tmp_path: Path, delimiter: str, quoted: bool) -> None:
    cells = [line.split(",") for line in (HEADER, *ROWS)]
    quote = '"' if quoted else ""
    text = "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in line) for line in cells)
    table = only(write(tmp_path, text))
    assert rows(table) == cells[1:]


def test_line_breaks_quotes_and_commas_inside_quoted_cells_stay(tmp_path: Path) -> None:
    cell = 'a,b\r\nc "说"\n\n  d'
    quoted = cell.replace('"', '""')
    table = only(write(tmp_path, f'{HEADER}\r\nGD1,2025-06-01,标题,"{quoted}",局\r\nGD2,,,,\r\n'))
    assert rows(table) == [["GD1", "2025-06-01", "标题", cell, "局"], ["GD2", None, None, None, None]]


def test_line_ends_of_old_macs_and_nul_bytes(tmp_path: Path) -> None:
    table = only(write(tmp_path, ("\r".join([HEADER, *ROWS]) + "\r").replace("路灯", "路\0灯")))
    assert rows(table) == [row.split(",") for row in ROWS]


def test_a_lone_quote_in_an_unquoted_cell_is_text(tmp_path: Path) -> None:
    table = only(write(tmp_path, f'{HEADER}\nGD1,2025-06-01,管径3"坏了,内容,局\nGD2,2025-06-02,t,c,局\n'))
    assert [row[2] for row in rows(table)] == ['管径3"坏了', "t"]


def with_bad_quote(at: int, proper_every: int) -> str:
    """Sixty orders; one cell opens a quote that nothing closes; every so often a cell is quoted properly."""
    lines = [f"GD{i},2025-06-01 08:00:00,标题{i},内容,局" for i in range(60)]
    if proper_every:
        for i in range(0, 60, proper_every):
            lines[i] = f'GD{i},2025-06-01 08:00:00,标题{i},"内容,好",局'
    lines[at] = f'GD{at},2025-06-01 08:00:00,标题{at},"内容没有结束,局'
    return "\n".join([HEADER, *lines])


QUOTES = [
    ("no other quotes in the file", 30, 0, 0),
    ("the next proper quote closes it five rows later", 35, 8, 2),
    ("nothing closes it up to the end", 58, 8, 0),
]


@pytest.mark.parametrize(("at", "every", "lost"), [q[1:] for q in QUOTES], ids=[q[0] for q in QUOTES])
def test_a_quote_that_never_closes_costs_two_rows_at_most(
    tmp_path: Path, at: int, every: int, lost: int
) -> None:
    table = only(write(tmp_path, with_bad_quote(at, every)))
    batches = list(table.batches())
    found = {row["工单编号"] for batch in batches for row in batch.table.to_pylist()}
    rejected = [reject for batch in batches for reject in batch.rejects]
    assert len(rejected) <= lost
    assert len(found) + len(rejected) >= 60
    assert len(found) >= 60 - lost


def test_title_rows_totals_blanks_repeats_and_footnotes_are_counted(tmp_path: Path) -> None:
    titles = ["某区 12345 热线工单明细,,,,", "统计时间：2025年6月,,,,"]
    ends = ["合计,3,,,", "小计：2件,,,,", "制表人：王某,,,,"]
    text = "\n".join([*titles, HEADER, *ROWS[:2], ",,,,", HEADER, ROWS[2], "  ,,,,", *ends])
    table = only(write(tmp_path, text))
    assert table.header_row == 3
    assert rows(table) == [row.split(",") for row in ROWS]
    assert numbers(table) == [4, 5, 8]
    counts = {key: n for key, n in table.counts().items() if n}
    assert counts == {"rows": 3, "blank": 2, "repeated_header": 1, "total": 2, "footnote": 1}
    assert "表头上方有 2 行" in table.notes[0]


def test_an_order_that_talks_about_totals_is_no_total_row(tmp_path: Path) -> None:
    odd = "合计欠薪三万元,2025-06-01,合计,总计欠了三万,局"
    table = only(write(tmp_path, f"{HEADER}\n{odd}\n"))
    assert rows(table) == [odd.split(",")]


def test_header_names_are_cleaned_and_unique(tmp_path: Path) -> None:
    text = (
        '"工单\n编号",*受理时间：,诉求标题,诉求内容,办理时长（小时）,备注,备注,\n1,2025-06-01,t,c,3,a,b,x\n'
    )
    table = only(write(tmp_path, text))
    assert table.header == (
        "工单编号",
        "受理时间",
        "诉求标题",
        "诉求内容",
        "办理时长",
        "备注",
        "备注_2",
        "列8",
    )
    assert table.original_header[0] == "工单\n编号"


def test_thousands_of_trailing_empty_columns_are_dropped_but_no_value_is(tmp_path: Path) -> None:
    commas = "," * 3000
    padded = [f"{row}{commas}" for row in ROWS]
    lines = [HEADER + commas, *padded, ROWS[0], *padded * 20]
    lines.append(ROWS[1] + "," * 2000 + "多出来的" + "," * 1000)
    table = only(write(tmp_path, "\n".join(lines)))
    assert table.header == tuple(HEADER.split(","))
    (batch,) = table.batches()
    assert batch.table.num_rows == 64
    assert batch.row_numbers.to_pylist() == list(range(2, 66))
    (reject,) = batch.rejects
    assert (reject.row_number, reject.raw["列2005"]) == (66, "多出来的")


def test_a_last_column_without_a_name_is_one(tmp_path: Path) -> None:
    rows = [f"{row},{'第九班组' if n % 4 == 0 else ''}" for n, row in enumerate(ROWS * 4)]
    table = only(write(tmp_path, "\n".join([HEADER, *rows])))
    width = len(HEADER.split(","))
    assert table.header == (*HEADER.split(","), f"列{width + 1}")
    (batch,) = table.batches()
    assert batch.table.num_rows == len(rows) and len(batch.rejects) == 0
    assert batch.table.column(width).drop_null().unique().to_pylist() == ["第九班组"]


RAGGED = [
    ("surplus empty cells are cut off", "G9,2025-06-09 01:02:03,t,c,局,,,", ["c", "局"]),
    ("an unquoted comma in the content is put back", "G9,2025-06-09 01:02:03,t,c1,c2,局", None),
    ("missing cells at the end are empty", "G9,2025-06-09 01:02:03,t", [None, None]),
]


@pytest.mark.parametrize(("line", "end"), [r[1:] for r in RAGGED], ids=[r[0] for r in RAGGED])
def test_ragged_rows_are_repaired_or_rejected_never_lost(
    tmp_path: Path, line: str, end: list[str | None] | None
) -> None:
    many = [f"GD{i:03d},2025-06-{i % 28 + 1:02d} 08:00:00,标题{i},内容很长{i},局{i}" for i in range(100)]
    table = only(write(tmp_path, "\n".join([HEADER, *many[:50], line, *many[50:]])))
    batches = list(table.batches())
    counts = table.counts()
    assert counts["rows"] + counts["rejected"] == 101
    if end is None:  # title, content and department are all free text: no single way back
        (reject,) = batches[0].rejects
        assert reject.row_number == 52
        assert "应有 5 列，实有 6 列" in reject.reason
        assert reject.raw["列6"] == "局"
    else:
        position = batches[0].row_numbers.to_pylist().index(52)
        assert list(batches[0].table.slice(position, 1).to_pylist()[0].values())[3:] == end
        flags = batches[0].flags.to_pylist() if batches[0].flags else [None] * 101
        assert flags[position] == (None if end[0] else "columns-repaired")


def shifted_file(tmp_path: Path, odd: list[str]) -> RawTable:
    kinds = ["路燈不亮或損壞", "大型廢棄物清運聯繫", "動物救援"]
    good = [
        f"2025022{i % 8}{i:05d},{kinds[i % 3]},大安區信義路{i}號,202502{i % 28 + 1:02d},{i % 24:02d}3000"
        for i in range(200)
    ]
    return only(write(tmp_path, "\n".join(["案件編號,派工項目,案件地址,立案日期,立案時間", *good, *odd])))


def test_a_shifted_row_with_the_right_number_of_cells_is_repaired(tmp_path: Path) -> None:
    table = shifted_file(tmp_path, ["202502281,動物救援,松山區河濱公園,參考地址：塔悠路３３５號,20250228"])
    batch = next(table.batches())
    assert batch.table.slice(200).to_pylist()[0] == {
        "案件編號": "202502281",
        "派工項目": "動物救援",
        "案件地址": "松山區河濱公園,參考地址：塔悠路３３５號",
        "立案日期": "20250228",
        "立案時間": None,
    }
    assert batch.flags is not None
    assert batch.flags.to_pylist() == [None] * 200 + ["columns-repaired"]


def test_an_empty_piece_belongs_to_the_address_not_to_the_category(tmp_path: Path) -> None:
    table = shifted_file(tmp_path, ["202502061,動物救援,士林區雙溪公園,,20250206"])
    assert rows(table)[-1] == ["202502061", "動物救援", "士林區雙溪公園,", "20250206", None]


def test_a_shifted_row_with_too_many_cells_is_repaired(tmp_path: Path) -> None:
    table = shifted_file(tmp_path, ["202502281,動物救援,松山區公園,參考地址：塔悠路３３５號,20250228,101010"])
    last = rows(table)[-1]
    assert last[2:] == ["松山區公園,參考地址：塔悠路３３５號", "20250228", "101010"]


def test_a_shifted_row_whose_date_is_gone_is_rejected_with_the_reason(tmp_path: Path) -> None:
    table = shifted_file(tmp_path, ["202502281,動物救援,信義區No. 17,Yongji Rd,Yaxiang"])
    (reject,) = next(table.batches()).rejects
    assert reject.row_number == 202
    assert "列错位" in reject.reason
    assert reject.raw["立案時間"] == "Yaxiang"


def test_an_odd_date_alone_is_not_taken_for_a_shift(tmp_path: Path) -> None:
    table = shifted_file(tmp_path, ["202502281,動物救援,信義區松仁路,不詳,101010", "1,動物救援,x,20250231,"])
    assert table.sample(1000).num_rows == 202
    assert sum(len(b.rejects) for b in table.batches()) == 0


def dated_file(tmp_path: Path, odd: list[str]) -> RawTable:
    """Three date columns side by side between texts, and a column of few values at the end."""
    good = [
        f"GD{i:05d},第{i}号楼路灯坏了,2025-06-{i % 28 + 1:02d},2025-06-{i % 28 + 1:02d},2025-07-01,答复{i},"
        f"{'满意' if i % 3 else '不满意'}"
        for i in range(200)
    ]
    header = "工单编号,诉求内容,派单时间,签收时间,办结时间,回复内容,满意度"
    return only(write(tmp_path, "\n".join([header, *good, *odd])))


DATED = [
    (
        "dates side by side hide the shift from each other; the reply column shows it",
        "GD9,路灯坏了,没有人修,2025-06-01,2025-06-02,2025-07-01,答复",
        ["GD9", "路灯坏了,没有人修", "2025-06-01", "2025-06-02", "2025-07-01", "答复", None],
    ),
    (
        "one odd date among good ones is bad data, not a shift",
        "GD9,路灯坏了,张三,2025-06-02,2025-07-01,答复,满意",
        ["GD9", "路灯坏了", "张三", "2025-06-02", "2025-07-01", "答复", "满意"],
    ),
    (
        "an open order says so in words",
        "GD9,路灯坏了,2025-06-01,未签收，请等待,未办结，请等待,,",
        ["GD9", "路灯坏了", "2025-06-01", "未签收，请等待", "未办结，请等待", None, None],
    ),
]


@pytest.mark.parametrize(("line", "expected"), [d[1:] for d in DATED], ids=[d[0] for d in DATED])
def test_shifts_are_told_from_bad_dates(tmp_path: Path, line: str, expected: list[str | None]) -> None:
    assert rows(dated_file(tmp_path, [line]))[-1] == expected


def test_an_unquoted_line_break_tears_a_row_that_is_joined_again(tmp_path: Path) -> None:
    table = shifted_file(tmp_path, ["2025022811111,動物救援,信義區松仁路", "旁邊的公園,20250228,101010"])
    assert rows(table)[-1][2:] == ["信義區松仁路\n旁邊的公園", "20250228", "101010"]


def test_batches_can_be_read_again_and_row_numbers_run_through_blocks(tmp_path: Path) -> None:
    body = "\n".join(f"GD{i},2025-06-01 08:00:00,标题,{'长' * 400}{i},局" for i in range(9000))
    table = only(write(tmp_path, f"{HEADER}\n{body}\n"))
    batches = list(table.batches())
    assert len(batches) > 1
    assert [n for b in batches for n in b.row_numbers.to_pylist()] == list(range(2, 9002))
    assert sum(b.table.num_rows for b in table.batches()) == 9000
    assert table.counts()["rows"] == 9000


REFUSED = [
    ("an empty file", b"", InputError, "空的"),
    ("only blank lines", b"\n\n  \n", InputError, "空的"),
    ("a web page without a table", b"<html><body>login please</body></html>", InputError, "没有表格"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), InputError, "PNG 图片"),
    ("binary rubbish", bytes(range(256)) * 40, InputError, "不是可以识别"),
    ("no known header", b"x,y\n1,2\n", NoHeaderError, "hotline layout new"),
    ("a single word", "你好".encode(), NoHeaderError, "你好"),
    ("a zip cut short", b"PK\x03\x04" + bytes(50), InputError, "不完整"),
    ("a gz of nothing", gzip.compress(b""), InputError, "空的"),
    ("an OLE file cut short", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), InputError, "损坏"),
    ("a Parquet file cut short", b"PAR1" + bytes(100), InputError, "Parquet"),
    ("broken JSON", b'[{"a": 1', InputError, "JSON"),
    ("JSON without records", b"[1, 2, 3]", InputError, "没有记录"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "words"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_no_table_is_refused_in_one_clear_line(
    tmp_path: Path, data: bytes, kind: type[InputError], words: str
) -> None:
    path = write(tmp_path, data, "导出.xlsx")
    with pytest.raises(kind) as caught:
        list(open_tables([path], known_headers=KNOWN))
    assert words in str(caught.value)
    assert "导出.xlsx" in caught.value.where
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有.csv：文件不存在"):
        list(open_tables([tmp_path / "没有.csv"], known_headers=KNOWN))


def test_without_known_headers_the_shape_decides(tmp_path: Path) -> None:
    text = "月度报表,,\nAlpha,Beta,Gamma\n1,2025-01-01,x\n2,2025-01-02,y\n"
    table = only(write(tmp_path, text), None)
    assert (table.header, table.header_row) == (("Alpha", "Beta", "Gamma"), 2)
