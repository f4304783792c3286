"""nnU-Net's own preprocessing and export of logits, for libs/preprocessing.

    python tools/reference/nnunet/preprocessing.py

Each case is a plan, a recipe of ours that says the same, images, and what DefaultPreprocessor and
convert_predicted_logits_to_segmentation_with_correct_shape make of them. Arrays are indexed (z, y, x).
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from nnunetv2.inference.export_prediction import (
    convert_predicted_logits_to_segmentation_with_correct_shape,
)
from nnunetv2.preprocessing.preprocessors.default_preprocessor import DefaultPreprocessor
from nnunetv2.utilities.label_handling.label_handling import convert_labelmap_to_one_hot
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager
from scipy.ndimage import gaussian_filter

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "preprocessing" / "golden" / "nnunet"
RESAMPLE = "resample_data_or_seg_to_shape"
CT = {"mean": -71.3, "std": 251.7, "percentile_00_5": -958.0, "percentile_99_5": 983.25}
LABELS = {"background": 0, "a": 1, "b": 2}
SCHEMES = {
    "CTNormalization": lambda image, mask: [
        {
            "step": "ct-normalization",
            "image": image,
            "lower": CT["percentile_00_5"],
            "upper": CT["percentile_99_5"],
            "mean": CT["mean"],
            "std": CT["std"],
        }
    ],
    "ZScoreNormalization": lambda image, mask: [
        {"step": "z-score", "image": image, **({"mask": "nonzero"} if mask else {})}
    ],
    "NoNormalization": lambda image, mask: [],
    "RescaleTo01Normalization": lambda image, mask: [{"step": "min-max", "image": image}],
    "RGBTo01Normalization": lambda image, mask: [
        {"step": "scale-intensity", "image": image, "from": [0, 255], "to": [0, 1]}
    ],
}


class GoldenFile:
    """Collects arrays and writes them beside the facts about them."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.length = 0

    def array(self, values: np.ndarray) -> dict:
        raw = np.ascontiguousarray(values).tobytes()
        entry = {"type": values.dtype.name, "offset": self.length, "count": int(values.size)}
        self.chunks.append(raw + bytes(-len(raw) % 8))
        self.length += len(self.chunks[-1])
        return entry

    def write(self, name: str, facts: dict) -> None:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
        (GOLDEN / f"{name}.bin").write_bytes(b"".join(self.chunks))


