"""Stand-ins for the classes and functions that a pickle may name.

A pickle builds objects by naming a function and calling it. Here each permitted name leads to a
stand-in that only keeps what it was given, so no code of scikit-learn, ICARE, pandas or joblib runs
(or need be installed) and files written by any of their versions open alike. Arrays are rebuilt from
their bytes by us rather than by NumPy's own state setter, which trusts the file.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from typing import Any

import numpy as np


class Record:
    """An object of a permitted class: its name, its constructor's arguments and its state."""

    qualified = "record"

    def __new__(cls, *args: Any, **kwargs: Any) -> Record:
        record = object.__new__(cls)
        record.args, record.state = args, dict(kwargs)
        return record

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Everything is kept by __new__, which pickles may call alone."""

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def get(self, name: str, default: Any = None) -> Any:
        """An attribute the object was saved with."""
        state = self.state
        if isinstance(state, tuple) and len(state) == 2 and isinstance(state[0], dict):
            state = {**state[0], **(state[1] or {})}
        return state.get(name, default) if isinstance(state, dict) else default


DTYPE = re.compile(r"([fiubOSU])(\d*)")


class Dtype(Record):
    """numpy.dtype of plain kinds; structured ones are not needed and not read."""

    qualified = "numpy.dtype"

    def real(self) -> np.dtype:
        spec = self.args[0]
        spec = spec.decode("ascii") if isinstance(spec, bytes) else spec
        match = DTYPE.fullmatch(spec) if isinstance(spec, str) else None
        if match is None:
            raise ValueError(f"arrays of type {spec!r} are not read")
        order = self.state[1] if isinstance(self.state, tuple) and len(self.state) > 1 else "<"
        kind, size = match.groups()
        if kind in "SU" and isinstance(self.state, tuple) and len(self.state) > 5 and self.state[5] > 0:
            size = str(self.state[5] // (4 if kind == "U" else 1))
        return np.dtype("O") if kind == "O" else np.dtype(f"{order if order in '<>' else '|'}{kind}{size}")


class Array(Record):
    """numpy.ndarray; ``value`` is the array once its state has been read."""

    qualified = "numpy.ndarray"
    value: np.ndarray

    def __setstate__(self, state: Any) -> None:
        _, shape, dtype, fortran, raw = state
        self.value = array_from(dtype, shape, "F" if fortran else "C", raw)


def array_from(dtype: Dtype, shape: Any, order: str, raw: Any) -> np.ndarray:
    """An array from the bytes (or, for objects, the list) that a pickle holds."""
    real, shape = dtype.real(), tuple(int(n) for n in shape)
    count = math.prod(shape)
    if real == np.dtype("O"):
        flat = np.empty(count, dtype=object)
        if not isinstance(raw, list) or len(raw) != count:
            raise ValueError("an array of objects has the wrong length")
        flat[:] = raw
    else:
        raw = raw.encode("latin1") if isinstance(raw, str) else bytes(raw)
        if len(raw) != count * real.itemsize:
            raise ValueError("an array has the wrong number of bytes")
        flat = np.frombuffer(raw, dtype=real)
    return flat.reshape(shape, order="F" if order == "F" else "C")


def reconstruct(_subtype: Any, _shape: Any, _typecode: Any) -> Array:
    """numpy's _reconstruct: an array whose contents follow as state."""
    return Array()


def from_buffer(raw: Any, dtype: Dtype, shape: Any, order: str = "C") -> np.ndarray:
    """numpy's _frombuffer, of pickle protocol 5."""
    return array_from(dtype, shape, order, raw)


def scalar(dtype: Dtype, raw: Any = None) -> Any:
    """A NumPy number or text."""
    return array_from(dtype, (), "C", [raw] if dtype.real() == np.dtype("O") else raw)[()]


def encode(text: str, encoding: str = "latin1") -> bytes:
    """How protocol 2 writes bytes."""
    if encoding.replace("-", "").replace("_", "") not in ("latin1", "iso88591"):
        raise ValueError(f"bytes in encoding {encoding!r} are not read")
    return text.encode("latin1")


def no_bytes() -> bytes:
    """How protocol 2 writes bytes of length 0."""
    return b""


class JoblibArray(Record):
    """joblib's note that an array's bytes follow in the file."""

    qualified = "joblib.numpy_pickle.NumpyArrayWrapper"


