"""Each Chinese page says what its English sister says: same headings, code, tables, names and numbers.

Words differ; what can be compared without reading does not. Sections are matched by their order.
"""

import re
from calendar import month_name
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_COMPARED = {"CHANGELOG.md", "cli.md", "library.md", "contributing.md", "glossary.md", "measurements.md",
                "SECURITY.md"}  # fmt: skip
"""Made from the code and tested there, for developers, or in both languages already."""
PAIRS = {
    path.name.replace(".zh-CN.md", ".md"): (path.with_name(path.name.replace(".zh-CN.md", ".md")), path)
    for path in sorted([*ROOT.glob("*.zh-CN.md"), *(ROOT / "docs").glob("*.zh-CN.md")])
    if path.name.replace(".zh-CN.md", ".md") not in NOT_COMPARED
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\(([^)]+)\)")
INLINE = re.compile(r"`([^`]+)`")
NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
DIVIDER = re.compile(r"\|(?: *:?-+:? *\|)+")
SISTER_LINE = {"en": "中文：[{0}.zh-CN.md]({0}.zh-CN.md)", "zh": "English: [{0}.md]({0}.md)"}


@dataclass
class Section:
    """What can be compared of the text from one heading to the next."""

    level: int
    heading: str
    code: list[str] = field(default_factory=list)
    tables: list[tuple[int, ...]] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    items: int = 0


def sections(text: str) -> list[Section]:
    """Return the sections of a page; the link to the sister page belongs to none of them."""
    blocks: list[str] = []

    def keep(match: re.Match[str]) -> str:
        blocks.append(f"{match[1]}\n{without_remarks(match[2])}")
        return f"\x00{len(blocks) - 1}\x00"

    page = FENCE.sub(keep, text)
    starts = [match.start() for match in HEADING.finditer(page)] or [0]
    parts = [page[start:end] for start, end in zip(starts, [*starts[1:], len(page)], strict=True)]
    return [section(part, blocks) for part in parts]


def section(text: str, blocks: list[str]) -> Section:
    heading = text.partition("\n")[0]
    found = Section(len(heading) - len(heading.lstrip("#")), heading)
    found.code = [blocks[int(index)] for index in re.findall(r"\x00(\d+)\x00", text)]
    text = re.sub(r"\x00\d+\x00", "", text)
    found.links = Counter(
        target.replace(".zh-CN.md", ".md").partition("#")[0]
        for _, target in LINK.findall(text)
        if not is_sister_link(text, target)
    )
    text = LINK.sub(lambda match: match[1].replace(".zh-CN.md", ".md"), text)
    found.tables = tables(text)
    found.items = len(re.findall(r"^ *(?:-|\d+\.) ", text, re.MULTILINE))
    found.names = Counter(" ".join(name.split()) for name in INLINE.findall(text))
    found.numbers = Counter(NUMBER.findall(in_digits(INLINE.sub(" ", text))))
    return found


def is_sister_link(text: str, target: str) -> bool:
    line = next(line for line in text.splitlines() if f"({target})" in line)
    return line.startswith(("English: [", "中文：[", "中文说明：["))


def in_digits(text: str) -> str:
    """Write 6 June as 6月6日 does, and millions and 亿 as whole numbers."""
    for number, name in list(enumerate(month_name))[1:]:
        text = re.sub(rf"\b{name}\b(?= \d)|(?<=\d ){name}\b", str(number), text)
    for word, scale in {"million": 10**6, "万": 10**4, "亿": 10**8}.items():
        text = re.sub(rf"(\d+)\s*{word}", lambda match, by=scale: str(int(match[1]) * by), text)
    return text


def without_remarks(code: str) -> str:
    """Return the code without comments, which each language writes in its own words."""
    lines = (re.sub(r"(^|\s+)#.*$", "", line).rstrip() for line in code.splitlines())
    return "\n".join(line for line in lines if line)


def tables(text: str) -> list[tuple[int, ...]]:
    """Return the number of cells in each row of each table."""
    found: list[tuple[int, ...]] = []
    row: list[int] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            row.append(len(re.split(r"(?<!\\)\|", line.strip().strip("|"))))
        elif row:
            found.append(tuple(row))
            row = []
    return found


