"""The recipe that repeats nnUNetPredictor for one trained model folder."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import Any

from nnunet.folder import Trained

MASK = "nonzero"
LOWRES = "lowres"


def nnunet_recipe(
    trained: Trained,
    name: str,
    files: list[str],
    *,
    interpolation: str,
    arithmetic: str,
    mirroring: bool,
    cascade: str | None = None,
    raw: bool = False,
) -> dict[str, Any]:
    """The recipe. ``cascade`` names that of the first stage; ``raw`` keeps the dataset's own labels,
    which the second stage was trained on."""
    plan, labels = trained.configuration, trained.labels
    axes = ["zyx"[i] for i in plan.transpose]
    foreground = [v for v in labels.values if v]
    lowres = [f"{LOWRES}-{v}" for v in foreground] if plan.previous else []
    flips = [list(c) for n in range(1, 4) for c in itertools.combinations([axes[a] for a in trained.mirroring], n)]
    rules = [] if raw or labels.identical else [{"step": "map-classes", "to": list(labels.to)}]
    return {
        "$schema": "../../../docs/schema/pipeline.schema.json",
        "version": 1,
        "kind": "segmentation",
        "name": name,
        "description": f"nnU-Net v2, {plan.dataset}, {plan.name}, {trained.trainer}, {len(files)} folds",
        **({"cascade": {"recipe": cascade, "image": LOWRES}} if cascade else {}),
        "preprocessing": _steps(trained, axes, foreground, interpolation),
        "tensor": {"channels": [*trained.channels, *lowres], "axes": axes},
        "models": [{"file": file, "input": "input", "output": "logits"} for file in files],
        "inference": {
            "roi": list(plan.patch),
            "overlap": 0.5,
            "tiling": "nnunet",
            "blend": "nnunet",
            "flips": flips if mirroring else [],
            "combine": "mean-logits",
            "arithmetic": arithmetic,
        },
        **({"regions": list(labels.regions)} if labels.regions is not None else {}),
        "postprocessing": rules,
        "invert": {"mode": "exact", "logits": asdict(plan.logits)},
    }


def _steps(trained: Trained, axes: list[str], foreground: list[int], interpolation: str) -> list[dict[str, Any]]:
    plan, channels = trained.configuration, list(trained.channels)
    spacing = dict(zip(axes, plan.spacing))
    masked = any(m and s == "ZScoreNormalization" for m, s in zip(plan.masks, plan.schemes))
    onto_ct = {
        "step": "resample", "to": "image", "image": "ct", "interpolation": interpolation,
        "outside": {"pet": 0}, "pixelType": "float32",
    }  # fmt: skip
    stages = bool(plan.previous)
    return [
        onto_ct,
        {"step": "crop-nonzero", "images": channels, **({"mask": MASK} if masked else {})},
        *itertools.chain(*(_normalise(trained, i) for i in range(len(channels)))),
        {
            "step": "resample-to-spacing",
            "spacing": [spacing[axis] for axis in "xyz"],
            **asdict(plan.data),
            **({"labels": [LOWRES]} if stages else {}),
        },
        *([{"step": "one-hot", "image": LOWRES, "labels": foreground}] if stages else []),
    ]


def _normalise(trained: Trained, channel: int) -> list[dict[str, Any]]:
    """nnU-Net's scheme of one channel."""
    plan, image = trained.configuration, trained.channels[channel]
    match plan.schemes[channel]:
        case "CTNormalization":
            return [{"step": "ct-normalization", "image": image, **plan.intensities[channel]}]
        case "ZScoreNormalization":
            return [{"step": "z-score", "image": image, **({"mask": MASK} if plan.masks[channel] else {})}]
        case "RescaleTo01Normalization":
            return [{"step": "min-max", "image": image}]
        case "RGBTo01Normalization":
            return [{"step": "scale-intensity", "image": image, "from": [0, 255], "to": [0, 1]}]
    return []
