"""The recipe (pipeline.json) that goes with an exported segmentation network."""

from __future__ import annotations

from typing import Any

NECK_BOX_MM = [200, 200, 310]


def segmentation_recipe(
    recipe: str, name: str, roi: tuple[int, int, int], files: list[str], spacing: float = 1.0
) -> dict[str, Any]:
    """The recipe for task 1.

    ``baseline`` repeats the challenge's own Python container, its faults included, for the same
    answer from the same weights; ``corrected`` mends the faults. ``spacing`` is the voxel size in
    mm that the network was trained on.
    """
    corrected = recipe == "corrected"
    step = int(spacing) if spacing == int(spacing) else spacing
    neck_box = [round(edge / spacing) for edge in NECK_BOX_MM]
    resample = {
        "step": "resample",
        "to": "common-box",
        "spacing": [step, step, step],
        "extent": "voxel-edges" if corrected else "origin-plus-size",
        "interpolation": "bspline",
        "outside": {"ct": -1000 if corrected else 0, "pet": 0},
        "pixelType": "float32" if corrected else "keep",
    }
    return {
        "$schema": "../../../docs/schema/pipeline.schema.json",
        "version": 1,
        "kind": "segmentation",
        "name": name or recipe,
        "preprocessing": [
            resample,
            {"step": "crop-neck", "source": "pet", "topFraction": 0.25, "zScore": 1, "size": neck_box},
            {"step": "scale-intensity", "image": "ct", "from": [-250, 250], "to": [-6, 6], "clip": True},
            {"step": "z-score", "image": "pet", "nonzero": True},
            {"step": "crop-foreground", "image": "ct", "above": 0, "margin": 0},
            {"step": "pad", "size": neck_box, "at": "end", "value": 0},
        ],
        "tensor": {"channels": ["ct", "pet"], "axes": ["y", "x", "z"]},
        "models": [{"file": file, "input": "input", "output": "logits"} for file in files],
        "inference": {
            "roi": list(roi),
            "overlap": 0.5,
            "blend": "gaussian",
            "sigmaScale": 0.125,
            "windowsPerBatch": 1,
            "flips": [],
            "combine": "mean-logits",
        },
        "postprocessing": [],
        "invert": {"mode": "exact" if corrected else "template-2025"},
    }
