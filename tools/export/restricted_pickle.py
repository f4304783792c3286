"""Opening pickles and joblib files without running what they contain."""

from __future__ import annotations

import io
import lzma
import math
import pathlib
import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from errors import ExportError, assert_file
from inert import Array, Dtype, JoblibArray, Record, array_from, permitted

# Preprocessors and encoders take kilobytes; a compressed file that unfolds to more is no such thing.
MAX_UNCOMPRESSED_BYTES = 64 * 2**20

# What other programs and versions write in the place of a pickle, by its first bytes.
UNSUPPORTED = {
    b"\x04\x22\x4d\x18": "is compressed with lz4",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd",
    b"ZF": "is a file of joblib before 0.10",
    b"PK\x03\x04": "is a zip archive (of torch.save?), not a pickle",
    b"\x93NUMPY": "is a file of numpy.save, not a pickle",
}

MALFORMED = (
    pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    ImportError, RuntimeError, OverflowError, MemoryError, AssertionError, NotImplementedError,
    struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
)  # fmt: skip


class RestrictedUnpickler(pickle._Unpickler):
    """Resolves permitted names to stand-ins and refuses every other one.

    The Python implementation is used because its steps can be guarded: an object's state may be set
    only on stand-ins, and only stand-ins may be called.
    """

    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(
        self,
        file: BinaryIO,
        path: pathlib.Path,
        trust: bool = False,
        more: dict[tuple[str, str], Any] | None = None,
        persistent: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(file)
        self._source, self._path, self._trust, self._persistent = file, path, trust, persistent
        self._allowed = {**permitted(), **(more or {})}
        self._more = more

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self._allowed:
            return self._allowed[(module, name)]
        if self._trust:
            return super().find_class(module, name)
        if module.startswith("torch") and name.startswith("_rebuild_") or name.endswith("Storage"):
            raise ExportError(
                f"{self._path}: holds tensors of the kind {module}.{name}, which are not read",
                "save the weights as dense tensors of real numbers",
            )
        raise refused(self._path, f"{module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        if self._persistent is None:
            raise pickle.UnpicklingError("a reference to something outside of the file")
        return self._persistent(pid)

    def get_extension(self, code: int) -> None:
        raise refused(self._path, f"extension code {code}")

    def load_reduce(self) -> None:
        self._assert_call(*self.stack[-2:])
        super().load_reduce()

    def load_newobj(self) -> None:
        self._assert_call(*self.stack[-2:])
        super().load_newobj()

    def load_newobj_ex(self) -> None:
        self._assert_call(*self.stack[-3:-1])
        super().load_newobj_ex()

    def _instantiate(self, klass: Any, args: Any) -> None:
        self._assert_call(klass, args)
        super()._instantiate(klass, args)

    def load_build(self) -> None:
        target = self.stack[-2]
        if isinstance(target, Record):
            state = self.stack.pop()
            target.__setstate__(state)
        elif isinstance(target, OrderedDict):
            self.stack.pop()  # the version notes of a state dictionary
        elif self._trust:
            super().load_build()
        else:
            raise refused(self._path, f"the state of an object ({type(target).__name__})")
        if isinstance(target, JoblibArray):
            self.stack[-1] = self._array_in_file(target)

    def load_setitem(self) -> None:
        self._assert_plain(self.stack[-2:-1])
        super().load_setitem()

    def load_setitems(self) -> None:
        self._assert_plain(self.stack[::2])
        super().load_setitems()

    def load_dict(self) -> None:
        self._assert_plain(self.stack[::2])
        super().load_dict()

    def load_additems(self) -> None:
        self._assert_plain(self.stack)
        super().load_additems()

    def load_frozenset(self) -> None:
        self._assert_plain(self.stack)
        super().load_frozenset()

    def _assert_plain(self, keys: list[Any]) -> None:
        """Tuples of shared tuples, a few bytes each, can take years to hash."""
        if self._trust:
            return
        for key in keys:
            for part in key if isinstance(key, tuple) else (key,):
                if isinstance(part, (tuple, frozenset)):
                    raise pickle.UnpicklingError("a nested key, which no file of the training code has")

    def _assert_call(self, function: Any, arguments: Any) -> None:
        if self._trust:
            return
        if not any(function is item for item in self._allowed.values()):
            raise refused(self._path, f"a call of an object ({type(function).__name__})")
        if function in (set, frozenset, OrderedDict):
            for items in arguments:
                self._assert_plain([item[0] for item in items] if function is OrderedDict else list(items))

    def _array_in_file(self, note: JoblibArray) -> np.ndarray:
        """The array behind joblib's note: raw bytes, or for objects a pickle of its own."""
        dtype = note.get("dtype")
        if not isinstance(dtype, Dtype):
            raise ValueError("an array without a type")
        if dtype.real() == np.dtype("O"):
            inner = type(self)(self._source, self._path, self._trust, self._more).load()
            if not isinstance(inner, Array):
                raise ValueError("an array of objects holds something else")
            return inner.value
        if note.get("numpy_array_alignment_bytes") is not None:
            self._source.read(self._source.read(1)[0])
        size = math.prod(note.get("shape")) * dtype.real().itemsize
        raw = self._source.read(size)
        return array_from(dtype, note.get("shape"), note.get("order", "C"), raw)

    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.NEWOBJ[0]] = load_newobj
    dispatch[pickle.NEWOBJ_EX[0]] = load_newobj_ex
    dispatch[pickle.BUILD[0]] = load_build
    dispatch[pickle.SETITEM[0]] = load_setitem
    dispatch[pickle.SETITEMS[0]] = load_setitems
    dispatch[pickle.DICT[0]] = load_dict
    dispatch[pickle.ADDITEMS[0]] = load_additems
    dispatch[pickle.FROZENSET[0]] = load_frozenset


def load_pickle(
    path: pathlib.Path,
    trust: bool = False,
    more: dict[tuple[str, str], Any] | None = None,
    limit: int = MAX_UNCOMPRESSED_BYTES,
) -> Any:
    """Reads a pickle or a joblib file (plain, zlib, gzip, bz2 or xz).

    ``more`` are further names that are permitted. Raises ExportError when the file is missing or damaged, or names something that is not permitted.
    """
    assert_weights_file(path, "a pickle")
    try:
        return RestrictedUnpickler(_open(path, limit), path, trust, more).load()
    except MALFORMED as error:
        raise ExportError(
            f"{path}: is not a readable pickle ({_reason(error)})", "check that the copy is complete"
        ) from error


def assert_weights_file(path: pathlib.Path, what: str) -> None:
    """Raises ExportError for files that are missing, empty or Git LFS pointers."""
    assert_file(path, f"pass the path of {what}")
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"version https://git-lfs"):
        raise ExportError(f"{path}: is a Git LFS pointer, not its contents", "run `git lfs pull`")
    if not head:
        raise ExportError(f"{path}: is empty", "copy the file again")


