#!/usr/bin/env python3
"""End-to-end goldens of nnU-Net: folders trained with the package, and its label maps.

    node tools/train/build.mjs
    node dist/tools/train/make-cohort.mjs --first 1000 --count 12 --out tmp/cohort
    python make_folders.py --cohort tmp/cohort --root tmp/nnunet --out libs/pipeline/golden/nnunet-folders

Trains the folders of folders.py, runs nnUNetPredictor on the CPU on the cases below as the command
line does, exports the folders with tools/export and writes per case the CT, the PET on its own grid
and the label map. Training is seeded; threads and library versions change its last bits, so a second
run gives other goldens of the same kind. What is trained already is kept: name the folders to make
again with --again.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "train" / "nnunet"))

import numpy as np  # noqa: E402
import SimpleITK as sitk  # noqa: E402

from cohort import Patient, read_phantom, write_images  # noqa: E402
from train import set_paths  # noqa: E402

PACKAGES = ("nnunetv2", "dynamic-network-architectures", "torch", "scikit-image", "scipy", "numpy", "SimpleITK")
EXPORTER = HERE.parents[1] / "export" / "export.py"
OBLIQUE = (0.9848077530122081, -0.17364817766693033, 0, 0.17364817766693033, 0.9848077530122081, 0, 0, 0, 1)


class Case(NamedTuple):
    folder: str
    phantom: str
    make: Callable[[Patient], Patient]
    """What it shows."""
    about: str
    ending: str = ".mha"


def make_cases() -> dict[str, Case]:
    from folders import crop, zero_outside

    def box(size, spacing, **rest):
        return lambda patient: crop(patient, size, spacing, **rest)

    return {
        "isotropic": Case(
            "plain", "1010", box((60, 56, 58), (2.0, 2.0, 2.0), direction=OBLIQUE), "finer than the plan, oblique"
        ),
        "thick-slices": Case(
            "plain", "1011", box((72, 64, 22), (1.2, 1.2, 4.4)), "separate z in data and logits, NIfTI", ".nii.gz"
        ),
        "small": Case(
            "plain", "1010", box((24, 40, 15), (3.1, 2.9, 3.3), at=1, shift=(20, 0, 0)), "smaller than the patch"
        ),
        "one-slice": Case("plain", "1011", box((48, 44, 1), (2.0, 2.0, 2.4), at=1), "one voxel along z"),
        "padded": Case(
            "plain",
            "1010",
            lambda patient: zero_outside(crop(patient, (64, 64, 40), (2.5, 2.5, 3.0)), 56, 2),
            "zeros around the scan, cropped",
        ),
        "anisotropic": Case("anisotropic", "1011", box((72, 68, 22), (1.5, 1.5, 4.7)), "separate z, both anisotropic"),
        "transposed": Case("transposed", "1010", box((24, 56, 60), (4.7, 2.1, 2.1)), "axes in the order x, z, y"),
        "masked": Case(
            "masked",
            "1011",
            lambda patient: zero_outside(crop(patient, (72, 72, 44), (2.6, 2.6, 3.0)), 66, 3),
            "z-score inside the mask only",
        ),
        "regions": Case("regions", "1010", box((48, 46, 44), (3.0, 3.0, 3.0)), "regions; nothing is resampled"),
        "residual": Case("residual", "1011", box((56, 50, 50), (2.6, 2.6, 2.8)), "ResidualEncoderUNet"),
        "folds": Case("folds", "1010", box((46, 46, 44), (2.8, 2.8, 3.1)), "five folds, no mirroring"),
        # The package finds the first stage's label map by the case's name, if the ending is the dataset's.
        "cascade": Case(
            "cascade", "1011", box((60, 54, 52), (2.2, 2.2, 2.6)), "3d_lowres, then 3d_cascade_fullres", ".nii.gz"
        ),
        "old-plans": Case("old-plans", "1010", box((44, 44, 40), (3.3, 3.3, 3.0)), "a plan of 2023"),
        "seeded": Case("seeded", "1011", box((48, 44, 40), (2.5, 2.5, 2.9)), "random weights, near ties everywhere"),
    }


def predict(trained: dict[str, str], files: list[str], out: Path) -> np.ndarray:
    """nnUNetv2_predict of each configuration in turn; a later one gets the earlier one's label map."""
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    previous = None
    for configuration, folder in trained.items():
        target = out / configuration
        target.mkdir(parents=True, exist_ok=True)
        predictor = nnUNetPredictor(device=torch.device("cpu"), allow_tqdm=False)
        folds = ["all"] if (Path(folder) / "fold_all").exists() else None
        predictor.initialize_from_trained_model_folder(folder, folds)
        name = str(target / "case")
        predictor.predict_from_files_sequential([files], [name], folder_with_segs_from_prev_stage=previous)
        previous = str(target)
    return sitk.GetArrayFromImage(sitk.ReadImage(f"{name}.nii.gz"))


