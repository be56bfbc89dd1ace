"""A model as one file: a zip of ``model.json`` and plain numpy arrays. Nothing in it is code.

Weights are stored as 8-bit integers with one scale per class; sparse ones as coordinates.
"""

import io
import json
import tokenize
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.calibration import Calibration
from hotline_tools.classify.features import FeatureSpace
from hotline_tools.classify.linear import LeafTree, Leaves, Linear
from hotline_tools.classify.model import Model, Prior
from hotline_tools.classify.taxonomyjson import (
    taxonomy_from_json,
    taxonomy_to_json,
    tree_from_json,
    tree_to_json,
)
from hotline_tools.disk import replace
from hotline_tools.errors import ModelError
from hotline_tools.sheet_extent import UNREADABLE_ZIP
from hotline_tools.taxonomy import Taxonomy, load_request_cues

FORMAT = "hotline-model"
FORMAT_VERSION = 2
DEFAULT_MODEL = Path(__file__).parent / "default.model"
MAX_BYTES = 512 * 1024 * 1024
_DAMAGED = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, SyntaxError, TypeError,
    UserWarning, ValueError, tokenize.TokenError,
)  # fmt: skip
"""What json, numpy (which reads an array's head as Python's literals, and warns) and our own parts raise."""
_LARGEST = 1e9
"""No weight or count comes near it."""
Arrays = dict[str, NDArray[Any]]


def save_model(model: Model, path: Path) -> None:
    """Write ``model`` beside ``path`` and rename it into place."""
    taxonomy, rules = taxonomy_to_json(model.space)
    meta = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": model.name,
        "label": model.label,
        "classes": model.classes,
        "words": model.space.words,
        "taxonomy": taxonomy,
        "rules": rules,
        "calibration": vars(model.calibration),
        "base": model.before.base.name if model.before else None,
        "names": tree_to_json(model.before.names) if model.before else None,
        "areas": model.before.areas if model.before else (),
        "leaves": None if model.leaves is None else _leaf_meta(model.leaves),
        "requests": model.requests is not None,
        "card": model.card,
    }
    arrays: Arrays = {"idf": model.space.idf, "readable": model.is_word}
    _pack(arrays, "linear", model.linear)
    if model.requests is not None:
        _pack(arrays, "requests", model.requests)
    if model.leaves is not None:
        entries = model.leaves.weights.tocoo()
        arrays |= {
            "leaves.row": entries.row.astype(np.int32),
            "leaves.column": entries.col.astype(np.int16),
            "leaves.value": entries.data.astype(np.float16),
            "leaves.parent": model.leaves.tree.parent,
            "leaves.node": model.leaves.tree.node,
            "leaves.bias": model.leaves.bias,
        }
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        _write(archive, "model.json", json.dumps(meta, ensure_ascii=False).encode())
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            _write(archive, f"{name}.npy", buffer.getvalue())
    replace(part, path)


def load_model(path: Path, before: Callable[[Taxonomy], Prior] | None = None) -> Model:
    """Read a model; ``before`` gives the prior knowledge for models that stand on the built-in one.

    Raises ``ModelError`` when the file is missing, damaged, foreign or of another version.
    """
    meta, arrays = _read(path)
    if meta.get("format") != FORMAT or meta.get("format_version") != FORMAT_VERSION:
        raise _wrong(path, "不是本工具的模型文件，或版本不符")
    try:
        names = tree_from_json(meta["names"]) if meta["names"] else None
        prior = before(names) if names is not None and before is not None else None
        if (prior.base.name if prior else None) != meta["base"]:
            raise _wrong(path, f"模型建立在另一版内置模型（{meta['base']}）之上")
        if prior is not None:
            prior = replace_fields(prior, areas=tuple(map(str, meta.get("areas", ()))))
        return _assemble(meta, arrays, prior)
    except _DAMAGED as error:
        raise _wrong(path, f"模型文件内容不完整（{error}）") from error


