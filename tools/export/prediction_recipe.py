"""The recipe (pipeline.json) that goes with exported networks of tasks 2 and 3."""

from __future__ import annotations

from typing import Any

from recipe import NECK_BOX_MM

DESCRIPTIONS = {
    "baseline": "as the challenge's own container, its faults included, for the same answer from the same weights",
    "corrected": "as the challenge's container with its faults mended",
    "training": "as the challenge's training scripts: whole volumes resized, no crop",
}
# The container takes arrays in z, y, x order; the training scripts load them in x, y, z order.
AXES = {"baseline": "zyx", "corrected": "zyx", "training": "xyz"}
# Task 3's container alone adds this to the range; its training scripts do not.
TASK3_EPSILON = 1e-5


def prediction_recipe(
    *,
    task: str,
    recipe: str,
    name: str,
    size: int,
    axes: str,
    extras: dict[str, Any],
    encoders: list[dict[str, Any]],
    models: list[dict[str, Any]],
    head: dict[str, Any],
) -> dict[str, Any]:
    """The recipe for task 2 or 3; ``extras`` may hold inputs, segmentation and channels."""
    channels = extras.get("channels", ["ct", "pet"])
    order = axes or AXES[recipe]
    inputs = extras.get("inputs")
    segmentation = extras.get("segmentation")
    return {
        "$schema": "../../../docs/schema/pipeline.schema.json",
        "version": 1,
        "kind": "prediction",
        "name": name or recipe,
        "description": f"{recipe} preprocessing: {DESCRIPTIONS[recipe]}",
        **({"inputs": inputs} if inputs else {}),
        "preprocessing": _steps(task, recipe, size, channels, inputs or {}),
        "tensor": {"channels": channels, "axes": list(order)},
        **({"segmentation": segmentation} if segmentation else {}),
        "features": encoders,
        "models": models,
        "head": head,
    }


def _steps(task: str, recipe: str, size: int, channels: list[str], inputs: dict[str, Any]) -> list[dict[str, Any]]:
    epsilon = TASK3_EPSILON if task == "task3" and recipe != "training" else 0
    scale = [{"step": "min-max", "image": image, "epsilon": epsilon} for image in channels]
    resize: dict[str, Any] = {"step": "resize-area", "size": [size] * 3}
    if recipe == "training":
        return [*scale, {**resize, "grids": "own"}]
    corrected = recipe == "corrected"
    outside = {"ct": -1000 if corrected else 0, "pet": 0}
    outside.update({i: v["absent"] for i, v in inputs.items() if isinstance(v.get("absent"), (int, float))})
    resample = {
        "step": "resample",
        "to": "common-box",
        "spacing": [1, 1, 1],
        "extent": "voxel-edges" if corrected else "origin-plus-size",
        "interpolation": "bspline",
        "outside": outside,
        "pixelType": "float32" if corrected else "keep",
    }
    crop = {
        "step": "crop-neck",
        "source": "pet",
        "topFraction": 0.25,
        "zScore": 1,
        "size": NECK_BOX_MM,
        "order": "xyz" if corrected else "zyx",
        "overhang": "shift" if corrected else "truncate",
    }
    forget = [] if corrected else [{"step": "reset-geometry", "images": ["ct", "pet"]}]
    return [*forget, resample, crop, *scale, resize]
