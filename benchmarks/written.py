"""What is personal in any byte that the commands write, after importing real files.

    python benchmarks/written.py DATA_FOLDER [--keep DIR]

Each folder of ``DATA_FOLDER`` is imported into a store of its own, as far as it holds exports; then come
``classify``, ``repeats``, reports, a briefing and the review workbook, with logs and what is printed. All
files written are read (Parquet, what is inside Office documents, PDF by ``pdftotext`` where it is there) and
searched for mobiles, identity numbers whose last character is right, e-mails and plates, by patterns that
know nothing of the masker. Printed: files, bytes, and for each kind how many are in the exports and how many
in what was written. Ends with 1 when one is found.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
KINDS = {
    kind: re.compile(pattern, re.ASCII)  # what stands before a number is often a Chinese character
    for kind, pattern in {
        "mobile": r"(?<![\w.*-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w*])",
        "identity number": r"(?<![\w*])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?![\w*])",
        "e-mail": r"(?<![\w*.])[\w.+-]{2,}@[\w-]+\.(?:com|cn|net|org)(?![\w*])",
        "plate": rf"[{PROVINCES}][A-HJ-NP-Z][·. ]?(?=\w{{0,4}}\d)[A-HJ-NP-Z0-9]{{5,6}}(?![\w*])",
    }.items()
}
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
PROVINCE_CODES = re.compile("(?:11|12|31|50)0[1-3]|1[3-5]|2[1-3]|3[2-7]|4[1-6]|5[1-4]|6[1-5]|71|8[12]")
MONTH = "MONTH"
"""Stands for the month of most orders."""
HOTLINE = [sys.executable, "-m", "hotline_tools"]
STEPS = (
    ["classify"], ["repeats", "-o", "issues.csv"], ["report", "repeats", "-o", "repeats.xlsx"],
    ["report", "supervise", "-o", "supervise.html"], ["report", "callers", "-o", "callers.csv"],
    ["report", "escalations", "--format", "json", "-o", "escalations.json"],
    ["brief", "--period", MONTH, "-o", "b.docx"], ["brief", "--period", MONTH, "-o", "b.html"],
    ["brief", "--period", MONTH, "-o", "b.xlsx"], ["brief", "--period", MONTH, "-o", "b.pdf"],
    ["review", "export", "-o", "review.xlsx"], ["store", "imports"],
)  # fmt: skip
"""Some of them end without a document where a source lacks what they need."""


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text, bare of blanks and dashes, of whatever a text holds."""
    for kind, pattern in KINDS.items():
        for match in pattern.findall(text):
            if kind == "identity number" and not is_identity(match):
                continue
            yield kind, re.sub(r"[ ·.-]", "", match) if kind != "e-mail" else match


def is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECKS[total % 11] == number[-1].upper() and PROVINCE_CODES.match(number) is not None


def texts(data: bytes) -> Iterator[str]:
    """Yield everything that can be read in a file, what is inside of it included."""
    if data[:4] == b"PAR1":
        for column in pq.read_table(io.BytesIO(data), partitioning=None).columns:
            if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
                yield "\n".join(str(value) for value in set(column.to_pylist()) if value)
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.namelist():
                yield from texts(archive.read(item))
    elif data[:5] == b"%PDF-" and shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=False)
        yield done.stdout.decode(errors="replace")
    else:
        for encoding in ("utf-8", "gb18030"):
            try:
                yield data.decode(encoding)
            except UnicodeDecodeError:
                continue
            return
        yield data.decode("utf-8", "replace")


def written_by(source: Path, folder: Path) -> None:
    """Run the commands on the exports of ``source``; what they write and print goes to ``folder``."""
    folder.mkdir()
    key = folder.parent / "caller.key"
    environment = {**os.environ, "HOME": str(folder), "HOTLINE_KEY_FILE": str(key)}
    steps = (["import", str(source)], *STEPS)
    for number, step in enumerate(steps):
        months = sorted(folder.glob("store/orders/month=*/*.parquet"), key=lambda p: p.stat().st_size)
        month = months[-1].parent.name.removeprefix("month=") if months else "2025-06"
        command = [*HOTLINE, "--store", "store", *(month if word == MONTH else word for word in step)]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        (folder / f"printed-{number}.txt").write_bytes(done.stdout + done.stderr)
        print(f"  {source.name}: {' '.join(step[:2])} {done.returncode}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=Path, help="where what is written stays; a new folder")
    asked = parser.parse_args()
    given: defaultdict[str, set[str]] = defaultdict(set)
    hits: Counter[str] = Counter()
    files = size = 0
    with tempfile.TemporaryDirectory() as name:
        folder = asked.keep or Path(name) / "written"
        folder.mkdir(parents=True)
        for source in sorted(path for path in asked.data.iterdir() if path.is_dir()):
            for path in (path for path in source.rglob("*") if path.is_file()):
                for text in texts(path.read_bytes()):
                    for kind, value in found_in(text):
                        given[kind].add(value)
            written_by(source, folder / source.name)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            data = path.read_bytes()
            files, size = files + 1, size + len(data)
            for text in texts(data):
                for kind, value in found_in(text):
                    hits[kind] += 1
                    print(f"{path.relative_to(folder)}: {kind} of {len(value)} characters")
    print(f"{files:,} files, {size / 1e6:.0f} MB written")
    for kind in KINDS:
        print(f"{kind}: {len(given[kind]):,} in the exports, {hits[kind]:,} in what was written")
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
