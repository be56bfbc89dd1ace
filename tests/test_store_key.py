"""The secret of the caller keys: kept outside the store, never lost in silence, never made anew."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from cli import hotline
from dying import died, left_over, steps_of
from hotline_tools.errors import StoreError
from hotline_tools.library import import_files
from hotline_tools.privacy import fingerprint, load_key, make_key, save_key
from hotline_tools.store import Store
from hotline_tools.store.secret import user_data_folder

ROWS = "受理时间,诉求标题,来电人电话\n2025-06-30 10:00:00,路灯不亮,13811110001\n"
"""Without ids: each order is known by its content, the caller among it."""


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    return user_data_folder()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "六月.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def bring_in(store: Path, path: Path, key_file: Path | None = None) -> dict[str, int]:
    return dict(import_files(Store.open(store, create=True, key_file=key_file), [path]).totals)


def first_import(store: Path, path: Path) -> None:
    """Import in a process that may have been started for another test, with its data folder."""
    os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = str(path.parent / "data")
    bring_in(store, path)


def keys_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.key"))


def test_it_lies_in_the_user_s_data_folder(tmp_path: Path, export: Path, own_data_folder: Path) -> None:
    assert bring_in(tmp_path / "store", export)["new"] == 1
    assert keys_in(tmp_path / "store") == []
    (key,) = keys_in(own_data_folder)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.stem == fingerprint(load_key(key))
    written = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    assert load_key(key) not in written
    assert load_key(key).hex().encode() not in written
    assert bring_in(tmp_path / "store", export)["unchanged"] == 1


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("other", [False, True], ids=["lost", "another one"])
def test_without_it_nothing_is_imported(
    dry_run: bool, other: bool, tmp_path: Path, export: Path, own_data_folder: Path
) -> None:
    bring_in(tmp_path / "store", export)
    (key,) = keys_in(own_data_folder)
    secret = load_key(key)
    key.unlink()
    place = tmp_path / "other.key" if other else None
    if place is not None:
        save_key(make_key(), place)
    store = Store.open(tmp_path / "store", key_file=place)
    with pytest.raises(StoreError) as caught:
        import_files(store, [export], dry_run=dry_run)
    assert fingerprint(secret) in str(caught.value)
    assert str(key) in str(caught.value)
    assert "HOTLINE_KEY_FILE" in str(caught.value)
    assert ("是另一把密钥" in str(caught.value)) == other
    assert keys_in(own_data_folder) == []
    assert left_over(store.path) == []
    save_key(secret, tmp_path / "found.key")
    assert bring_in(tmp_path / "store", export, tmp_path / "found.key")["unchanged"] == 1


def test_the_environment_names_it(
    tmp_path: Path, export: Path, own_data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "钥匙" / "a.key"
    monkeypatch.setenv("HOTLINE_KEY_FILE", str(place))
    assert hotline("import", export, cwd=tmp_path).code == 0
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert keys_in(own_data_folder) == []
    monkeypatch.delenv("HOTLINE_KEY_FILE")
    ran = hotline("import", export, cwd=tmp_path)
    assert ran.code == 1
    assert "找不到工单库的来电人密钥" in ran.err


def old_store(store: Path, export: Path, own_data_folder: Path) -> Path:
    """A store as older versions made it: the secret inside, its fingerprint known to nobody."""
    bring_in(store, export)
    (key,) = keys_in(own_data_folder)
    shutil.move(key, store / "caller.key")
    (store / "caller-key.json").unlink()
    return store / "caller.key"


def test_a_store_with_its_key_inside(tmp_path: Path, export: Path, own_data_folder: Path) -> None:
    key = old_store(tmp_path / "hotline-store", export, own_data_folder)
    assert bring_in(tmp_path / "hotline-store", export)["unchanged"] == 1
    said = hotline("store", "info", "--format", "json", cwd=tmp_path).out
    place = own_data_folder / "keys" / f"{fingerprint(load_key(key))}.key"
    assert str(place) in said
    shutil.move(key, place)
    assert bring_in(tmp_path / "hotline-store", export)["unchanged"] == 1
    assert str(place) not in hotline("store", "info", "--format", "json", cwd=tmp_path).out


def test_a_store_that_lost_the_key_inside(tmp_path: Path, export: Path, own_data_folder: Path) -> None:
    old_store(tmp_path / "store", export, own_data_folder).unlink()
    with pytest.raises(StoreError, match=r"caller\.key 不见了"):
        bring_in(tmp_path / "store", export)


def test_an_empty_key_of_a_first_import_that_died(tmp_path: Path, export: Path) -> None:
    """Older versions left one when the disk was full; the store never took an import again."""
    Store.open(tmp_path / "store", create=True)
    (tmp_path / "store" / "caller.key").touch()
    assert bring_in(tmp_path / "store", export)["new"] == 1
    assert keys_in(tmp_path / "store") == []


def test_a_first_import_that_dies(tmp_path: Path, export: Path, own_data_folder: Path) -> None:
    """The folder it leaves opens and takes the import; benchmarks/faults.py stops at every operation."""
    steps_of(first_import, tmp_path, tmp_path / "before", export)  # makes the folder of the keys
    steps = steps_of(first_import, tmp_path, tmp_path / "undisturbed", export)
    last = steps - 4  # the folder of the keys is made once only
    for step in sorted({*range(1, 9), *range(9, last, 4), last}):
        folder = tmp_path / f"step-{step}"
        assert died(first_import, step, tmp_path, folder, export), f"step {step} is never reached"
        assert bring_in(folder, export)["read"] == 1, f"killed at step {step}"
        assert bring_in(folder, export)["unchanged"] == 1, f"killed at step {step}"
        assert Store.open(folder).verify() == [], f"killed at step {step}"
        assert left_over(folder) == []
        shutil.rmtree(folder)
