"""ONNX files of one's own: checked against their recipe, and against what training code gave."""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil
from collections import Counter
from typing import Any

import numpy as np
import onnxruntime

import clinical
import parity
from errors import ExportError
from onnx_file import bytes_of

KINDS = {"task1": "segmentation", "task2": "prediction", "task3": "prediction"}
OUTPUTS = {"risk": 1, "class": 2}
Dims = list[int | None]


def export_own(options: argparse.Namespace, folder: pathlib.Path) -> None:
    """Copies the networks and the recipe once they fit each other, with a report of the comparison."""
    if bool(options.tensor) != bool(options.expect):
        raise ExportError("--tensor and --expect belong together", "dump an input of the network and its output")
    path = pathlib.Path(options.recipe)
    recipe = _read_recipe(path, KINDS[options.task])
    names = [file.name for file in options.onnx]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ExportError(f"{twice[0]} is passed twice", "files of an ensemble need names of their own")
    entries = [_entry(path, recipe, name) for name in names]
    compared = {}
    for file, entry in zip(options.onnx, entries):
        session = _open(file)
        inputs, output = _expected(path, recipe, entry)
        _assert_ends(file, session, inputs, output)
        _assert_finite(file, session, inputs, output)
        if options.tensor:
            compared[file.name] = [_compare(options, session, inputs, output[0], bool(recipe.get("regions")))]
            parity.assert_parity(file.name, compared[file.name])
        for part in (file, file.with_name(f"{file.name}.data")):
            if part.exists():
                shutil.copyfile(part, folder / part.name)
        size = bytes_of(folder / file.name) / 1e6
        said = (
            f"logits differ by at most {compared[file.name][0].max_abs_difference:.1e}" if compared else "not compared"
        )
        print(f"{file.name}: {size:.1f} MB, {', '.join(f'{k} {v}' for k, v in inputs.items())}; {said}")
    if not compared:
        print("note: without --tensor and --expect nothing shows that the file says what your training code says")
    survival = recipe.get("head", {}).get("file")
    if survival:
        shutil.copyfile(path.parent / survival, folder / survival)
    _write(folder / "pipeline.json", json.dumps({**recipe, "models": entries}, indent=2, ensure_ascii=False))
    models = [{"file": name, "comparisons": parity.as_json(compared.get(name, []))} for name in names]
    versions = {"onnxruntime": onnxruntime.__version__}
    _write(folder / "parity.json", json.dumps({"versions": versions, "models": models}, indent=2))
    facts = {"compared": "the output of your training code against the ONNX file in onnxruntime, on your input"}
    _write(folder / "parity.md", parity.as_markdown(str(recipe.get("name", path.stem)), facts, compared))


def _read_recipe(path: pathlib.Path, kind: str) -> dict[str, Any]:
    try:
        recipe = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise ExportError(f"{path}: is not JSON ({error})", "see docs/recipe.md") from error
    if not isinstance(recipe, dict) or recipe.get("kind") != kind:
        raise ExportError(f"{path}: is no recipe of the kind {kind}", "see docs/recipe.md")
    return recipe


def _entry(path: pathlib.Path, recipe: dict[str, Any], name: str) -> dict[str, Any]:
    """The recipe's entry for a file, whatever folder it names."""
    found = [
        m for m in recipe.get("models", []) if isinstance(m, dict) and pathlib.PurePath(str(m.get("file"))).name == name
    ]
    if len(found) != 1:
        listed = ", ".join(str(m.get("file")) for m in recipe.get("models", []) if isinstance(m, dict))
        raise ExportError(
            f"{path}: models has no single entry for {name}; it has {listed or 'none'}", "name every file once"
        )
    return {**found[0], "file": name}


def _open(file: pathlib.Path) -> onnxruntime.InferenceSession:
    if not file.is_file():
        raise ExportError(f"{file}: no such file", "pass the path of an .onnx file")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime has a class of its own for each status
        fix = "check that the copy is complete; weights beside it are named as it is, with .data at the end"
        raise ExportError(f"{file}: cannot be opened by ONNX Runtime ({str(error).splitlines()[0]})", fix) from error


