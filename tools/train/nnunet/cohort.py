#!/usr/bin/env python3
"""Puts phantoms into nnU-Net's raw layout, the PET on the CT's grid.

    node dist/tools/train/make-cohort.mjs --first 1000 --count 12 --out tmp/cohort
    python cohort.py --cohort tmp/cohort --out tmp/nnUNet_raw/Dataset501_Phantoms

Channel 0000 is the CT, 0001 the PET; labels are 1 GTVp and 2 GTVn.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Iterable, NamedTuple

import numpy as np
import SimpleITK as sitk

CHANNELS = {"0": "CT", "1": "PET"}
LABELS = {"background": 0, "GTVp": 1, "GTVn": 2}


class Patient(NamedTuple):
    ct: sitk.Image
    pet: sitk.Image
    labels: sitk.Image


def read_phantom(folder: Path) -> Patient:
    """A phantom as make-cohort.ts writes it."""
    header = json.loads((folder / "phantom.json").read_text())

    def read(name: str, grid: dict, kind: type) -> sitk.Image:
        data = np.fromfile(folder / f"{name}.raw", dtype=kind).reshape(grid["size"][::-1])
        image = sitk.GetImageFromArray(data)
        image.SetSpacing(grid["spacing"])
        image.SetOrigin(grid["origin"])
        return image

    return Patient(
        read("ct", header["ct"], np.int16),
        read("pet", header["pet"], np.float32),
        read("labels", header["ct"], np.uint8),
    )


def onto(image: sitk.Image, grid: sitk.Image, interpolator=sitk.sitkLinear, outside: float = 0) -> sitk.Image:
    return sitk.Resample(image, grid, sitk.Transform(), interpolator, outside)


def write_images(folder: Path, name: str, ct: sitk.Image, pet: sitk.Image, ending: str = ".nii.gz") -> list[str]:
    """Writes the channels of a case and returns their files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [str(folder / f"{name}_{channel:04d}{ending}") for channel in range(2)]
    sitk.WriteImage(ct, files[0], True)
    sitk.WriteImage(onto(sitk.Cast(pet, sitk.sitkFloat32), ct), files[1], True)
    return files


def write_dataset(
    folder: Path,
    patients: Iterable[tuple[str, Patient]],
    channels: dict = CHANNELS,
    labels: dict = LABELS,
    regions_class_order: list[int] | None = None,
) -> None:
    """A dataset of nnUNet_raw: images, labels and dataset.json."""
    (folder / "labelsTr").mkdir(parents=True, exist_ok=True)
    count = 0
    for name, patient in patients:
        write_images(folder / "imagesTr", name, patient.ct, patient.pet)
        sitk.WriteImage(patient.labels, str(folder / "labelsTr" / f"{name}.nii.gz"), True)
        count += 1
    dataset = {"channel_names": channels, "labels": labels, "numTraining": count, "file_ending": ".nii.gz"}
    if regions_class_order is not None:
        dataset["regions_class_order"] = regions_class_order
    (folder / "dataset.json").write_text(json.dumps(dataset, indent=2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="e.g. nnUNet_raw/Dataset501_Phantoms")
    options = parser.parse_args()
    folders = sorted(path for path in options.cohort.iterdir() if path.name.isdigit())
    write_dataset(options.out, ((f"phantom_{folder.name}", read_phantom(folder)) for folder in folders))
    print(f"{options.out}: {len(folders)} cases")


if __name__ == "__main__":
    main()