def _assemble(meta: dict[str, Any], arrays: Arrays, before: Prior | None) -> Model:
    taxonomy, rules = taxonomy_from_json(meta["taxonomy"], meta["rules"])
    space = FeatureSpace(meta["words"], arrays["idf"], taxonomy, rules, load_request_cues())
    leaves = None
    if meta["leaves"] is not None:
        names = tuple(meta["leaves"]["names"])
        tree = LeafTree(names, arrays["leaves.parent"], arrays["leaves.node"])
        _require_within(tree.parent, len(names), 0, len(meta["classes"]))
        _require_within(tree.node, len(names), -1, len(space.lexicon.nodes))
        shape = (len(space.words), len(names))
        place = (arrays["leaves.row"], arrays["leaves.column"])
        leaves = Leaves(
            tree=tree,
            weights=sp.csr_matrix((arrays["leaves.value"].astype(np.float32), place), shape=shape),
            bias=arrays["leaves.bias"],
            lexicon_weight=float(meta["leaves"]["lexicon_weight"]),
        )
    calibration = meta["calibration"]
    return Model(
        name=str(meta["name"]),
        label=str(meta["label"]),
        space=space,
        classes=tuple(meta["classes"]),
        linear=_unpack(arrays, "linear"),
        leaves=leaves,
        requests=_unpack(arrays, "requests") if meta["requests"] else None,
        calibration=Calibration(
            float(calibration["temperature"]),
            tuple(calibration["weights"]),
            float(calibration["review_below"]),
        ),
        is_word=arrays["readable"].astype(bool),
        before=before,
        card=dict(meta["card"]),
    )


def _require_within(numbers: NDArray[Any], length: int, least: int, end: int) -> None:
    if numbers.shape != (length,) or not ((numbers >= least) & (numbers < end)).all():
        raise ValueError("leaves")


def _read(path: Path) -> tuple[dict[str, Any], Arrays]:
    if not path.is_file():
        raise ModelError("找不到模型文件", where=str(path), remedy="请检查 --model 的路径。")
    try:
        with warnings.catch_warnings(action="error", category=UserWarning), zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
                raise _wrong(path, "模型文件大得不合常理")
            meta = json.loads(archive.read("model.json"))
            arrays = {
                item.filename.removesuffix(".npy"): np.load(
                    io.BytesIO(archive.read(item)), allow_pickle=False
                )
                for item in archive.infolist()
                if item.filename.endswith(".npy")
            }
    except (*UNREADABLE_ZIP, *_DAMAGED) as error:
        raise _wrong(path, "不是模型文件") from error
    if not isinstance(meta, dict) or not all(map(_is_reasonable, arrays.values())):
        raise _wrong(path, "不是模型文件")
    return meta, arrays


def _is_reasonable(array: NDArray[Any]) -> bool:
    """Whether it holds integers, or numbers that can be squared and added up."""
    kind = array.dtype.kind
    with np.errstate(invalid="ignore"):  # some numbers that are none are said to be so in a warning
        return kind in "biu" or (kind == "f" and bool((np.abs(array.astype(np.float64)) < _LARGEST).all()))


def _wrong(path: Path, message: str) -> ModelError:
    return ModelError(message, where=str(path), remedy="请用 hotline train 重新训练，或换一个模型文件。")


def _leaf_meta(leaves: Leaves) -> dict[str, Any]:
    return {"names": leaves.names, "lexicon_weight": leaves.lexicon_weight}


def _pack(arrays: Arrays, name: str, linear: Linear) -> None:
    for part in ("body", "title"):
        weights = getattr(linear, part)
        scale = np.maximum(np.abs(weights).max(axis=0, initial=0), 1e-9) / 127
        arrays[f"{name}.{part}"] = np.round(weights / scale).astype(np.int8)
        arrays[f"{name}.{part}.scale"] = scale.astype(np.float32)
    arrays[f"{name}.prior"] = linear.prior.astype(np.float16)
    arrays[f"{name}.bias"] = linear.bias.astype(np.float32)


def _unpack(arrays: Arrays, name: str) -> Linear:
    body, title = (
        arrays[f"{name}.{part}"].astype(np.float32) * arrays[f"{name}.{part}.scale"]
        for part in ("body", "title")
    )
    return Linear(body, title, arrays[f"{name}.prior"].astype(np.float32), arrays[f"{name}.bias"])


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    # a fixed date keeps the file the same when the model is the same
    archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
