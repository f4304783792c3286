"""ONNX files of one's own: checked against their recipe, and against what training code gave."""

from __future__ import annotations

import argparse
import pathlib
import shutil
from typing import Any

import numpy as np
import onnxruntime

import clinical
import parity
from errors import ExportError
from json_file import read_object, write_json
from onnx_file import bytes_of

KINDS = {"task1": "segmentation", "task2": "prediction", "task3": "prediction"}
OUTPUTS = {"risk": 1, "class": 2}
SEE = "docs/recipe.md describes the recipe"
Dims = list[int | None]


def export_own(options: argparse.Namespace, folder: pathlib.Path) -> None:
    """Copies the networks and the recipe once they fit each other, with a report of the comparison."""
    if bool(options.tensor) != bool(options.expect):
        raise ExportError("--tensor and --expect belong together", "dump an input of the network and its output")
    path = pathlib.Path(options.recipe)
    recipe = read_object(path, SEE)
    if recipe.get("kind") != KINDS[options.task]:
        raise ExportError(f"{path}: is no recipe of the kind {KINDS[options.task]}", SEE)
    entries, compared = [], {}
    for file in options.onnx:
        entry = _entry(path, recipe, file.name)
        entries.append(entry)
        for part in (file, file.with_name(f"{file.name}.data")):
            if part.is_file():
                shutil.copyfile(part, folder / part.name)
        network = OwnNetwork(folder / file.name, *expected_ends(path, recipe, entry))
        if options.tensor:
            expected, actual = _load(options.expect), network.run(network.given(options.tensor))
            expected = expected[None] if expected.ndim == actual.ndim - 1 else expected
            compared[file.name] = [
                parity.compare_one(options.tensor[0].name, expected, actual, bool(recipe.get("regions")))
            ]
            parity.assert_parity(file.name, compared[file.name], "export the file again from the weights of the dump")
        print(f"{file.name}: {bytes_of(folder / file.name) / 1e6:.1f} MB, {network.inputs}")
    if not compared:
        print("note: without --tensor and --expect nothing shows that the file says what your training code says")
    survival = recipe.get("head", {}).get("file")
    if survival:
        shutil.copyfile(path.parent / survival, folder / survival)
    write_json(folder / "pipeline.json", {**recipe, "models": entries})
    models = [{"file": e["file"], "comparisons": parity.as_json(compared.get(e["file"], []))} for e in entries]
    write_json(folder / "parity.json", {"versions": {"onnxruntime": onnxruntime.__version__}, "models": models})
    facts = {"compared": "the output of your training code against the ONNX file in onnxruntime, on your input"}
    report = parity.as_markdown(str(recipe.get("name", path.stem)), facts, compared)
    (folder / "parity.md").write_text(report, encoding="utf-8")
    card = f"# Weights of {', '.join(e['file'] for e in entries)}\n\n- to be described by whoever trained them\n"
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")


def _entry(path: pathlib.Path, recipe: dict[str, Any], name: str) -> dict[str, Any]:
    """The recipe's entry for a file, whatever folder it names."""
    models = [m for m in recipe.get("models", []) if isinstance(m, dict)]
    found = [m for m in models if pathlib.PurePath(str(m.get("file"))).name == name]
    if len(found) != 1:
        listed = ", ".join(str(m.get("file")) for m in models) or "none"
        raise ExportError(f"{path}: models has no single entry for {name}; it has {listed}", "name every file once")
    return {**found[0], "file": name}


def expected_ends(
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
        reason = f"{type(error).__name__}: {error}"
        raise ExportError(f"{path}: says too little of its networks ({reason})", SEE) from error


class OwnNetwork:
    """An ONNX file in ONNX Runtime that takes and gives what its recipe says."""

    def __init__(self, file: pathlib.Path, inputs: dict[str, Dims], output: tuple[str, Dims]) -> None:
        if not file.is_file():
            raise ExportError(f"{file.name}: no such file", "pass the path of an .onnx file")
        self.file, self.inputs, self.output = file, inputs, output
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        try:
            self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime has a class of its own for each status
            reason = str(error).splitlines()[0]
            fix = "check that the copy is complete; weights beside it are named as it is, with .data at the end"
            raise ExportError(f"{file.name}: cannot be opened by ONNX Runtime ({reason})", fix) from error
        has, gives = (
            [item.name for item in items] for items in (self.session.get_inputs(), self.session.get_outputs())
        )
        if set(has) != set(inputs) or output[0] not in gives:
            raise ExportError(
                f"{file.name}: takes {', '.join(has)} and gives {', '.join(gives)}; "
                f"the recipe has {', '.join(inputs)} and {output[0]}",
                "give models in the recipe the names of the file",
            )
        generator = np.random.default_rng(2025)
        found = self.run({name: generator.standard_normal(dims, dtype=np.float32) for name, dims in inputs.items()})
        if not np.isfinite(found).all():
            raise ExportError(f"{file.name}: gives NaN or infinity for noise", "use weights saved earlier")

    def run(self, given: dict[str, np.ndarray]) -> np.ndarray:
        """The output for inputs of the recipe's dimensions."""
        name, dims = self.output
        try:
            (found,) = self.session.run([name], given)
        except Exception as error:
            shapes = ", ".join(f"{key} {list(value.shape)}" for key, value in given.items())
            reason = str(error).splitlines()[0]
            raise ExportError(f"{self.file.name}: does not take the recipe's {shapes} ({reason})", SEE) from error
        least = 2 if len(dims) == 5 and dims[1] is None else 1
        if (
            found.ndim != len(dims)
            or found.shape[1] < least
            or any(w not in (None, n) for n, w in zip(found.shape, dims))
        ):
            wanted = ["classes" if n is None else n for n in dims]
            raise ExportError(f"{self.file.name}: gives {list(found.shape)}, the recipe needs {wanted}", SEE)
        return found

    def given(self, files: list[pathlib.Path]) -> dict[str, np.ndarray]:
        """Inputs as the user dumped them, one file each."""
        if len(files) != len(self.inputs):
            fix = f"pass one for each of {', '.join(self.inputs)}"
            raise ExportError(f"--tensor has {len(files)} files, {self.file.name} {len(self.inputs)} inputs", fix)
        arrays = {}
        for file, (name, dims) in zip(files, self.inputs.items()):
            array = _load(file)
            arrays[name] = array[None] if array.ndim == len(dims) - 1 else array
            if list(arrays[name].shape) != dims:
                raise ExportError(f"{file}: is {list(array.shape)}, {name} is {dims}", "dump one window as it goes in")
        return arrays


def _load(file: pathlib.Path) -> np.ndarray:
    try:
        array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ExportError(f"{file}: is not an array of numbers in .npy", "write it with numpy.save") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ExportError(f"{file}: does not hold finite numbers", "write one array with numpy.save")
    return array.astype(np.float32)
