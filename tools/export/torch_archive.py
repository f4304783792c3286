"""Reading a file of torch.save that holds more than tensors, without running what it contains."""

from __future__ import annotations

import io
import math
import pathlib
import zipfile
from typing import Any

import torch

from errors import ExportError
from restricted_pickle import MALFORMED, RestrictedUnpickler, _reason, assert_weights_file

STORAGES = {
    "FloatStorage": torch.float32, "DoubleStorage": torch.float64, "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16, "LongStorage": torch.int64, "IntStorage": torch.int32,
    "ShortStorage": torch.int16, "CharStorage": torch.int8, "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}  # fmt: skip


class StorageType:
    """The name of a kind of storage; it is never called."""

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype = dtype


def load_torch_archive(path: pathlib.Path, trust: bool = False) -> Any:
    """The pickled object of a torch.save archive, its tensors rebuilt, all else as stand-ins.

    Raises ExportError when the file is no such archive or names something that is not permitted.
    """
    assert_weights_file(path, "a .pt file")
    try:
        with zipfile.ZipFile(path) as archive:
            return _Archive(archive, path).load(trust)
    except zipfile.BadZipFile as error:
        raise ExportError(
            f"{path}: is not an archive of torch.save",
            "check that the copy is complete; files older than PyTorch 1.6 must be saved again",
        ) from error
    except MALFORMED as error:
        raise ExportError(
            f"{path}: is not a readable PyTorch file ({_reason(error)})", "check that the copy is complete"
        ) from error


class _Archive:
    """One open archive; storages are read once and shared by their tensors."""

    def __init__(self, archive: zipfile.ZipFile, path: pathlib.Path) -> None:
        self.archive, self.path = archive, path
        pickles = [n for n in archive.namelist() if n == "data.pkl" or n.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise ValueError("it holds no data.pkl")
        self.prefix = pickles[0].removesuffix("data.pkl")
        self.storages: dict[str, torch.Tensor] = {}
        if self._has("byteorder") and self._read("byteorder").strip() != b"little":
            raise ValueError("it was written on a big-endian machine")

    def load(self, trust: bool) -> Any:
        names: dict[tuple[str, str], Any] = {
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
            ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
            **{("torch", name): StorageType(dtype) for name, dtype in STORAGES.items()},
        }
        file = io.BytesIO(self._read("data.pkl"))
        return RestrictedUnpickler(file, self.path, trust, names, self._storage).load()

    def _storage(self, pid: Any) -> torch.Tensor:
        kind, storage, key, _location, count = pid
        if kind != "storage" or not isinstance(storage, StorageType) or not isinstance(key, str):
            raise ValueError("a reference of an unknown kind")
        if key not in self.storages:
            raw = bytearray(self._read(f"data/{key}"))
            if len(raw) != count * storage.dtype.itemsize:
                raise ValueError(f"the data of storage {key} have the wrong length")
            empty = torch.empty(0, dtype=storage.dtype)
            self.storages[key] = torch.frombuffer(raw, dtype=storage.dtype) if raw else empty
        return self.storages[key]

    def _read(self, name: str) -> bytes:
        entry = self.archive.getinfo(self.prefix + name)
        if entry.compress_type != zipfile.ZIP_STORED:
            raise ValueError("it is compressed, which torch.save never does")
        return self.archive.read(entry)

    def _has(self, name: str) -> bool:
        return self.prefix + name in self.archive.namelist()


def _rebuild_tensor(storage: torch.Tensor, offset: int, size: Any, stride: Any, *_rest: Any) -> torch.Tensor:
    # as_strided refuses to reach beyond the storage, but a stride of 0 makes of one number as many as one likes.
    if math.prod(size) > storage.numel():
        raise ValueError(f"a tensor of {tuple(size)} is larger than its data")
    return torch.as_strided(storage, tuple(size), tuple(stride), offset)


def _rebuild_parameter(tensor: torch.Tensor, *_rest: Any) -> torch.Tensor:
    return tensor
