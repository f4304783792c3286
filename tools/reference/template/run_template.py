#!/usr/bin/env python3
"""Runs the challenge's own task 1 code on one patient, on the CPU, and keeps what it computed.

The template is not part of this project: pass the path of a checkout of
BioMedIA-MBZUAI/HECKTOR2025, branch docker-template.

    python tools/reference/template/run_template.py --template ../HECKTOR2025/Task_1 \\
        --checkpoint best_model.pth --ct ct.nii.gz --pet pet.nii.gz --out reference/

Writes into --out:

- facts.json: the boxes, sizes and statistics of every stage, versions and checksums
- labels.mha: the labels of the network's grid, axes z, y, x as the template holds them, no geometry
- mask.mha: the final mask on the CT's grid, where the template gets that far
- ct.mha, pet.mha: the enlarged images, with --enlarge-to

The template pastes a 200 x 200 prediction into the neck box without undoing its own padding, so it
fails on patients whose box is narrower; --enlarge-to surrounds both images with air and with zeros.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import pathlib
import sys
import time

import numpy as np
import SimpleITK as sitk
import torch

AIR, NO_UPTAKE = -1000.0, 0.0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("template", "checkpoint", "ct", "pet", "out"):
        parser.add_argument(f"--{name}", required=True, type=pathlib.Path)
    parser.add_argument("--enlarge-to", type=float, default=0, metavar="MM",
                        help="least extent in x and y; both images are padded alike on both sides")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main() -> int:
    options = parse_arguments()
    if not (options.template / "resources" / "preprocess.py").is_file():
        print(f"error: {options.template} is no checkout of the template's Task_1", file=sys.stderr)
        return 2
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(options.template.resolve()))
    facts: dict = {"source": _sources(options), "versions": _versions()}
    ct_path, pet_path = options.ct, options.pet
    if options.enlarge_to:
        ct_path, pet_path = enlarge(options, facts)
    started = time.perf_counter()
    tensor, meta, state = preprocess(ct_path, pet_path, facts)
    facts["seconds"] = {"preprocessing": round(time.perf_counter() - started, 2)}
    started = time.perf_counter()
    prediction = infer(options.checkpoint, tensor, facts)
    facts["seconds"]["inference"] = round(time.perf_counter() - started, 2)
    labels = prediction.transpose(0, 3, 1, 2)[0].astype(np.uint8)
    sitk.WriteImage(sitk.GetImageFromArray(labels), str(options.out / "labels.mha"), useCompression=True)
    facts["labels"] = _label_counts(labels)
    restore(labels, meta, state, ct_path, options.out, facts)
    (options.out / "facts.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({k: facts[k] for k in ("seconds", "labels", "mask")}, indent=2))
    return 0


def enlarge(options: argparse.Namespace, facts: dict) -> tuple[pathlib.Path, pathlib.Path]:
    """Pads both images by whole voxels on both sides in x and y."""
    paths, record = [], {}
    for name, path, value in (("ct", options.ct, AIR), ("pet", options.pet, NO_UPTAKE)):
        image = sitk.ReadImage(str(path))
        extent = [n * s for n, s in zip(image.GetSize(), image.GetSpacing())]
        voxels = [
            max(0, int(np.ceil((options.enlarge_to - extent[axis]) / 2 / image.GetSpacing()[axis])))
            for axis in (0, 1)
        ]
        pad = [*voxels, 0]
        target = options.out / f"{name}.mha"
        sitk.WriteImage(sitk.ConstantPad(image, pad, pad, value), str(target), useCompression=True)
        record[name] = {"voxelsPerSide": pad, "value": value}
        paths.append(target)
    facts["enlarged"] = record
    return paths[0], paths[1]


def preprocess(ct_path: pathlib.Path, pet_path: pathlib.Path, facts: dict):
    """The template's resampling, neck crop and intensity transforms, up to the network's input."""
    from resources.preprocess import apply_monai_transforms, crop_neck_region_sitk, resample_images
    from resources.utils import arrays_to_tensor

    ct, pet, box = resample_images(ct_path=str(ct_path), pet_path=str(pet_path))
    facts["resampled"] = {
        "box": [float(v) for v in box],
        "size": list(ct.GetSize()),
        "origin": list(ct.GetOrigin()),
        "ct": _statistics(sitk.GetArrayViewFromImage(ct)),
        "pet": _statistics(sitk.GetArrayViewFromImage(pet)),
    }
    ct_crop, pet_crop, start, end = crop_neck_region_sitk(ct_sitk=ct, pet_sitk=pet)
    facts["neckBox"] = {"start": [int(v) for v in start], "end": [int(v) for v in end]}
    ct_out, pet_out, meta = apply_monai_transforms(ct_crop, pet_crop)
    facts["foreground"] = _foreground(ct_out)
    tensor = arrays_to_tensor(ct_out, pet_out).permute(0, 1, 3, 4, 2).contiguous()
    facts["tensor"] = {
        "dims": list(tensor.shape),
        "ct": _statistics(tensor[0, 0].numpy()),
        "pet": _statistics(tensor[0, 1].numpy()),
    }
    return tensor.as_tensor() if hasattr(tensor, "as_tensor") else tensor, meta, (ct, start, end)


def infer(checkpoint: pathlib.Path, tensor: torch.Tensor, facts: dict) -> np.ndarray:
    """The template's model loading and sliding window; its own messages are kept out of ours."""
    from resources.utils import load_model_from_checkpoint, run_inference

    said = io.StringIO()
    with contextlib.redirect_stdout(said), torch.serialization.safe_globals([pathlib.PosixPath]):
        model, config = load_model_from_checkpoint(checkpoint, device="cpu")
        prediction = None
        if model is not None:
            prediction = run_inference(model, tensor, config, device="cpu", use_sliding_window=True)
    if prediction is None:
        raise SystemExit(f"error: the template failed:\n{said.getvalue()}")
    facts["roi"] = list(config.spatial_size)
    return prediction