def refused(path: pathlib.Path, what: str) -> ExportError:
    """The error for a name that may not be loaded."""
    return ExportError(
        f"{path}: refers to {what}; loading it would run that code",
        "save the file without it; or, only if you wrote the file yourself, pass --trust-checkpoint",
    )


def _open(path: pathlib.Path, limit: int) -> BinaryIO:
    """The file's bytes, decompressed where joblib compressed them."""
    raw = path.read_bytes()
    for magic, kind in UNSUPPORTED.items():
        if raw.startswith(magic):
            raise ExportError(f"{path}: {kind}, which is not read", "write it again with joblib.dump(value, file)")
    decompressor: Any = None
    if raw[:1] == b"\x78" and (raw[0] * 256 + raw[1]) % 31 == 0:
        decompressor = zlib.decompressobj()
    elif raw[:2] == b"\x1f\x8b":
        decompressor = zlib.decompressobj(wbits=31)
    elif raw[:3] == b"BZh":
        import bz2

        decompressor = bz2.BZ2Decompressor()
    elif raw[:6] == b"\xfd7zXZ\x00" or raw[:3] == b"\x5d\x00\x00":
        decompressor = lzma.LZMADecompressor()
    if decompressor is None:
        return io.BytesIO(raw)
    try:
        data = decompressor.decompress(raw, limit)
    except OSError as error:
        # bz2 says so of damaged data; beyond here it would pass for a fault of the disk.
        raise ValueError("the compressed data are damaged") from error
    if not decompressor.eof:
        if len(data) < limit:
            raise ValueError("the compressed data break off")
        raise ValueError(f"it does not end within {limit // 2**20} MB")
    return io.BytesIO(data)


def _reason(error: BaseException) -> str:
    text = str(error).splitlines()
    return text[0] if text else type(error).__name__