def _expected(
    path: pathlib.Path, recipe: dict[str, Any], entry: dict[str, Any]
) -> tuple[dict[str, Dims], tuple[str, Dims]]:
    """Inputs and output by name, as the recipe has them; None is any length."""
    try:
        channels = len(recipe["tensor"]["channels"])
        if recipe["kind"] == "segmentation":
            roi = [int(n) for n in recipe["inference"]["roi"]]
            classes = len(recipe["regions"]) if recipe.get("regions") else None
            return {entry["input"]: [1, channels, *roi]}, (entry["output"], [1, classes, *roi])
        sizes = [step["size"] for step in recipe["preprocessing"] if step["step"] == "resize-area"]
        size = [int(dict(zip("xyz", sizes[-1]))[axis]) for axis in recipe["tensor"]["axes"]]
        ends = {"image": [1, channels, *size], "features": [1, clinical.width(recipe.get("features", []))]}
        inputs = {name: ends[what] for what, name in entry["inputs"].items()}
        return inputs, (entry["output"], [1, OUTPUTS.get(recipe["head"]["kind"])])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ExportError(
            f"{path}: says too little of its networks ({type(error).__name__}: {error})", "see docs/recipe.md"
        ) from error


def _assert_ends(
    file: pathlib.Path, session: onnxruntime.InferenceSession, inputs: dict[str, Dims], output: tuple[str, Dims]
) -> None:
    """Names, types and lengths are the recipe's; a length that the file leaves open fits any."""
    has = {item.name: item for item in session.get_inputs()}
    gives = {item.name: item for item in session.get_outputs()}
    if set(has) != set(inputs) or output[0] not in gives:
        raise ExportError(
            f"{file}: takes {', '.join(has)} and gives {', '.join(gives)}; "
            f"the recipe has {', '.join(inputs)} and {output[0]}",
            "give models in the recipe the names of the file",
        )
    for item, wanted in [*((has[name], dims) for name, dims in inputs.items()), (gives[output[0]], output[1])]:
        if item.type != "tensor(float)":
            raise ExportError(f"{file}: {item.name} is a {item.type}", "export the network in float32")
        fits = len(item.shape) == len(wanted) and all(
            w is None or not isinstance(n, int) or n == w for n, w in zip(item.shape, wanted)
        )
        if not fits:
            raise ExportError(
                f"{file}: {item.name} is {item.shape}, the recipe needs {wanted}", "correct one of the two"
            )


def _assert_finite(
    file: pathlib.Path, session: onnxruntime.InferenceSession, inputs: dict[str, Dims], output: tuple[str, Dims]
) -> None:
    generator = np.random.default_rng(2025)
    noise = {name: generator.standard_normal(dims, dtype=np.float32) for name, dims in inputs.items()}
    (found,) = session.run([output[0]], noise)
    fits = found.ndim == len(output[1]) and all(w is None or n == w for n, w in zip(found.shape, output[1]))
    if not fits or (len(output[1]) == 5 and output[1][1] is None and found.shape[1] < 2):
        raise ExportError(
            f"{file}: gives {list(found.shape)}, the recipe needs {output[1]}", "one output a class, or regions"
        )
    if not np.isfinite(found).all():
        raise ExportError(f"{file}: gives NaN or infinity for noise", "use weights saved earlier")


def _compare(
    options: argparse.Namespace,
    session: onnxruntime.InferenceSession,
    inputs: dict[str, Dims],
    output: str,
    regions: bool,
) -> parity.Comparison:
    """The dumped output against the file's, on the dumped inputs."""
    if len(options.tensor) != len(inputs):
        raise ExportError(
            f"--tensor has {len(options.tensor)} files, the network {len(inputs)} inputs", "pass one for each"
        )
    given = {}
    for file, (name, dims) in zip(options.tensor, inputs.items()):
        array = _load(file)
        array = array[None] if array.ndim == len(dims) - 1 else array
        if list(array.shape) != dims:
            raise ExportError(
                f"{file}: is {list(array.shape)}, the input {name} is {dims}", "dump one window as the network sees it"
            )
        given[name] = array
    (actual,) = session.run([output], given)
    expected = _load(options.expect)
    expected = expected[None] if expected.ndim == actual.ndim - 1 else expected
    return parity.compare_one(options.tensor[0].name, expected, actual, regions)


def _load(file: pathlib.Path) -> np.ndarray:
    try:
        array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ExportError(f"{file}: is not an array of numbers in .npy", "write it with numpy.save") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ExportError(f"{file}: does not hold finite numbers", "write one array with numpy.save")
    return array.astype(np.float32)


def _write(path: pathlib.Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