def make_case(name: str, case: Case, trained: dict[str, str], options: argparse.Namespace) -> dict:
    patient = case.make(read_phantom(options.cohort / case.phantom))
    work, out = options.root / "cases" / name, options.out / "cases" / name
    out.mkdir(parents=True, exist_ok=True)
    files = write_images(work, "case", patient.ct, patient.pet, case.ending)
    for image, kind in ((patient.ct, "ct"), (patient.pet, "pet")):
        sitk.WriteImage(image, str(out / f"{kind}{case.ending}"), True)
    labels = predict(trained, files, work)
    mask = sitk.GetImageFromArray(labels.astype(np.uint8))
    # As read from the file, which is what the answer must lie on.
    mask.CopyInformation(sitk.ReadImage(files[0]))
    sitk.WriteImage(mask, str(out / "mask.mha"), True)
    voxels = [int((labels == label).sum()) for label in (1, 2)]
    truth = sitk.GetArrayFromImage(patient.labels)
    print(f"{name}: {voxels} voxels, truth {[int((truth == label).sum()) for label in (1, 2)]}", flush=True)
    return {"name": name, "folder": case.folder, "about": case.about, "ending": case.ending, "voxels": voxels}


def export(name: str, trained: dict[str, str], out: Path) -> None:
    """Both stages of a cascade go into one folder."""
    target = out / "folders" / name
    shutil.rmtree(target, ignore_errors=True)
    last = list(trained.values())[-1]
    command = [sys.executable, str(EXPORTER), "--nnunet", last, "--task", "task1", "--out", str(target)]
    if name == "regions":
        # The label of GTVp alone has no name there.
        command += ["--labels", "GTVp=1", "GTVn=2"]
    if len(trained) > 1:
        command += ["--nnunet-lowres", next(iter(trained.values()))]
    subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", type=Path, required=True)
    parser.add_argument("--root", type=Path, required=True, help="work folder: nnUNet_raw and its kin")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", help="these folders")
    options = parser.parse_args()
    set_paths(options.root.resolve())
    from folders import FOLDERS, make_folder

    names = options.only or list(FOLDERS)
    cases = make_cases()
    options.out.mkdir(parents=True, exist_ok=True)
    facts_file = options.out / "facts.json"
    known = json.loads(facts_file.read_text())["cases"] if facts_file.exists() else []
    facts = {case["name"]: case for case in known}
    versions = {package: importlib.metadata.version(package) for package in PACKAGES}
    for folder in names:
        trained = make_folder(folder, options.cohort, options.root.resolve())
        for name, case in cases.items():
            if case.folder == folder:
                facts[name] = make_case(name, case, trained, options)
        export(folder, trained, options.out)
        found = [facts[name] for name in cases if name in facts]
        facts_file.write_text(json.dumps({"versions": versions, "cases": found}, indent=2) + "\n")


if __name__ == "__main__":
    main()
