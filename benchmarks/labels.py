"""The labels behind the built-in model: ids and labels here, the texts in a folder of the user's.

    python benchmarks/labels.py TEXTS_FOLDER [-o JOINED.csv]      # how many labels find their text

``labels.csv`` has source, id, category, subcategory, request_type, alternative, and

- ``readers``: how many readings stand behind the label; 0 for a label of a former model,
- ``sample``: 1 for the 2,000 messages that were read first, on which figures are measured.

Sources: ``messages_repeats`` and ``messages_with_replies`` (wenzheng, 留言编号), ``dalian`` (letters-dalian,
链接), ``jinan`` (a city's 12345 export, 工单号).
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

LABELS = Path(__file__).with_name("labels.csv")
SHORT = 40
"""Texts that begin alike for so many characters are one message for cross-validation."""


def labels_with_texts(folder: Path, labels: Path = LABELS) -> pd.DataFrame:
    """Return the labels with ``title`` and ``content``, in the file's order; no text, no row."""
    frame = pd.read_csv(labels, dtype=str, keep_default_na=False)
    texts = {key: (title, content) for part in _sources(folder) for key, title, content in part}
    keys = list(zip(frame["source"], frame["id"], strict=True))
    known = [key in texts for key in keys]
    frame = frame[known].copy()
    frame["title"] = [texts[key][0] for key, found in zip(keys, known, strict=True) if found]
    frame["content"] = [texts[key][1] for key, found in zip(keys, known, strict=True) if found]
    return frame.reset_index(drop=True)


def _sources(folder: Path) -> Iterator[Iterator[tuple[tuple[str, str], str, str]]]:
    for name in ("messages_with_replies", "messages_repeats"):
        frame = pd.read_excel(folder / "wenzheng" / f"{name}.xlsx", dtype=str, engine="calamine").fillna("")
        yield _rows(name, frame, "留言编号", "留言主题", "留言详情")
    path = folder / "letters-dalian" / "dalian_detail.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="gb18030")
    yield _rows("dalian", frame, "链接", "反映标题", "反映内容")
    path = folder / "real-exports" / "jinan-12345-44-columns.xlsx"
    sheet = pd.read_excel(path, dtype=str, engine="calamine", header=None).fillna("")
    head = next(row for row in range(len(sheet)) if "工单号" in sheet.iloc[row].tolist())
    sheet.columns = sheet.iloc[head]
    yield _rows("jinan", sheet.iloc[head + 1 :].assign(**{"": ""}), "工单号", "", "问题描述")


def _rows(
    source: str, frame: pd.DataFrame, key: str, title: str, content: str
) -> Iterator[tuple[tuple[str, str], str, str]]:
    for name, head, body in zip(frame[key], frame[title], frame[content], strict=True):
        yield (source, str(name).strip()), str(head).strip(), str(body).strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    joined = labels_with_texts(arguments.texts)
    rows = len(pd.read_csv(LABELS, dtype=str))
    read = (joined["readers"] != "0").sum()
    print(f"{len(joined):,} of {rows:,} labels have their text; read: {read:,}")
    if arguments.output:
        joined.to_csv(arguments.output, index=False)


if __name__ == "__main__":
    main()
