"""Recipes for OpenVINO: do the networks give the same in it, and may they be computed in bfloat16?"""

from __future__ import annotations

import importlib
import importlib.metadata
import pathlib
from typing import Any

import numpy as np

from errors import ExportError
from json_file import read_object, write_json
from own_network import OwnNetwork, expected_ends
from parity import MAX_RELATIVE_DIFFERENCE, sample_windows

RECIPES = ("pipeline.json", "lowres.json")
# How far around a label voxels count: where nothing is near, anything agrees.
SURROUNDINGS = 5
PRECISIONS = {"float32": "f32", "bfloat16": "bf16"}


def adopt_openvino(folder: pathlib.Path) -> None:
    """Runs the exported networks in ONNX Runtime and in both precisions of OpenVINO, and writes what
    came out into the recipes and the parity report."""
    core = _core()
    lines = ["", f"## OpenVINO {importlib.metadata.version('openvino')}, plain graph", ""]
    lines += ["| network | float32: difference from ONNX Runtime | bfloat16: agreement with float32 |", "|---|---:|---:|"]
    measured = []
    for path in (folder / name for name in RECIPES if (folder / name).is_file()):
        recipe = read_object(path, "export again")
        agreements = []
        for entry in recipe["models"]:
            difference, agreement = _measure(core, folder, path, recipe, entry)
            agreements.append(agreement)
            measured.append({"file": entry["file"], "maxRelativeDifference": difference, "bfloat16Agreement": agreement})
            shown = "not measured" if agreement is None else f"{agreement:.4%}"
            lines.append(f"| {entry['file']} | {difference:.1e} | {shown} |")
            print(f"{entry['file']}: in OpenVINO off by {difference:.1e}; bfloat16 agrees: {shown}")
        settings: dict[str, Any] = {"engine": "openvino", "precision": "auto"}
        if None in agreements:
            print("note: this CPU computes no bfloat16, so whether it may be used was not measured")
        else:
            settings["bfloat16Agreement"] = min(agreements)
        recipe["inference"] = {**recipe.get("inference", {}), **settings}
        write_json(path, recipe)
    report = read_object(folder / "parity.json", "export again")
    write_json(folder / "parity.json", {**report, "openvino": measured})
    with (folder / "parity.md").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _core() -> Any:
    try:
        return importlib.import_module("openvino").Core()
    except ImportError as error:
        fix = "pip install -r tools/export/requirements-openvino.txt"
        raise ExportError("--engine openvino needs the package openvino", fix) from error


def _measure(
    core: Any, folder: pathlib.Path, path: pathlib.Path, recipe: dict[str, Any], entry: dict[str, Any]
) -> tuple[float, float | None]:
    """Largest relative difference from ONNX Runtime in float32; agreement of bfloat16 with float32."""
    inputs, output = expected_ends(path, recipe, entry)
    reference = OwnNetwork(folder / entry["file"], inputs, output)
    precisions = [p for p in PRECISIONS if p == "float32" or "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")]
    networks = {p: _compile(core, folder / entry["file"], inputs, PRECISIONS[p]) for p in precisions}
    difference, agreements = 0.0, []
    for given in _samples(inputs):
        expected = reference.run(given)
        found = {p: network(given)[output[0]] for p, network in networks.items()}
        largest = max(1.0, float(np.abs(expected).max()))
        difference = max(difference, float(np.abs(found["float32"] - expected).max()) / largest)
        if "bfloat16" in found:
            agreements.append(_agreement(recipe, found["float32"], found["bfloat16"]))
    if not difference <= MAX_RELATIVE_DIFFERENCE:
        raise ExportError(
            f"{entry['file']} differs by {difference:.1e} of the largest output in OpenVINO and ONNX Runtime",
            "export without --engine openvino; nothing was written",
        )
    return difference, min(agreements, default=None)


def _compile(core: Any, file: pathlib.Path, inputs: dict[str, Any], precision: str) -> Any:
    model = core.read_model(str(file))
    model.reshape(inputs)
    return core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": precision})


def _samples(inputs: dict[str, list[int]]) -> list[dict[str, np.ndarray]]:
    """Phantoms as the images, noise as the clinical vector: noise as an image has no labels."""
    generator = np.random.default_rng(2025)
    images = {name: dims for name, dims in inputs.items() if len(dims) == 5}
    vectors = {name: generator.standard_normal(dims, dtype=np.float32) for name, dims in inputs.items() if len(dims) == 2}
    phantoms = {name: sample_windows(tuple(dims)) for name, dims in images.items()}
    kinds = ("phantom", "phantom in padding") if images else ("no image",)
    return [{**vectors, **{name: windows[kind] for name, windows in phantoms.items()}} for kind in kinds]


def _agreement(recipe: dict[str, Any], float32: np.ndarray, bfloat16: np.ndarray) -> float:
    """Share of the voxels in and around labels that get the same label; for a prediction 1 less the
    largest difference relative to the largest output."""
    if recipe["kind"] == "prediction":
        return 1 - float(np.abs(float32 - bfloat16).max() / max(np.abs(float32).max(), 1e-12))
    labels = [(x > 0) if recipe.get("regions") else x.argmax(1, keepdims=True) for x in (float32, bfloat16)]
    near = _dilated(labels[0].any(1)[0])
    near = near if near.any() else np.ones_like(near)
    return float((labels[0] == labels[1]).all(1)[0][near].mean())


def _dilated(mask: np.ndarray) -> np.ndarray:
    """Voxels up to ``SURROUNDINGS`` away along each axis."""
    for axis in range(mask.ndim):
        grown = mask.copy()
        for shift in range(1, SURROUNDINGS + 1):
            first, last = [slice(None)] * mask.ndim, [slice(None)] * mask.ndim
            first[axis], last[axis] = slice(shift, None), slice(None, -shift)
            grown[tuple(first)] |= mask[tuple(last)]
            grown[tuple(last)] |= mask[tuple(first)]
        mask = grown
    return mask
