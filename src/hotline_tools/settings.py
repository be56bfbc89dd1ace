"""Settings: options, ``HOTLINE_*`` variables and ``hotline.toml`` become one frozen object, passed in.

A ``hotline.toml`` that merely lies in the working folder may have come with somebody else's files: it cannot
name anything outside its folder, nor change how personal data is dealt with. One named by ``--config`` can.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from hotline_tools.datafile import FIX, DataModel, mistakes, parsed, read_toml
from hotline_tools.errors import DataFileError, UsageError

FOUND = Path("hotline.toml")
"""Read from the working folder when no other is named."""
_WHAT = "配置"
_PREFIX = "HOTLINE_"
_PRIVACY = ("keep_personal_data",)
"""Keys that a file has to be named for, and that no variable may set."""
EngineName = Literal["duckdb", "spark"]
SettingPath = Annotated[Path, BeforeValidator(lambda value: Path(value) if isinstance(value, str) else value)]


_SIZE = re.compile(r"\d+(\.\d+)?\s*[KMGT]i?B")


def _size(text: str) -> str:
    """Return an amount of memory as it is; raise ``ValueError`` for what is none."""
    if not _SIZE.fullmatch(text):
        raise ValueError(f"须写成数和单位，如 800MB、4GB，不能是 {text}")
    return text


class Settings(DataModel):
    """What a city sets once. Options on the command line win over these."""

    store: SettingPath = Path("hotline-store")
    source: str | None = None
    """Name space of order ids; default: the layout's."""
    layouts: tuple[SettingPath, ...] = ()
    """Further layout files or folders."""
    unit_aliases: SettingPath | None = None
    """Other names of departments (``alias = unit`` a line), applied at import."""
    taxonomy: SettingPath | None = None
    model: SettingPath | None = None
    profile: str = "default"
    calendar: SettingPath | None = None
    """Working days of years that are not published yet, for profiles without a calendar of their own."""
    issuer: str = ""
    """Who issues briefings, for outlines that name nobody."""
    keep_personal_data: bool = False
    engine: EngineName = "duckdb"
    """Where statements and batch functions run."""
    spark_master: str | None = None
    """Spark's master URL; by default what spark-submit set, else all cores of this machine."""
    engine_memory: Annotated[str, AfterValidator(_size)] | None = None
    """How much memory queries may take; beyond it they use the disk."""
    engine_threads: Annotated[int, Field(ge=1)] | None = None
    lock_timeout_seconds: Annotated[float, Field(ge=0)] = 60.0
    key_file: SettingPath | None = None
    """The secret of the caller keys; default: a file in the user's data folder."""


@dataclass(frozen=True)
class Configuration:
    """The settings of a run, and where each comes from."""

    settings: Settings
    origins: Mapping[str, str]
    """Key → ``选项 --store``, ``环境变量 HOTLINE_STORE``, ``hotline.toml：store`` or ``默认``."""
    warnings: tuple[str, ...] = ()
    """What was ignored, in Chinese sentences."""


def load_settings(config: Path | None = None) -> Settings:
    """Return the settings of a file, without one the defaults; the environment has no say.

    Raises ``DataFileError`` naming each key that is wrong.
    """
    return read_configuration(config, found=None, environment={}).settings


def read_configuration(
    config: Path | None,
    *,
    found: Path | None = FOUND,
    environment: Mapping[str, str] = os.environ,
    options: Mapping[str, Any] | None = None,
) -> Configuration:
    """Put the settings together: ``options`` before the environment before the file.

    The file is ``config``; without one it is ``found``, if that is there, which is trusted less. Raises
    ``DataFileError`` naming each key that is wrong, with the file or the variable.
    """
    if config is not None and not config.is_file():
        raise DataFileError("找不到配置文件", where=str(config), remedy="请检查 --config 的路径。")
    path = config or (found if found is not None and found.is_file() else None)
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, "默认")
    warnings: list[str] = []
    if path is not None:
        values = _of_file(path)
        if config is None:
            warnings += _untrusted(path, values)
        origins |= {name: f"{path}：{name}" for name in values}
    of_environment = dict(_of_environment(environment, warnings))
    given = {name: value for name, value in (options or {}).items() if value is not None}
    origins |= {name: f"环境变量 {_variable(name)}" for name in of_environment}
    origins |= {name: f"选项 --{name.replace('_', '-')}" for name in given}
    try:
        settings = Settings.model_validate({**values, **of_environment, **given})
    except ValidationError as error:  # the file and the variables have been looked at
        told = "；".join(mistakes(error, Settings))
        raise UsageError(f"选项的值不对：{told}", remedy="运行 hotline --help 查看用法。") from error
    return Configuration(settings, origins, tuple(warnings))


def _of_file(path: Path) -> dict[str, Any]:
    """Return the values of the keys that a file has; its paths count from its own folder."""
    data = read_toml(path, what=_WHAT)
    said = parsed(Settings, data, where=str(path), what=_WHAT, remedy=FIX)
    return {name: _placed(getattr(said, name), path.parent) for name in data}


def _placed(value: Any, folder: Path) -> Any:
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, tuple):
        return tuple(_placed(item, folder) for item in value)
    is_file = isinstance(value, str) and value.lower().endswith(".toml")
    return str(folder / value) if is_file else value


def _untrusted(path: Path, values: dict[str, Any]) -> list[str]:
    """Take out what a file that nobody named may not say; return the sentences about it."""
    folder = path.parent.resolve()
    said = []
    for name, value in list(values.items()):
        if any(not place.resolve().is_relative_to(folder) for place in _places(value)):
            said.append(f"{path} 的 {name} 指到了所在目录之外，未采用；确要使用，请加 --config {path}。")
        elif name in _PRIVACY and value:
            said.append(f"{path} 的 {name} 改变脱敏，未采用；确要使用，请加 --config {path}。")
        else:
            continue
        del values[name]
    return said


def _places(value: Any) -> Iterator[Path]:
    if isinstance(value, tuple):
        for item in value:
            yield from _places(item)
    elif isinstance(value, Path) or (isinstance(value, str) and value.lower().endswith(".toml")):
        yield Path(value)


def _of_environment(environment: Mapping[str, str], warnings: list[str]) -> Iterator[tuple[str, Any]]:
    wrong = []
    for name, field in Settings.model_fields.items():
        text = environment.get(_variable(name), "")
        if not text:
            continue
        if name in _PRIVACY:
            warnings.append(f"环境变量 {_variable(name)} 改变脱敏，未采用；确要不脱敏，请用命令的选项。")
            continue
        adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
        try:
            given = tuple(text.split(os.pathsep)) if name == "layouts" else text
            yield name, adapter.validate_python(given, strict=False)
        except ValidationError as error:
            wrong += mistakes(error, Settings, at=f"环境变量 {_variable(name)}")
    if wrong:
        raise DataFileError(f"{_WHAT}有误：{'；'.join(wrong)}", remedy=FIX)


def _variable(name: str) -> str:
    return _PREFIX + name.upper()