def texture(rng: np.random.Generator, shape, low: float, high: float) -> np.ndarray:
    """Noise with edges, from low to high."""
    values = gaussian_filter(rng.standard_normal(shape), 1.2) + 0.15 * rng.standard_normal(shape)
    values[tuple(slice(n // 3, 2 * n // 3 + 1) for n in shape)] += 1.5
    values -= values.min()
    return low + values / max(values.max(), 1e-9) * (high - low)


def blobs(rng: np.random.Generator, shape, count: int) -> np.ndarray:
    """Labels 0 to count - 1 with smooth borders."""
    fields = [gaussian_filter(rng.standard_normal(shape), 1.5) for _ in range(count)]
    return np.argmax(np.stack(fields), axis=0).astype(np.uint8)


def make_case(
    golden: GoldenFile,
    name: str,
    *,
    size,
    spacing,
    target,
    transpose=(0, 1, 2),
    schemes=("CTNormalization", "ZScoreNormalization"),
    masked=(False, False),
    padded=None,
    kwargs=None,
    logits_kwargs=None,
    previous=False,
) -> dict:
    """A case; sizes, spacings and `padded` (low and high voxels of zeros) along z, y, x."""
    rng = np.random.default_rng(sum(name.encode()))
    ct = np.round(texture(rng, size, -1000, 1200)).astype(np.int16)
    pet = texture(rng, size, 0.1, 20).astype(np.float32)
    channels = [ct, pet]
    for i, scheme in enumerate(schemes):
        if scheme == "RGBTo01Normalization":
            channels[i] = np.round(texture(rng, size, 0, 255)).astype(np.int16)
    if padded is not None:
        low, high = padded
        inside = tuple(slice(a, n - b) for a, b, n in zip(low, high, size))
        for channel in channels:
            kept = channel[inside].copy()
            channel[...] = 0
            channel[inside] = kept
            middle = tuple((s.start + s.stop) // 2 for s in inside)
            # A hole, and a bay that is open to the border.
            channel[middle[0] - 1 : middle[0] + 1, middle[1] - 2 : middle[1] + 2, middle[2]] = 0
            channel[inside[0].start : inside[0].start + 3, middle[1] + 3, middle[2]] = 0
        channels[0][middle] = 0
    labels = blobs(rng, size, 3) if previous else None

    data_kwargs = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None} | (kwargs or {})
    seg_kwargs = {"is_seg": True, "order": 1, "order_z": 0, "force_separate_z": data_kwargs["force_separate_z"]}
    back_kwargs = {"is_seg": False, "order": 1, "order_z": 0, "force_separate_z": None} | (logits_kwargs or {})
    plans = PlansManager({
        "dataset_name": "golden",
        "plans_name": "nnUNetPlans",
        "image_reader_writer": "SimpleITKIO",
        "label_manager": "LabelManager",
        "experiment_planner_used": "ExperimentPlanner",
        "transpose_forward": list(transpose),
        "transpose_backward": [int(i) for i in np.argsort(transpose)],
        "foreground_intensity_properties_per_channel": {str(i): CT for i in range(len(channels))},
        "configurations": {"3d_fullres": {
            "architecture": {},
            "spacing": list(target),
            "patch_size": [64, 64, 64],
            "normalization_schemes": list(schemes),
            "use_mask_for_norm": list(masked),
            "resampling_fn_data": RESAMPLE,
            "resampling_fn_data_kwargs": data_kwargs,
            "resampling_fn_seg": RESAMPLE,
            "resampling_fn_seg_kwargs": seg_kwargs,
            "resampling_fn_probabilities": RESAMPLE,
            "resampling_fn_probabilities_kwargs": back_kwargs,
        }},
    })
    configuration = plans.get_configuration("3d_fullres")
    dataset = {"labels": LABELS, "file_ending": ".nii.gz"}
    properties = {"spacing": list(spacing)}
    seg = None if labels is None else labels[None].astype(np.float32)
    data, seg, properties = DefaultPreprocessor(verbose=False).run_case_npy(
        np.stack([c.astype(np.float32) for c in channels]), seg, properties, plans, configuration, dataset
    )
    manager = plans.get_label_manager(dataset)
    if labels is not None:
        data = np.vstack((data, convert_labelmap_to_one_hot(seg[0], manager.foreground_labels, data.dtype)))
    logits = np.stack([4 * gaussian_filter(rng.standard_normal(data.shape[1:]), 1) for _ in range(3)])
    logits = np.round(256 * logits).astype(np.int16)
    segmentation = convert_predicted_logits_to_segmentation_with_correct_shape(
        (logits / 256).astype(np.float32), plans, configuration, manager, properties, num_threads_torch=1
    )

    names = ["ct", "pet"]
    steps = [{"step": "crop-nonzero", "images": names, **({"mask": "nonzero"} if any(masked) else {})}]
    for image, scheme, mask in zip(names, schemes, masked):
        steps += SCHEMES[scheme](image, mask)
    axes = ["zyx"[i] for i in transpose]
    along = dict(zip(axes, target))
    steps.append({
        "step": "resample-to-spacing",
        "spacing": [along[a] for a in "xyz"],
        **recipe_keys(data_kwargs),
        **({"labels": ["lowres"]} if previous else {}),
    })
    if previous:
        steps.append({"step": "one-hot", "image": "lowres", "labels": [1, 2]})
    images = dict(zip(names, channels)) | ({"lowres": labels} if previous else {})
    return {
        "name": name,
        "size": list(size[::-1]),
        "spacing": list(spacing[::-1]),
        "images": {key: golden.array(values) for key, values in images.items()},
        "steps": steps,
        "tensor": {"channels": names + (["lowres-1", "lowres-2"] if previous else []), "axes": axes},
        "dims": list(data.shape),
        "expected": golden.array(data.astype(np.float32)),
        "logits": golden.array(logits),
        "interpolation": recipe_keys(back_kwargs),
        "segmentation": golden.array(segmentation.astype(np.uint8)),
    }


def recipe_keys(kwargs: dict) -> dict:
    force = kwargs["force_separate_z"]
    return {
        "order": kwargs["order"],
        "orderZ": kwargs["order_z"],
        "separateZ": "auto" if force is None else force,
    }


def make(golden: GoldenFile) -> list[dict]:
    ct = "CTNormalization"
    case = lambda name, **settings: make_case(golden, name, **settings)
    return [
        case("isotropic, finer", size=(7, 8, 9), spacing=(2.0, 1.7, 1.7), target=(1.3, 1.1, 1.1)),
        case("isotropic, coarser", size=(13, 12, 14), spacing=(0.8, 0.7, 0.7), target=(1.3, 1.1, 1.2)),
        case("nothing to resample", size=(6, 7, 5), spacing=(1.0, 1.0, 1.0), target=(1.03, 1.02, 0.99)),
        case("just at the threshold", size=(6, 13, 12), spacing=(3.0, 1.0, 1.0), target=(2.0, 1.2, 1.2)),
        case("separate z", size=(6, 12, 11), spacing=(3.27, 0.977, 0.977), target=(3.0, 1.3, 1.3)),
        case("separate z, slices as they are", size=(5, 9, 8), spacing=(4.0, 1.0, 1.0), target=(2.0, 1.0, 1.0)),
        case("separate z by the new spacing", size=(12, 8, 9), spacing=(1.5, 1.5, 1.4), target=(5.0, 1.5, 1.2)),
        case("separate z, linear across", size=(5, 10, 9), spacing=(5.0, 1.0, 1.0), target=(2.0, 1.5, 1.2),
             kwargs={"order_z": 1}, logits_kwargs={"order_z": 1}),
        case("separate x", size=(10, 11, 6), spacing=(1.0, 0.9, 3.5), target=(1.2, 1.1, 3.0)),
        case("separate y, transposed", size=(11, 6, 10), spacing=(1.0, 3.5, 0.9), target=(3.1, 1.2, 1.1),
             transpose=(1, 0, 2)),
        case("two coarse axes", size=(18, 6, 7), spacing=(0.6, 2.5, 2.5), target=(0.9, 2.0, 2.2)),
        case("transposed", size=(7, 8, 10), spacing=(2.0, 1.5, 1.1), target=(1.3, 1.4, 1.9),
             transpose=(2, 0, 1)),
        case("forced apart, linear", size=(7, 9, 10), spacing=(2.0, 1.5, 1.1), target=(1.4, 1.2, 1.4),
             kwargs={"force_separate_z": True, "order": 1}, logits_kwargs={"force_separate_z": True}),
        case("forced together", size=(6, 10, 9), spacing=(4.0, 1.0, 1.0), target=(3.0, 1.4, 1.3),
             kwargs={"force_separate_z": False}, logits_kwargs={"force_separate_z": False}),
        case("nearest", size=(7, 9, 10), spacing=(2.0, 1.5, 1.0), target=(1.4, 3.0, 1.4),
             kwargs={"order": 0}, logits_kwargs={"order": 0}),
        case("padded with zeros, masks", size=(12, 14, 15), spacing=(2.0, 1.2, 1.2), target=(1.6, 1.5, 1.5),
             padded=((2, 3, 0), (1, 4, 5)), schemes=("ZScoreNormalization", "ZScoreNormalization"),
             masked=(True, True)),
        case("padded with zeros, one mask", size=(10, 14, 12), spacing=(4.0, 1.2, 1.2), target=(3.0, 1.5, 1.5),
             padded=((0, 2, 3), (2, 0, 1)), masked=(False, True)),
        case("other schemes", size=(7, 8, 9), spacing=(1.0, 1.0, 1.0), target=(1.2, 0.9, 1.2),
             schemes=("RescaleTo01Normalization", "NoNormalization")),
        case("colour", size=(7, 8, 9), spacing=(1.0, 1.0, 1.0), target=(1.2, 0.9, 1.2),
             schemes=("RGBTo01Normalization", ct)),
        case("one slice", size=(1, 12, 14), spacing=(3.0, 1.1, 1.1), target=(3.0, 0.9, 1.4)),
        case("one slice becomes three", size=(1, 10, 11), spacing=(3.0, 1.1, 1.1), target=(1.0, 1.3, 1.0)),
        case("one voxel wide", size=(11, 9, 1), spacing=(1.3, 1.1, 2.0), target=(0.9, 1.4, 2.0)),
        case("stage before", size=(7, 10, 11), spacing=(2.0, 1.0, 1.0), target=(1.0, 1.5, 1.3), previous=True),
        case("stage before, ties", size=(8, 10, 12), spacing=(1.0, 1.0, 1.0), target=(2.0, 2.0, 2.0), previous=True),
        case("stage before, separate z", size=(6, 10, 9), spacing=(4.0, 1.0, 1.0), target=(2.5, 2.0, 1.5),
             previous=True),
    ]


if __name__ == "__main__":
    golden = GoldenFile()
    versions = {name: version(name) for name in ("nnunetv2", "batchgenerators", "scikit-image", "scipy", "numpy")}
    golden.write("preprocessing", {"versions": versions, "cases": make(golden)})
