"""``load_taxonomy``: the built-in taxonomy or a user's file, validated."""

from functools import lru_cache
from pathlib import Path

from hotline_tools.errors import DataFileError
from hotline_tools.taxonomy.model import Taxonomy
from hotline_tools.taxonomy.read_table import read_table
from hotline_tools.taxonomy.read_toml import read_toml_taxonomy
from hotline_tools.taxonomy.tree import build_tree

DEFAULT_PATH = Path(__file__).parent / "default"
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")


def load_taxonomy(path: Path | str | None = None) -> Taxonomy:
    """Read a taxonomy: ``None`` gives the built-in one; else a TOML file or folder, a CSV or an XLSX.

    One to three levels; names alone are enough, keywords and definitions are welcome.
    Raises ``DataFileError`` that names every mistake (duplicates, empty names, cycles) and its place.
    """
    if path is None:
        return default_taxonomy()
    path = Path(path)
    if not path.exists():
        raise DataFileError("找不到分类体系文件", where=str(path), remedy="请检查 --taxonomy 的路径。")
    if path.is_dir() or path.suffix.lower() == ".toml":
        return _from_toml(path, source=str(path))
    if path.suffix.lower() not in TABLES:
        raise DataFileError(
            f"不认识的分类体系格式 {path.suffix}", where=str(path), remedy="请用 .toml、.csv 或 .xlsx 文件。"
        )
    return Taxonomy(path.stem, "", build_tree(*read_table(path), str(path)), source=str(path))


@lru_cache(maxsize=1)
def default_taxonomy() -> Taxonomy:
    """The built-in taxonomy (27 level-1 classes), read once."""
    return _from_toml(DEFAULT_PATH, source="")


def _from_toml(path: Path, *, source: str) -> Taxonomy:
    head, entries, mistakes = read_toml_taxonomy(path)
    return Taxonomy(head.name or path.stem, head.version, build_tree(entries, mistakes, str(path)), source)
