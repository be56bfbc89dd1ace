"""Is the store what it should be?"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.errors import StoreError
from hotline_tools.parquet import damage_of, select_sql, unknown_columns
from hotline_tools.privacy import fingerprint, load_key
from hotline_tools.schema import ORDERS
from hotline_tools.store.files import NEW, QUARANTINE, StoreFiles
from hotline_tools.store.journal import pending
from hotline_tools.store.manifest import WITH_MANIFEST, FileFacts, measure, own_files, read_manifest
from hotline_tools.store.secret import recorded_fingerprint

_REBUILT = {
    "labels/model.parquet": "运行 hotline classify 重新归类",
    "labels/derived_from.json": "运行 hotline classify 重新归类",
    "issues/derived_from.json": "运行 hotline repeats 重新归并",
    "issues/issues.parquet": "运行 hotline repeats 重新归并",
    "issues/issue_members.parquet": "运行 hotline repeats 重新归并",
    "issues/issue_looked_at.parquet": "运行 hotline repeats 重新归并",
}
"""How to have a derived table again; the others come from a backup, orders from an import too."""


def find_problems(files: StoreFiles) -> dict[str, str]:
    """Read every file; return what is wrong, in Chinese, by the name of the file; empty means sound.

    Checked of all: they are those of the manifest, unchanged, and can be read in full. Of orders: they are
    of their month, sorted, have no column that this version does not know, and no key occurs twice.
    """
    problems: dict[str, str] = {}
    places = _places(files)
    facts: Mapping[str, FileFacts] | None = None
    try:
        facts = read_manifest(places.get(files.manifest.name, files.manifest))
    except StoreError as error:
        problems[files.manifest.name] = f"{error.message}；{error.remedy}"
    if facts is None and not problems and _should_have_manifest(files):
        problems[files.manifest.name] = "清单不见了；请从备份恢复，或运行 hotline store quarantine 重建"
    known = facts if facts is not None else dict.fromkeys(n for n in places)
    own = files.manifest.name
    problems |= _damaged(places, known)
    problems |= {name: "不是工单库的文件，请移走" for name in places if name not in known and name != own}
    orders = {name: path for name, path in places.items() if name.startswith("orders/") and name in known}
    sound = {name: path for name, path in orders.items() if name not in problems}
    problems |= {name: text for name, path in sound.items() if (text := _partition_problems(path))}
    problems |= _key_problem(files) | _repeated_keys([p for n, p in sound.items() if n not in problems])
    return problems


def first_look(files: StoreFiles) -> list[str]:
    """Return what can be told without reading: files missing, of another size, or set aside."""
    said = []
    places = _places(files)
    try:
        facts = read_manifest(places.get(files.manifest.name, files.manifest)) or {}
    except StoreError as error:
        return [str(error)]
    for name, known in facts.items():
        path = places.get(name)
        if path is None or path.stat().st_size != known.bytes:
            lost = "不见了" if path is None else "损坏或被改动"
            said.append(f"{files.root / name}：文件{lost}，其中的数据不能保证计入。{_remedy(name)}。")
    aside = [p for p in (files.root / QUARANTINE).rglob("*") if p.is_file()]
    if aside:
        said.append(
            f"{files.root / QUARANTINE}：有 {len(aside)} 个隔离的文件，其中的数据不计入。"
            "请重新导入相应月份或从备份恢复，然后删除该目录。"
        )
    return said


def _places(files: StoreFiles) -> dict[str, Path]:
    """Every file of the store as it is once the pending commit, if any, is done, by its name."""
    places = {name: files.root / name for name in own_files(files)}
    commit = pending(files)
    for name in commit.replace if commit else ():
        waiting = files.root / (name + NEW)
        if waiting.exists():
            places[name] = waiting
    for name in commit.remove if commit else ():
        places.pop(name, None)
    return places


def _should_have_manifest(files: StoreFiles) -> bool:
    marker = json.loads(files.marker.read_text(encoding="utf-8"))
    return int(marker.get("format", 1)) >= WITH_MANIFEST


def _remedy(name: str) -> str:
    rebuilt = _REBUILT.get(name)
    if rebuilt:
        return f"请运行 hotline store quarantine 隔离它，再{rebuilt}"
    again = "或运行 hotline store quarantine 隔离它（其余月份照常使用），再重新导入"
    return (
        f"请从备份恢复，{again if name.startswith('orders/') else '或运行 hotline store quarantine 隔离它'}"
    )


def _damaged(places: Mapping[str, Path], known: Mapping[str, FileFacts | None]) -> dict[str, str]:
    """What is missing, cannot be read or is not as the manifest has it."""
    problems = {}
    for name, facts in known.items():
        path = places.get(name)
        if path is None:
            rows = f"（{facts.rows:,} 行）" if facts is not None and facts.rows is not None else ""
            problems[name] = f"文件不见了{rows}；{_remedy(name)}"
            continue
        if facts is not None and facts == measure(path):
            continue
        why = damage_of(path) if name.endswith(".parquet") else ""
        if why:
            problems[name] = f"文件损坏（{why}）；{_remedy(name)}"
        elif facts is not None:
            problems[name] = f"文件损坏或被改动（内容与清单不符）；{_remedy(name)}"
    return problems


def _partition_problems(path: Path) -> str:
    problems = []
    unknown = unknown_columns([path], ORDERS)
    if unknown:
        problems.append(f"有本版本不认识的列：{'、'.join(unknown)}；请升级 hotline-tools")
    received = pq.read_table(path, columns=["received_at"], partitioning=None).column("received_at")
    strangers = _strangers(received, path.parent.name.removeprefix("month="))
    if strangers:
        problems.append(f"有 {strangers} 件不属于该月")
    if bool((np.diff(received.drop_null().cast(pa.int64()).to_numpy()) < 0).any()):
        problems.append("未按受理时间排序")
    return "；".join(problems)


def _strangers(received: pa.ChunkedArray, month: str) -> int:
    if month == "unknown":
        return int(len(received) - received.null_count)
    start = np.datetime64(
        month, "M"
    )  # not strftime, for which Arrow on Windows looks for a database of zones
    first, after = (
        pa.scalar(edge.astype("datetime64[us]").item(), received.type)
        for edge in (start, start + np.timedelta64(1, "M"))
    )
    own = pc.and_(pc.greater_equal(received, first), pc.less(received, after))
    return int(len(received) - (pc.sum(own).as_py() or 0))


def _key_problem(files: StoreFiles) -> dict[str, str]:
    """The secret may lie in the store, where an older version put it: it must be the one that was used."""
    recorded = recorded_fingerprint(files)
    if recorded is None or not files.caller_key.exists():
        return {}
    try:
        same = fingerprint(load_key(files.caller_key)) == recorded
    except StoreError as error:
        return {files.caller_key.name: f"{error.message}；{error.remedy}"}
    return {} if same else {files.caller_key.name: "不是这个工单库的密钥；请从备份恢复"}


def _repeated_keys(paths: Iterable[Path]) -> dict[str, str]:
    with duckdb.connect() as database:
        rows = database.execute(
            f"SELECT order_key FROM ({select_sql(list(paths), ORDERS)}) GROUP BY order_key "
            "HAVING count(*) > 1 ORDER BY order_key LIMIT 5"
        ).fetchall()
    return {f"工单键 {key}": "出现多次" for (key,) in rows}
