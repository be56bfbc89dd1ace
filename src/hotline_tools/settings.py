"""Settings: ``hotline.toml`` and ``HOTLINE_*`` become one frozen object, passed in by the caller."""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from hotline_tools.datafile import FIX, mistakes
from hotline_tools.errors import DataFileError


class Settings(BaseSettings):
    """What a city sets once. Options on the command line win over these."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", extra="forbid", frozen=True)

    store: Path = Path("hotline-store")
    source: str | None = None
    """Name space of order ids; default: the layout's."""
    layouts: tuple[Path, ...] = ()
    """Further layout files or folders."""
    unit_aliases: Path | None = None
    """Other names of departments (``alias = unit`` a line), applied at import."""
    taxonomy: Path | None = None
    model: Path | None = None
    profile: str = "default"
    lock_timeout_seconds: float = 60.0
    key_file: Path | None = None
    """The secret of the caller keys; default: a file in the user's data folder."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values, then the environment, then the file; no .env and no secrets folder is set."""
        file = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, file, dotenv_settings, file_secret_settings


def user_data_folder() -> Path:
    """Return the folder for this user's data, as each platform has it; it may not exist."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        given = Path(os.environ.get("XDG_DATA_HOME") or "")
        base = given if given.is_absolute() else Path.home() / ".local" / "share"
    return base / "hotline-tools"


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """Read settings; ``config`` defaults to ./hotline.toml when that exists.

    Raises ``DataFileError`` naming each key that is wrong.
    """
    path = config if config is not None else Path("hotline.toml")
    if config is not None and not path.is_file():
        raise DataFileError("找不到配置文件", where=str(path), remedy="请检查 --config 的路径。")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return FromFile(**{k: v for k, v in overrides.items() if v is not None})
    except ValidationError as error:
        wrong = "；".join(mistakes(error, Settings))
        raise DataFileError(f"配置有误：{wrong}", where=str(path), remedy=FIX) from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy=FIX) from error
