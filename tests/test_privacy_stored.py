"""What is personal in an export is in no byte that is written, whatever column it stands in."""

import re
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cli import hotline

MOBILE, LANDLINE, CARD_ID = "13912345678", "0531-66554433", "110101 19900307 7758"
EVERYWHERE = f"张某 139.1234.5678、{MOBILE}、{CARD_ID}、QQ账号87654321、V信 abc98765、a.b@163.com、辽B12345"
LEAKS = re.compile(r"1234[.]?5678|19900307|87654321|abc98765|a\.b@163|B12345|66554433|李四光")
HEADERS = [
    "工单编号", "受理时间", "诉求标题", "诉求内容", "所属社区", "所属街道", "满意度", "上报人", "工单状态",
    "诉求类型", "紧急程度", "主办单位", "协办单位", "诉求地点", "来电人电话", "来电人姓名", "处理结果",
    "备用", "办结时间", "诉求渠道",
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    lines = [",".join(HEADERS)]
    for number in range(6):
        row = dict.fromkeys(HEADERS, EVERYWHERE)
        row |= {
            "工单编号": f"GD00{number}",
            "受理时间": f"2025-06-0{number + 1} 10:00",
            "来电人姓名": "李四光",
        }
        row |= {"来电人电话": MOBILE, "诉求内容": f"{EVERYWHERE}，我家电话{LANDLINE}"}
        lines.append(",".join(row[name] for name in HEADERS))
    lines.append(f"GD009,2025-06-09,{EVERYWHERE}")
    (folder / "六月.csv").write_text("\n".join(lines), encoding="utf-8")
    ran = hotline("import", "六月.csv", cwd=folder)
    assert ran.code in (0, 3), ran.err
    hotline("classify", cwd=folder)
    hotline("repeats", cwd=folder)
    return folder


def written(store: Path) -> dict[str, str]:
    """Every file of the store as text, tables as their rows."""
    found = {}
    for path in (p for p in store.rglob("*") if p.is_file()):
        is_table = path.suffix == ".parquet"
        rows = (
            str(pq.read_table(path, partitioning=None).to_pylist()) if is_table else path.read_text("utf-8")
        )
        found[str(path.relative_to(store))] = rows
    return found


def test_nothing_personal_is_in_the_store(desk: Path) -> None:
    files = written(desk / "hotline-store")
    assert {name.split("/")[0] for name in files} >= {"orders", "imports", "rejects", "labels"}
    leaks = {name: LEAKS.findall(text) for name, text in files.items() if LEAKS.search(text)}
    assert leaks == {}


def test_only_the_owner_reads_the_store(desk: Path) -> None:
    assert stat.S_IMODE((desk / "hotline-store").stat().st_mode) == 0o700
    for path in (p for p in (desk / "hotline-store").rglob("*") if p.is_file()):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, f"{path.name} {mode:o}"


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_classified_export_is_private_and_says_so(suffix: str, desk: Path) -> None:
    ran = hotline("classify", "六月.csv", "-o", f"结果.{suffix}", cwd=desk)
    assert "个人信息没有脱敏" in ran.err
    assert stat.S_IMODE((desk / f"结果.{suffix}").stat().st_mode) == 0o600


def test_a_masked_export_has_nothing_personal(desk: Path) -> None:
    ran = hotline("classify", "六月.csv", "-o", "遮.csv", "--mask", cwd=desk)
    assert "个人信息没有脱敏" not in ran.err
    text = (desk / "遮.csv").read_text("utf-8-sig")
    assert not LEAKS.search(text)
    assert "GD003" in text
    assert hotline("classify", "--mask", cwd=desk).code == 2


@pytest.mark.parametrize("where", ["file", "environment"])
def test_masking_is_not_switched_off_in_passing(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(
        f"工单编号,受理时间,诉求内容\nA1,2025-06-01,电话{MOBILE}\n", encoding="utf-8"
    )
    if where == "file":
        (tmp_path / "hotline.toml").write_text("keep_personal_data = true\n", encoding="utf-8")
        ran = hotline("import", "a.csv", cwd=tmp_path)
        assert "keep_personal_data" in ran.err and "未采用" in ran.err
    else:
        monkeypatch.setenv("HOTLINE_KEEP_PERSONAL_DATA", "1")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    assert not LEAKS.search(str(written(tmp_path / "hotline-store")))
    ran = hotline("-q", "import", "a.csv", "--keep-personal-data", cwd=tmp_path)
    assert "不脱敏" in ran.err
