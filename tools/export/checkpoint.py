"""Reading a PyTorch checkpoint without running what it contains."""

from __future__ import annotations

import hashlib
import pathlib
import pickle
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy
import torch

from errors import ExportError, assert_file
from inert import Record
from segresnet_ds import auto3dseg

# Wrappers that training tools put around a model; their names carry no meaning for us.
WRAPPERS = ("module.", "_orig_mod.")
STATE_KEYS = ("model_state_dict", "state_dict", "model")
LFS_MARK = b"version https://git-lfs"


@dataclass(frozen=True)
class Checkpoint:
    """Weights plus the settings they were trained with."""

    path: pathlib.Path
    sha256: str
    state: dict[str, torch.Tensor]
    config: dict[str, Any] = field(default_factory=dict)


def harmless_globals() -> list[Any]:
    """Classes beyond tensors that a training run's settings may hold: paths and NumPy scalars.

    A path is rebuilt as a *pure* path, so that a file written on another system loads too and
    nothing touches the file system.
    """
    paths = [
        (pathlib.PurePosixPath, f"{module}.{name}")
        for module in ("pathlib", "pathlib._local")
        for name in ("PosixPath", "PurePosixPath")
    ] + [
        (pathlib.PureWindowsPath, f"{module}.{name}")
        for module in ("pathlib", "pathlib._local")
        for name in ("WindowsPath", "PureWindowsPath")
    ]
    scalar = numpy.float64(0).__reduce__()[0]
    scalars = [(scalar, "numpy.core.multiarray.scalar"), (scalar, "numpy._core.multiarray.scalar")]
    dtypes = [type(numpy.dtype(name)) for name in ("f4", "f8", "i4", "i8", "bool")]
    return [*paths, *scalars, numpy.dtype, *dtypes]


def load_checkpoint(path: pathlib.Path, trust: bool = False) -> Checkpoint:
    """Reads a checkpoint: either a training run's whole dictionary or a bare state dictionary.

    Pickled objects other than tensors, plain containers, paths and NumPy scalars are refused by
    name. With ``trust`` the file is unpickled in full, which runs whatever code it holds.

    Raises ExportError when the file is missing, is no checkpoint, or holds a refused object.
    """
    assert_file(path, "pass the path of a .pth or .pt checkpoint")
    return checkpoint_from(path, _load(path, trust))


def checkpoint_from(path: pathlib.Path, loaded: Any) -> Checkpoint:
    """The weights and settings in what a file held.

    Raises ExportError when there are no weights.
    """
    if not isinstance(loaded, dict):
        raise ExportError(
            f"{path}: holds a {type(loaded).__name__}, not a dictionary of weights",
            "save model.state_dict(), or a dictionary with model_state_dict and model_config",
        )
    state, config = _split(loaded)
    if not state:
        raise ExportError(
            f"{path}: no weights found; the file's keys are {_some(list(loaded))}",
            f"weights belong under one of {', '.join(STATE_KEYS)}, or at the top level",
        )
    return Checkpoint(path, _sha256(path), state, config)


def _load(path: pathlib.Path, trust: bool) -> Any:
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(LFS_MARK):
        raise ExportError(f"{path}: is a Git LFS pointer, not the weights", "run `git lfs pull`")
    if not head:
        raise ExportError(f"{path}: is empty", "copy the checkpoint again")
    try:
        if trust:
            return torch.load(path, map_location="cpu", weights_only=False)
        with torch.serialization.safe_globals(harmless_globals()):
            if zipfile.is_zipfile(path):
                _refuse_foreign(path)
            return torch.load(path, map_location="cpu", weights_only=True)
    except ExportError:
        raise
    except pickle.UnpicklingError as error:
        if not zipfile.is_zipfile(path) and "Unsupported global" not in str(error):
            raise _unreadable(path) from error
        raise ExportError(
            f"{path}: holds pickled objects that are not loaded: {str(error).splitlines()[0]}",
            _trust_hint(),
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError, ImportError) as error:
        raise _unreadable(path, str(error).splitlines()[0] if str(error) else "") from error


def _refuse_foreign(path: pathlib.Path) -> None:
    foreign = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    allowed = {item[1] for item in harmless_globals() if isinstance(item, tuple)}
    foreign = sorted(name for name in foreign if name not in allowed)
    if foreign:
        raise ExportError(
            f"{path}: refers to {', '.join(foreign)}; loading it would run that code",
            _trust_hint(),
        )


def _unreadable(path: pathlib.Path, detail: str = "") -> ExportError:
    return ExportError(
        f"{path}: is not a readable PyTorch checkpoint{f' ({detail})' if detail else ''}",
        "check that the copy is complete and was written by torch.save",
    )


def _trust_hint() -> str:
    return (
        "save the weights alone with torch.save(model.state_dict(), ...); or, only if you wrote "
        "the file yourself, pass --trust-checkpoint"
    )


def _split(loaded: dict) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    config = loaded.get("model_config", {})
    if isinstance(loaded.get("config"), dict):  # of Auto3DSeg
        config = auto3dseg(loaded["config"])
    config = config.state if isinstance(config, Record) else config
    config = dict(config) if isinstance(config, dict) else dict(vars(config))
    for key in STATE_KEYS:
        if isinstance(loaded.get(key), dict):
            return _tensors(loaded[key]), config
    return _tensors(loaded), config


def _tensors(state: dict) -> dict[str, torch.Tensor]:
    found = {}
    for key, value in state.items():
        if isinstance(value, torch.Tensor):
            name = str(key)
            while name.startswith(WRAPPERS):
                name = name[len(next(w for w in WRAPPERS if name.startswith(w))) :]
            found[name] = value
    return found


def _sha256(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _some(keys: list, most: int = 6) -> str:
    shown = ", ".join(str(key) for key in keys[:most])
    return shown + (f" and {len(keys) - most} more" if len(keys) > most else "")
