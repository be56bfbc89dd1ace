"""Bytes of any encoding as UTF-8, in this process and in one of its own."""

import io
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import hotline
from hotline_tools.sources.detect import decode, transcode
from hotline_tools.sources.detect.transcode import Utf8Stream

PIECES = st.one_of(
    st.sampled_from(
        ["工单编号,诉求内容\r\n", "楼道灯不亮，\n", "𠮷野家", "㐂", "\u00b7—", "\0", "\ufeff"]
    ).map(lambda text: text.encode("gb18030")),
    st.binary(max_size=4),
)
ENCODINGS = ("gb18030", "big5", "utf-16-le")


def joined(blocks: Any) -> tuple[bytes, bool]:
    taken = list(blocks)
    return b"".join(part for part, _ in taken), any(lost for _, lost in taken)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map(b"".join), st.sampled_from(ENCODINGS), st.integers(1, 9))
def test_blocks_are_the_text_without_marks_and_nuls(data: bytes, encoding: str, block: int) -> None:
    text = data.decode(encoding, "replace").replace("\ufeff", "").replace("\0", "")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decode, "_READ", block)
        found, lost = joined(decode.decoded(io.BytesIO(data), encoding))
    assert (found, lost) == (text.encode("utf-8", "replace"), "\ufffd" in text)


def large(folder: Path, text: str = "求助,楼道灯不亮，请派人修。\n", tail: bytes = b"") -> Path:
    path = folder / "大.csv"
    path.write_bytes(text.encode("gb18030") * 100_000 + tail)
    return path


def test_a_child_gives_what_this_process_gives(tmp_path: Path) -> None:
    path = large(tmp_path, tail="𠮷,".encode("gb18030") + b"\xff\xff" + "\u9690患\n".encode("gb18030"))
    with path.open("rb") as raw:
        here = joined(decode.decoded(raw, "gb18030"))
    assert here[1] and "𠮷".encode() in here[0]
    assert joined(decode.decoded_apart(path, "gb18030")) == here


def test_a_stream_that_is_closed_early_ends_its_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "_LARGE", 1)
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            started.append(self)

    monkeypatch.setattr(decode.subprocess, "Popen", Noted)
    with Utf8Stream(large(tmp_path), "gb18030", apart=True) as stream:
        assert stream.read(6).decode() == "求助"
    assert len(started) == 1
    assert started[0].poll() is not None


def test_a_stream_is_closed_between_two_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, may_end = Event(), Event()

    def slow(*_: object) -> Iterator[decode.Block]:
        reading.set()
        assert may_end.wait(10)
        yield b"read", False

    monkeypatch.setattr(transcode, "decoded", slow)
    stream = Utf8Stream(large(tmp_path), "gb18030")
    with ThreadPoolExecutor(2) as pool:  # as pyarrow reads ahead while the reader is closed
        read = pool.submit(stream.read, 4)
        assert reading.wait(10)
        closed = pool.submit(stream.close)
        may_end.set()
        assert read.result() == b"read"
        closed.result()
    assert stream.read(4) == b""


def test_a_child_that_dies_is_no_end_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, block = large(tmp_path), "求助,楼道灯不亮，请派人修。\n".encode() * 2_000
    dying = tmp_path / "dying.py"
    dying.write_text(
        f"import os\nblock = {block!r}\nos.write(1, bytes(1) + len(block).to_bytes(4, 'little') + block)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(decode, "_LARGE", 1)
    monkeypatch.setattr(decode, "__file__", str(dying))
    ran = hotline("--store", "库", "import", path, cwd=tmp_path)
    assert ran.code == 1, ran.out
    assert "大.csv" in ran.err and "Traceback" not in ran.err
    assert not list((tmp_path / "库").rglob("*.parquet"))


@pytest.mark.parametrize("apart", [True, False])
def test_an_import_does_not_depend_on_where_a_file_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    lines = "".join(
        f"GD{i:05},2025-06-0{i % 9 + 1} 08:00:00,楼道灯第{i}次不亮，请派人修。\n" for i in range(20_000)
    )
    path = tmp_path / "六月.csv"
    path.write_bytes(("工单编号,受理时间,诉求内容\n" + lines).encode("gb18030"))
    monkeypatch.setattr(decode, "_LARGE", 1 if apart else 1 << 40)
    assert hotline("--store", "库", "import", path, cwd=tmp_path).code == 0
    asked = "SELECT count(DISTINCT content) AS n, count(*) AS orders FROM orders"
    ran = hotline("--store", "库", "sql", asked, "--format", "csv", cwd=tmp_path)
    assert "20000,20000" in ran.out
