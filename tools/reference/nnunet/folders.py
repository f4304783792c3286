"""The trained folders of the end-to-end goldens: small networks, each with what it is there to show."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
import SimpleITK as sitk

from cohort import LABELS, Patient, read_phantom, write_dataset
from train import plan, preprocess, shrink, train

Spacing = tuple[float, float, float]
Size = tuple[int, int, int]
REGIONS = {"background": 0, "tumour": [1, 2], "GTVn": 2}
PATCH = (32, 32, 32)


def crop(
    patient: Patient,
    size: Size,
    spacing: Spacing,
    at: str | int = "lesions",
    shift: Sequence[float] = (0, 0, 0),
    direction: Sequence[float] = (1, 0, 0, 0, 1, 0, 0, 0, 1),
) -> Patient:
    """A box around the lesions, or around one label, on grids of its own: x, y, z in voxels and mm."""
    labels = sitk.GetArrayViewFromImage(patient.labels)
    found = np.argwhere(labels > 0 if at == "lesions" else labels == at)
    centre = np.array(patient.labels.TransformContinuousIndexToPhysicalPoint(found.mean(0)[::-1].tolist()))

    def resample(image: sitk.Image, size: Size, spacing: Spacing, interpolator, outside) -> sitk.Image:
        half = np.array(direction).reshape(3, 3) @ (np.array(spacing) * (np.array(size) - 1) / 2)
        origin = (centre + shift - half).tolist()
        return sitk.Resample(
            image, size, sitk.Transform(), interpolator, origin, spacing, direction, outside, sitk.sitkFloat32
        )

    extent = np.array(size) * spacing
    ct = sitk.Cast(sitk.Round(resample(patient.ct, size, spacing, sitk.sitkLinear, -1000)), sitk.sitkInt16)
    # Its own grid, a little larger than the CT's; sixteenths keep the files small.
    pet_size = tuple(int(n) for n in np.ceil(extent / 4) + 3)
    pet = resample(patient.pet, pet_size, (4.0, 4.0, 4.0), sitk.sitkLinear, 0)
    pet = sitk.Cast(sitk.Round(pet * 16), sitk.sitkFloat32) / 16
    mask = sitk.Cast(resample(patient.labels, size, spacing, sitk.sitkNearestNeighbor, 0), sitk.sitkUInt8)
    return Patient(ct, pet, mask)


def zero_outside(patient: Patient, radius: float, margin: int = 0) -> Patient:
    """Zeros outside a cylinder along z, mm, and in `margin` slices at either end: a scanner's padding."""

    def clear(image: sitk.Image) -> sitk.Image:
        x, y, _ = image.GetSize()
        centre = image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()])
        grid = np.mgrid[:y, :x] * np.array(image.GetSpacing()[1::-1])[:, None, None]
        grid += np.array(image.GetOrigin()[1::-1])[:, None, None] - np.array(centre[1::-1])[:, None, None]
        values = sitk.GetArrayFromImage(image)
        values[:, np.hypot(*grid) > radius] = 0
        slices = int(round(margin * patient.ct.GetSpacing()[2] / image.GetSpacing()[2]))
        if slices:
            values[:slices] = 0
            values[-slices:] = 0
        cleared = sitk.GetImageFromArray(values)
        cleared.CopyInformation(image)
        return cleared

    return Patient(*map(clear, patient))


@dataclass(frozen=True)
class Folder:
    """What to train on and how."""

    dataset: int
    spacing: Spacing = (3.0, 3.0, 3.0)
    size: Size = (48, 48, 48)
    patch: Sequence[int] = PATCH
    stages: int = 3
    features: int = 8
    labels: dict = field(default_factory=lambda: LABELS)
    order: list[int] | None = None
    change: Callable[[Patient], Patient] = lambda patient: patient
    planner: str = "ExperimentPlanner"
    edit: Callable[[dict], None] = lambda plans: None
    configurations: Sequence[str] = ("3d_fullres",)
    folds: Sequence[int | str] = (0,)
    training: dict = field(default_factory=dict)


