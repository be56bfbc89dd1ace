"""``hotline import`` as a person runs it: trial runs, standard input, passwords."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from cli import Ran, hotline
from formats import WRITERS

GRID = [
    ["工单编号", "受理时间", "诉求标题", "诉求内容"],
    ["1", "2025-06-01 08:00:00", "电梯坏了", "小区电梯坏了三天"],
    ["2", "2025-07-01 08:00:00", "路灯不亮", "春晖路路灯不亮"],
]


def imported(ran: Ran) -> dict[str, int]:
    """The totals that ``--format json`` prints."""
    import json

    totals: dict[str, int] = json.loads(ran.out)["totals"]
    return totals


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "六月.csv"
    path.write_bytes(WRITERS["csv"](GRID))
    return path


def test_a_trial_run_makes_no_store(export: Path, tmp_path: Path) -> None:
    ran = hotline("--store", "新库", "import", export, "--dry-run", "--format", "json", cwd=tmp_path)
    assert (ran.code, imported(ran)["new"]) == (0, 2)
    assert "没有写入" in ran.err
    assert list(tmp_path.iterdir()) == [export]


def test_a_trial_run_on_a_store_changes_nothing_in_it(export: Path, tmp_path: Path) -> None:
    hotline("--store", "库", "import", export, cwd=tmp_path)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "库").rglob("*")}
    ran = hotline("--store", "库", "import", export, "--dry-run", "--format", "json", cwd=tmp_path)
    assert (imported(ran)["new"], imported(ran)["unchanged"]) == (0, 2)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "库").rglob("*")} == before


def test_a_trial_run_where_no_store_can_be(export: Path, tmp_path: Path) -> None:
    ran = hotline("--store", tmp_path, "import", export, "--dry-run", cwd=tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "不是工单库" in ran.err


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gz"])
def test_standard_input(kind: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hotline_tools", "import", "-", "--format", "json"],
        input=WRITERS[kind](GRID),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert imported(Ran(0, done.stdout.decode(), ""))["new"] == 2
    assert (tmp_path / "hotline-store" / "orders" / "month=2025-07").is_dir()


def encrypted_workbook(path: Path, password: str) -> Path:
    with path.open("wb") as target:
        OOXMLFile(io.BytesIO(WRITERS["xlsx"](GRID))).encrypt(password, target)
    return path


def zip_crypto(data: bytes, password: bytes) -> bytes:
    """PKWARE's traditional encryption (APPNOTE 6.1), which zipfile reads but cannot write."""
    table = [0] * 256
    for i in range(256):
        c = i
        for _ in range(8):
            c = c >> 1 ^ (0xEDB88320 if c & 1 else 0)
        table[i] = c
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = table[(keys[0] ^ byte) & 255] ^ keys[0] >> 8
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ keys[1] >> 24) & 255] ^ keys[2] >> 8

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in data:
        k = keys[2] | 2
        out.append(byte ^ (k * (k ^ 1) >> 8 & 255))
        update(byte)
    return bytes(out)


def encrypted_zip(path: Path, password: str) -> Path:
    """A zip written in the clear, then encrypted member by member."""
    import struct
    import zlib

    content = WRITERS["csv"](GRID)
    crc = zlib.crc32(content)
    body = zip_crypto(bytes(11) + bytes([crc >> 24]) + content, password.encode())
    name = "六月.csv".encode()
    fields = (20, 0x801, 0, 0, 0x21, crc, len(body), len(content), len(name), 0)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *fields) + name + body
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    assert zipfile.is_zipfile(path)
    return path


@pytest.mark.parametrize("make", [encrypted_workbook, encrypted_zip], ids=["workbook", "zip"])
def test_password_file(make: object, tmp_path: Path) -> None:
    assert callable(make)
    locked = make(tmp_path / "加密.xlsx", "秘密123")
    (tmp_path / "pw").write_text("秘密123\n第二行不算", encoding="utf-8")
    (tmp_path / "wrong").write_text("别的", encoding="utf-8")
    refused = hotline("import", locked, cwd=tmp_path)
    assert refused.code == 1
    assert "--password-file" in refused.err
    wrong = hotline("import", locked, "--password-file", "wrong", cwd=tmp_path)
    assert wrong.code == 1
    assert "密码不对" in wrong.err
    assert not (tmp_path / "hotline-store").exists()
    ran = hotline("import", locked, "--password-file", "pw", "--format", "json", cwd=tmp_path)
    assert (ran.code, imported(ran)["new"]) == (0, 2)
    kept = b"".join(p.read_bytes() for p in (tmp_path / "hotline-store").rglob("*.json"))
    assert "秘密123".encode() not in kept


def test_rows_that_are_no_orders_are_named(tmp_path: Path) -> None:
    text = "工单编号,受理时间,诉求内容\n1,2025-06-03,路灯不亮\n,,\n2,2025-06-04,a,b,c,d\n合计,1,\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    ran = hotline("--store", "store", "import", "a.csv", cwd=tmp_path)
    assert ran.code == 3
    assert "不是工单、没有计入“读入”的行：空行 1、合计行 1" in ran.err
    assert "第 4 行拒收：列数不符：应有 3 列，实有 6 列" in ran.err
    (tmp_path / "b.json").write_text('[{"工单编号": 1,]', encoding="utf-8")
    assert "JSON 不完整或有误（第 1 行第 13 个字符）" in hotline("import", "b.json", cwd=tmp_path).err


def test_a_dry_run_of_several_files_says_that_each_is_judged_alone(tmp_path: Path) -> None:
    text = "工单编号,受理时间,诉求内容\n20250603001,2025-06-03 08:00,春晖路路灯不亮\n"
    for name, more in (("a", ""), ("b", "20250603002,2025-06-03 09:00,春晖路积水\n")):
        (tmp_path / f"{name}.csv").write_text(text + more, encoding="utf-8")
    one = hotline("--store", "store", "import", "--dry-run", "a.csv", cwd=tmp_path)
    both = hotline("--store", "store", "import", "--dry-run", "a.csv", "b.csv", cwd=tmp_path)
    assert "各算一次" not in one.err
    assert "几张表之间相同的工单各算一次" in both.err