def as_array(value: Any) -> np.ndarray:
    """The numbers or texts of an array, a pandas Series or a list.

    Raises ValueError when there is nothing of the kind.
    """
    if isinstance(value, Array):
        return value.value
    if isinstance(value, Record) and value.qualified.startswith("pandas."):
        return _series_values(value)
    if isinstance(value, (np.ndarray, np.generic, list, tuple, int, float)):
        return np.asarray(value)
    if hasattr(value, "to_numpy"):
        return np.asarray(value.to_numpy())
    raise ValueError(f"expected an array, found {type(value).__name__}")


def _series_values(series: Record) -> np.ndarray:
    """The values of a pickled Series, those of the only block of its manager, or of a text array."""
    if series.qualified.endswith("NDArrayBacked"):
        found = [item for item in series.state if isinstance(item, Array)]
        return as_array(found[0] if found else None)
    manager = series.get("_mgr") or series.get("_data")
    state = manager.state if isinstance(manager, Record) else None
    if not isinstance(state, tuple) or len(state) < 2:
        raise ValueError("a pandas Series of an unknown layout")
    blocks = state[1]
    if not isinstance(blocks, (list, tuple)) or len(blocks) != 1:
        raise ValueError("a pandas Series of several blocks")
    return as_array(blocks[0])


def record_class(module: str, name: str) -> type[Record]:
    """A stand-in class for one name."""
    return type(name, (Record,), {"qualified": f"{module}.{name}"})


def _names(module: str, *names: str) -> dict[tuple[str, str], Any]:
    return {(module, name): record_class(module, name) for name in names}


def permitted() -> dict[tuple[str, str], Any]:
    """Every name that a pickle of preprocessors, encoders or survival models may refer to."""
    found: dict[tuple[str, str], Any] = {
        ("numpy", "dtype"): Dtype,
        ("numpy", "ndarray"): Array,
        ("_codecs", "encode"): encode,
        ("collections", "OrderedDict"): OrderedDict,
        ("joblib.numpy_pickle", "NumpyArrayWrapper"): JoblibArray,
    }
    for core in ("numpy.core", "numpy._core"):
        found[(f"{core}.multiarray", "_reconstruct")] = reconstruct
        found[(f"{core}.multiarray", "scalar")] = scalar
        found[(f"{core}.numeric", "_frombuffer")] = from_buffer
    for builtins in ("builtins", "__builtin__"):
        found.update(_names(builtins, "slice"))
        found[(builtins, "bytes")] = no_bytes
        found[(builtins, "set")] = set
        found[(builtins, "frozenset")] = frozenset
    numbers = ("float64", "float32", "int64", "int32", "bool_", "object_", "str_")
    found.update(_names("numpy", "nanmean", "nanmedian", *numbers))
    found.update(_names("numpy.dtypes", "Float64DType", "Float32DType", "Int64DType", "ObjectDType"))
    generators = ("__generator_ctor", "__bit_generator_ctor", "__randomstate_ctor")
    found.update(_names("numpy.random._pickle", *generators))
    found.update(_names("numpy.random._pcg64", "PCG64"))
    found.update(_names("numpy.random._mt19937", "MT19937"))
    found.update(_names("numpy.random.bit_generator", "SeedSequence", "__pyx_unpickle_SeedSequence"))
    for data in ("sklearn.preprocessing._data", "sklearn.preprocessing.data"):
        found.update(_names(data, "StandardScaler"))
    found.update(_names("sklearn.preprocessing._encoders", "OneHotEncoder"))
    found.update(_names("torch", "device"))  # among the settings that nnU-Net keeps
    found.update(_names("icare.survival", "IcareSurvival", "BaggedIcareSurvival"))
    found.update(_names("icare.metrics", "uno_cindex", "tAUC", "harrell_cindex", "abs_cindex"))
    for module, names in PANDAS.items():
        found.update(_names(module, *names))
    for module in ("pathlib", "pathlib._local"):
        found.update(_names(module, "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath"))
    return found


# What a fitted ICARE estimator drags along: the tables of its scores and the Series of its norms.
PANDAS = {
    "pandas": ("DataFrame", "Series", "Index", "RangeIndex", "StringDtype"),
    "pandas.arrays": ("StringArray",),
    "pandas._libs.arrays": ("__pyx_unpickle_NDArrayBacked",),
    "pandas.core.frame": ("DataFrame",),
    "pandas.core.series": ("Series",),
    "pandas.core.indexes.base": ("_new_Index", "Index"),
    "pandas.core.indexes.range": ("RangeIndex",),
    "pandas.core.indexes.numeric": ("Int64Index", "Float64Index"),
    "pandas.core.internals.managers": ("BlockManager", "SingleBlockManager"),
    "pandas.core.internals.blocks": ("new_block",),
    "pandas._libs.internals": ("_unpickle_block", "BlockPlacement"),
}
