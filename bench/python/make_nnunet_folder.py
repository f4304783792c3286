#!/usr/bin/env python3
"""Writes a trained model folder of nnU-Net v2 with seeded random weights.

    python make_nnunet_folder.py FOLDER --features 32 --spacing 3 [--mirroring]

nnU-Net's default 3-D network (at most 320 features) at a patch of 128^3, or a tiny one of the same
windows. For timing alone: the network does the full work and its answer means nothing.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import torch
from nnunetv2.utilities.get_network_from_plans import get_network_from_plans

PATCH = [128, 128, 128]
INTENSITIES = {"max": 3000.0, "mean": 60.0, "median": 60.0, "min": -1000.0, "percentile_00_5": -150.0, "percentile_99_5": 300.0, "std": 50.0}  # fmt: skip
DATASET = {
    "channel_names": {"0": "CT", "1": "PET"},
    "labels": {"background": 0, "GTVp": 1, "GTVn": 2},
    "numTraining": 1,
    "file_ending": ".mha",
}


def network_of(features: int) -> dict:
    """The default network has six stages and two convolutions in each; the tiny one has two stages."""
    stages, convolutions = (6, 2) if features >= 32 else (2, 1)
    return {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": stages,
            "features_per_stage": [min(features * 2**stage, 320) for stage in range(stages)],
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": [[3, 3, 3]] * stages,
            "strides": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1),
            "n_conv_per_stage": [convolutions] * stages,
            "n_conv_per_stage_decoder": [convolutions] * (stages - 1),
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


def plans_of(network: dict, spacing: float) -> dict:
    resampling = "resample_data_or_seg_to_shape"
    kwargs = {"is_seg": False, "order_z": 0, "force_separate_z": None}
    configuration = {
        "data_identifier": "nnUNetPlans_3d_fullres",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": PATCH,
        "median_image_size_in_voxels": [300, 512, 512],
        "spacing": [spacing] * 3,
        "normalization_schemes": ["CTNormalization", "ZScoreNormalization"],
        "use_mask_for_norm": [False, False],
        "resampling_fn_data": resampling,
        "resampling_fn_data_kwargs": {**kwargs, "order": 3},
        "resampling_fn_seg": resampling,
        "resampling_fn_seg_kwargs": {**kwargs, "is_seg": True, "order": 1},
        "resampling_fn_probabilities": resampling,
        "resampling_fn_probabilities_kwargs": {**kwargs, "order": 1},
        "architecture": network,
        "batch_dice": False,
    }
    return {
        "dataset_name": "Dataset999_Bench",
        "plans_name": "nnUNetPlans",
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "configurations": {"3d_fullres": configuration},
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {"0": INTENSITIES, "1": INTENSITIES},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--features", type=int, required=True)
    parser.add_argument("--spacing", type=float, required=True, help="mm")
    parser.add_argument("--mirroring", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(2025)
    described = network_of(options.features)
    network = get_network_from_plans(
        described["network_class_name"], described["arch_kwargs"], described["_kw_requires_import"], 2, 3,
        deep_supervision=True,
    )  # fmt: skip
    fold = options.folder / "fold_0"
    fold.mkdir(parents=True)
    plans = plans_of(described, options.spacing)
    (options.folder / "plans.json").write_text(json.dumps(plans, indent=2))
    (options.folder / "dataset.json").write_text(json.dumps(DATASET, indent=2))
    checkpoint = {
        "network_weights": network.state_dict(),
        "init_args": {"configuration": "3d_fullres", "fold": 0},
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (0, 1, 2) if options.mirroring else None,
    }
    torch.save(checkpoint, fold / "checkpoint_final.pth")


if __name__ == "__main__":
    main()