def add_cascade(plans: dict) -> None:
    """A first stage at twice the spacing, by the plan of the second."""
    configurations = plans["configurations"]
    low = copy.deepcopy(configurations["3d_fullres"])
    low.update(spacing=[5.0, 5.0, 5.0], data_identifier="nnUNetPlans_3d_lowres", next_stage="3d_cascade_fullres")
    shrink(low, (24, 24, 24), 4)
    configurations["3d_lowres"] = low
    configurations["3d_cascade_fullres"] = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}


def age(plans: dict) -> None:
    """Writes the plan as nnU-Net 2.0 to 2.3 did: the network's numbers beside the others."""
    configuration = plans["configurations"]["3d_fullres"]
    network = configuration.pop("architecture")["arch_kwargs"]
    configuration.update(
        UNet_class_name="PlainConvUNet",
        UNet_base_num_features=network["features_per_stage"][0],
        unet_max_num_features=320,
        n_conv_per_stage_encoder=network["n_conv_per_stage"],
        n_conv_per_stage_decoder=network["n_conv_per_stage_decoder"],
        num_pool_per_axis=[sum(step[axis] == 2 for step in network["strides"]) for axis in range(3)],
        pool_op_kernel_sizes=network["strides"],
        conv_kernel_sizes=network["kernel_sizes"],
    )


FOLDERS = {
    "plain": Folder(601),
    "anisotropic": Folder(602, spacing=(1.6, 1.6, 5.0), size=(80, 80, 26), patch=(16, 48, 48)),
    # The coarse axis comes first in the network: x, z, y.
    "transposed": Folder(603, spacing=(5.0, 2.0, 2.2), size=(26, 64, 58), patch=(16, 40, 40)),
    "masked": Folder(604, size=(76, 76, 52), change=lambda patient: zero_outside(patient, 70, 3), training={"epochs": 4}),
    "regions": Folder(605, labels=REGIONS, order=[1, 2]),
    "residual": Folder(606, planner="nnUNetPlannerResEncM", features=8),
    "folds": Folder(
        607,
        folds=(0, 1, 2, 3, 4),
        training={"trainer_name": "nnUNetTrainerNoMirroring", "rate": 0.03},
        features=6,
    ),
    "cascade": Folder(
        608,
        spacing=(2.5, 2.5, 2.5),
        size=(56, 56, 56),
        edit=add_cascade,
        configurations=("3d_lowres", "3d_cascade_fullres"),
        folds=("all",),
    ),
    "old-plans": Folder(609, edit=age),
    # Random weights: many voxels are near ties.
    "seeded": Folder(610, features=4, training={"epochs": 1, "iterations": 1, "rate": 0.0}),
}


def make_folder(name: str, cohort: Path, root: Path) -> dict[str, str]:
    """Trains what is not trained yet; returns the trained folder of each configuration."""
    folder = FOLDERS[name]
    record = root / f"{name}.json"
    if record.exists():
        return json.loads(record.read_text())
    phantoms = sorted(path for path in cohort.iterdir() if path.name.isdigit())[:10]
    write_dataset(
        root / "nnUNet_raw" / f"Dataset{folder.dataset}_{name.replace('-', '')}",
        ((path.name, folder.change(crop(read_phantom(path), folder.size, folder.spacing))) for path in phantoms),
        labels=folder.labels,
        regions_class_order=folder.order,
    )

    def edit(plans: dict) -> None:
        shrink(plans["configurations"]["3d_fullres"], folder.patch, folder.features, folder.stages)
        folder.edit(plans)

    _, plans_name = plan(folder.dataset, folder.spacing[::-1], edit, folder.planner)
    for configuration in folder.configurations:
        preprocess(folder.dataset, plans_name, configuration.replace("cascade_", ""))
    trained = {}
    for configuration in folder.configurations:
        for fold in folder.folds:
            trained[configuration] = str(
                train(folder.dataset, plans_name, fold, configuration, **folder.training)
            )
    record.write_text(json.dumps(trained))
    return trained