def restore(labels, meta, state, ct_path, out: pathlib.Path, facts: dict) -> None:
    """The template's way back onto the CT's grid."""
    from resources.postprocess import prediction_to_original_space

    resampled, start, end = state
    try:
        original = sitk.ReadImage(str(ct_path))
        mask = prediction_to_original_space(labels, meta, start, end, resampled, original)
    except ValueError as error:
        facts["mask"] = {"failed": str(error)}
        return
    facts["mask"] = {**_label_counts(sitk.GetArrayViewFromImage(mask)), "size": list(mask.GetSize())}
    sitk.WriteImage(mask, str(out / "mask.mha"), useCompression=True)


def _foreground(image) -> dict:
    """Corner and size of the foreground crop (z, y, x), from the transforms MONAI recorded."""
    for record in getattr(image, "applied_operations", []):
        if "CropForeground" in str(record.get("class")):
            cropped = record.get("extra_info", {}).get("cropped", [])
            lower, upper = [int(v) for v in cropped[0::2]], [int(v) for v in cropped[1::2]]
            size = [int(n) for n in record["orig_size"]]
            end = [n - u for n, u in zip(size, upper)]
            return {"axes": "zyx", "start": lower, "end": end, "of": size}
    return {}


def _statistics(array) -> dict:
    values = np.asarray(array, dtype=np.float64)
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(values.mean()),
        "std": float(values.std()),
    }


def _label_counts(array) -> dict:
    values, counts = np.unique(np.asarray(array), return_counts=True)
    return {"counts": {str(int(v)): int(c) for v, c in zip(values, counts)}}


def _sources(options: argparse.Namespace) -> dict:
    return {name: _named(getattr(options, name)) for name in ("checkpoint", "ct", "pet")}


def _named(path: pathlib.Path) -> dict:
    with path.open("rb") as file:
        return {"name": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _versions() -> dict:
    import monai
    import skimage

    return {
        "torch": torch.__version__,
        "monai": monai.__version__,
        "SimpleITK": sitk.Version_VersionString(),
        "scikit-image": skimage.__version__,
        "numpy": np.__version__,
    }


if __name__ == "__main__":
    raise SystemExit(main())
