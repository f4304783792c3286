#!/usr/bin/env python3
"""Plans, preprocesses and trains a small network with nnU-Net itself, on the CPU in minutes.

    python train.py --root tmp --dataset 501 --spacing 4 4 4 --patch 48 48 48

Does what nnUNetv2_plan_and_preprocess and nnUNetv2_train do on <root>/nnUNet_raw, with a plan made
small: few features, few stages, few iterations. The trained folder lies in <root>/nnUNet_results.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from pathlib import Path
from typing import Callable, Sequence


def set_paths(root: Path) -> None:
    """Must come before anything of nnunetv2 is imported."""
    for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
        os.environ[name] = str(root / name)
        (root / name).mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("nnUNet_def_n_proc", "1")
    os.environ["nnUNet_n_proc_DA"] = "1"


def shrink(configuration: dict, patch: Sequence[int], features: int = 8, stages: int = 3) -> None:
    """Makes the network of a plan's configuration small; axes shorter than 32 are halved less often."""
    network = configuration["architecture"]["arch_kwargs"]
    residual = "n_blocks_per_stage" in network
    strides = [[1 if stage == 0 or length // 2**stage < 8 else 2 for length in patch] for stage in range(stages)]
    network.update(
        n_stages=stages,
        features_per_stage=[features * 2**stage for stage in range(stages)],
        kernel_sizes=[[3, 3, 3]] * stages,
        strides=strides,
        n_conv_per_stage_decoder=[1] * (stages - 1),
        **({"n_blocks_per_stage": [1] * stages} if residual else {"n_conv_per_stage": [1] * stages}),
    )
    configuration.update(patch_size=list(patch), batch_size=2)


def plan(
    dataset: int,
    spacing: Sequence[float] | None,
    edit: Callable[[dict], None],
    planner: str = "ExperimentPlanner",
) -> tuple[Path, str]:
    """Fingerprint and plan; `edit` changes the plan before it is used. Returns its file and name."""
    from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments
    from nnunetv2.utilities.dataset_name_id_conversion import convert_id_to_dataset_name

    extract_fingerprints([dataset], num_processes=1)
    name = plan_experiments([dataset], planner, overwrite_target_spacing=spacing)
    file = Path(os.environ["nnUNet_preprocessed"]) / convert_id_to_dataset_name(dataset) / f"{name}.json"
    plans = json.loads(file.read_text())
    edit(plans)
    file.write_text(json.dumps(plans, indent=2))
    return file, name


def preprocess(dataset: int, plans_name: str, configuration: str = "3d_fullres") -> None:
    from nnunetv2.experiment_planning.plan_and_preprocess_api import preprocess_dataset

    preprocess_dataset(dataset, plans_name, [configuration], [1])


def train(
    dataset: int,
    plans_name: str,
    fold: int | str,
    configuration: str = "3d_fullres",
    trainer_name: str = "nnUNetTrainerAdam",
    epochs: int = 2,
    iterations: int = 60,
    rate: float = 5e-3,
    seed: int = 11,
) -> Path:
    """Trains one fold and returns the folder of the trained model, for nnUNetv2_predict_from_modelfolder."""
    import numpy as np
    import torch
    from nnunetv2.run.run_training import get_trainer_from_args

    # No process for augmentation beside this one; planning asks for at least one.
    os.environ["nnUNet_n_proc_DA"] = "0"
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(int(os.environ["nnUNet_def_n_proc"]))
    trainer = get_trainer_from_args(
        str(dataset), configuration, fold, trainer_name, plans_name, device=torch.device("cpu")
    )
    trainer.initial_lr = rate
    trainer.num_epochs = epochs
    trainer.num_iterations_per_epoch = iterations
    trainer.num_val_iterations_per_epoch = 2
    trainer.run_training()
    os.environ["nnUNet_n_proc_DA"] = "1"
    if trainer.configuration_manager.next_stage_names:
        # The next stage of a cascade is trained on these predictions.
        trainer.perform_actual_validation()
    return Path(trainer.output_folder_base)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, required=True, help="holds nnUNet_raw; gets the other two folders")
    parser.add_argument("--dataset", type=int, default=501)
    parser.add_argument("--spacing", type=float, nargs=3, help="mm along z, y and x; nnU-Net's own choice if absent")
    parser.add_argument("--patch", type=int, nargs=3, default=[48, 48, 48])
    parser.add_argument("--features", type=int, default=8, help="of the first stage")
    parser.add_argument("--stages", type=int, default=4)
    parser.add_argument("--folds", nargs="+", default=["0"], help="0 to 4, or all")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--iterations", type=int, default=60, help="of each epoch")
    parser.add_argument("--trainer", default="nnUNetTrainerAdam", help="a class of the package")
    options = parser.parse_args()
    set_paths(options.root)

    def edit(plans: dict) -> None:
        shrink(plans["configurations"]["3d_fullres"], options.patch, options.features, options.stages)

    _, name = plan(options.dataset, options.spacing, edit)
    preprocess(options.dataset, name)
    for fold in options.folds:
        folder = train(
            options.dataset,
            name,
            fold if fold == "all" else int(fold),
            trainer_name=options.trainer,
            epochs=options.epochs,
            iterations=options.iterations,
        )
    print(folder)


if __name__ == "__main__":
    main()
