"""What a taxonomy is: a tree of one to three levels of named categories with their words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SEPARATOR = "/"
NO_TERMS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Pattern:
    """Words that count only together; written ``甲+乙``."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        """As it is written in the file."""
        return "+".join(self.parts)


@dataclass(frozen=True)
class Category:
    """One node. ``terms`` maps a word to its weight (weak 1, normal 2, strong 3)."""

    path: tuple[str, ...]
    code: str = ""
    definition: str = ""
    terms: Mapping[str, float] = field(default_factory=lambda: NO_TERMS)
    patterns: tuple[Pattern, ...] = ()
    children: tuple["Category", ...] = ()

    @property
    def name(self) -> str:
        """The last step of the path."""
        return self.path[-1]

    @property
    def key(self) -> str:
        """The whole path in one text: ``物业管理/电梯运行``."""
        return SEPARATOR.join(self.path)

    def walk(self) -> Iterator["Category"]:
        """This category and everything below it, in the file's order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Taxonomy:
    """A named, versioned tree; ``source`` is the file it came from (empty for the built-in one)."""

    name: str
    version: str
    categories: tuple[Category, ...]
    source: str = ""

    @property
    def label(self) -> str:
        """Name and version, as recorded beside every label."""
        return f"{self.name} {self.version}".strip()

    @property
    def depth(self) -> int:
        """The number of levels: 1 to 3."""
        return max(len(c.path) for c in self.walk())

    @property
    def names(self) -> tuple[str, ...]:
        """The level-1 names, in the file's order."""
        return tuple(c.name for c in self.categories)

    def walk(self) -> Iterator[Category]:
        """Every category, parents before children."""
        for category in self.categories:
            yield from category.walk()

    def leaves(self) -> tuple[Category, ...]:
        """The categories without children."""
        return tuple(c for c in self.walk() if not c.children)

    def find(self, key: str) -> Category:
        """The category with this path (``物业管理/电梯运行``); raises ``KeyError``."""
        for category in self.walk():
            if category.key == key:
                return category
        raise KeyError(key)