def differences(english: str, chinese: str) -> list[str]:
    """Return what the two pages do not have in common, each with its section."""
    ours, theirs = sections(english), sections(chinese)
    if [part.level for part in ours] != [part.level for part in theirs]:
        return [f"headings: {[part.heading for part in ours]} / {[part.heading for part in theirs]}"]
    found = []
    for one, other in zip(ours, theirs, strict=True):
        for what in ("code", "tables", "items"):
            if getattr(one, what) != getattr(other, what):
                found.append(f"{one.heading}: {what}: {getattr(one, what)} / {getattr(other, what)}")
        for what in ("names", "numbers", "links"):
            left, right = getattr(one, what), getattr(other, what)
            if left != right:
                found.append(
                    f"{one.heading}: {what}: only English {dict(left - right)}, "
                    f"only Chinese {dict(right - left)}"
                )
    return found


def test_every_page_for_users_has_a_sister() -> None:
    pages = {path.name for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]}
    english = {name for name in pages if not name.endswith(".zh-CN.md")}
    assert set(PAIRS) == english - NOT_COMPARED


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_sister_pages_agree(name: str) -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in PAIRS[name])
    assert differences(english, chinese) == []


@pytest.mark.parametrize("name", sorted(set(PAIRS) - {"README.md"}))
def test_pages_link_to_their_sister_in_the_first_line(name: str) -> None:
    for path, language in zip(PAIRS[name], ("en", "zh"), strict=True):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert first == SISTER_LINE[language].format(name.removesuffix(".md"))


def test_chinese_pages_link_to_chinese_pages() -> None:
    for _, page in PAIRS.values():
        for _, target in LINK.findall(page.read_text(encoding="utf-8")):
            name = Path(target.partition("#")[0]).name
            sister = target.endswith(f"{page.name.removesuffix('.zh-CN.md')}.md")
            assert sister or name not in PAIRS, f"{page.name}: {target} has a Chinese sister"


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]), ids=lambda p: p.name
)
def test_links_lead_somewhere(path: Path) -> None:
    for _, target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        goal = (path.parent / file) if file else path
        assert goal.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in anchors(goal.read_text(encoding="utf-8")), f"{path.name}: {target}"


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


ENGLISH = """中文：[page.zh-CN.md](page.zh-CN.md)

# Page

Run `hotline report loop`; it looks at 30 days from 6 June. See [other](other.md).

```sh
hotline loop --top 5   # the first
```

- an item

| fact | limit |
|---|---|
| `due` | 24 |

## Part
"""
CHINESE = """English: [page.md](page.md)

# 页

运行 `hotline report loop`，从6月6日起看 30 天。见[另页](other.zh-CN.md)。

```sh
hotline loop --top 5   # 前几行
```

- 一条

| 事实 | 时限 |
|---|---|
| `due` | 24 |

## 节
"""


def test_pages_that_say_the_same_do_not_differ() -> None:
    assert differences(ENGLISH, CHINESE) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("30 天", "31 天", "numbers"),
        ("30 天", "三十天", "numbers"),
        ("6月6日", "7月6日", "numbers"),
        ("| 24 |", "| 48 |", "numbers"),
        ("`due`", "`closed`", "names"),
        ("report loop", "report leads", "names"),
        ("--top 5", "--top 6", "code"),
        ("| 24 |", "| 24 | – |", "tables"),
        ("| `due` | 24 |", "| `due` | 24 |\n| 二 | 三 |", "tables"),
        ("- 一条\n", "- 一条\n- 又一条\n", "items"),
        ("other.zh-CN.md", "third.zh-CN.md", "links"),
        ("## 节", "### 节", "headings"),
    ],
)
def test_a_change_on_one_side_is_seen(old: str, new: str, what: str) -> None:
    assert old in CHINESE
    found = differences(ENGLISH, CHINESE.replace(old, new, 1))
    assert any(what in line for line in found), found
