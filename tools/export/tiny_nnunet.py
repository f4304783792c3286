"""Small trained model folders, seeded, as nnU-Net v2 would have left them."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import numpy as np
import torch
from dynamic_network_architectures.architectures import unet
from dynamic_network_architectures.building_blocks.residual import BottleneckD
from nnunet.stunet import STUNet

INTENSITIES = {"max": 3000.0, "mean": 37.3, "median": 41.7, "min": -1000.0, "percentile_00_5": -135.3,
               "percentile_99_5": 161.1, "std": 45.6}  # fmt: skip
RESAMPLING = {
    f"resampling_fn_{what}{suffix}": value
    for what, order in (("data", 3), ("seg", 1), ("probabilities", 1))
    for suffix, value in (
        ("", "resample_data_or_seg_to_shape"),
        ("_kwargs", {"is_seg": what == "seg", "order": order, "order_z": 0, "force_separate_z": None}),
    )
}
STRIDES = [[1, 1, 1], [2, 2, 2], [1, 2, 2]]
KERNELS = [[1, 3, 3], [3, 3, 3], [3, 3, 3]]
NORM = {"norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d", "norm_op_kwargs": {"eps": 1e-5, "affine": True}}
ARGUMENTS = {
    "n_stages": 3, "features_per_stage": [4, 8, 12], "conv_op": "torch.nn.modules.conv.Conv3d",
    "kernel_sizes": KERNELS, "strides": STRIDES, "n_conv_per_stage_decoder": [1, 1], "conv_bias": True,
    "dropout_op": None, "dropout_op_kwargs": None, "nonlin": "torch.nn.LeakyReLU", "nonlin_kwargs": {"inplace": True},
    **NORM,
}  # fmt: skip
DEPTHS = {
    "PlainConvUNet": "n_conv_per_stage",
    "ResidualEncoderUNet": "n_blocks_per_stage",
    "ResidualUNet": "n_blocks_per_stage",
}
DATASET = {
    "channel_names": {"0": "CT", "1": "PET"},
    "labels": {"background": 0, "GTVp": 1, "GTVn": 2},
    "file_ending": ".nii.gz",
}


def configuration(name: str = "PlainConvUNet", **changes: Any) -> dict[str, Any]:
    """A configuration of today's plans."""
    architecture = {
        "network_class_name": f"dynamic_network_architectures.architectures.unet.{name}",
        "arch_kwargs": {**ARGUMENTS, DEPTHS.get(name, "n_conv_per_stage"): [1, 2, 2]},
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }
    return {
        "preprocessor_name": "DefaultPreprocessor", "patch_size": [16, 24, 24], "spacing": [3.0, 1.0, 1.5],
        "normalization_schemes": ["CTNormalization", "ZScoreNormalization"], "use_mask_for_norm": [False, True],
        **RESAMPLING, "architecture": architecture, **changes,
    }  # fmt: skip


def old_configuration() -> dict[str, Any]:
    """The same network in the words of 2023."""
    found = configuration()
    del found["architecture"]
    return {
        **found, "UNet_class_name": "PlainConvUNet", "UNet_base_num_features": 4, "n_conv_per_stage_encoder": [1, 2, 2],
        "n_conv_per_stage_decoder": [1, 1], "num_pool_per_axis": [1, 2, 2], "pool_op_kernel_sizes": STRIDES,
        "conv_kernel_sizes": KERNELS, "unet_max_num_features": 12,
    }  # fmt: skip


def network(
    name: str = "PlainConvUNet", inputs: int = 2, outputs: int = 3, seed: int = 5, **changes: Any
) -> torch.nn.Module:
    """A network as the trainer would build it, deep supervision included."""
    torch.manual_seed(seed)
    if name == "STUNet":
        built = STUNet(inputs, outputs, [4, 6, 8, 10, 12, 12], [2, 1, 1, 1, 1, 1], [*STRIDES[1:], *[[1, 1, 1]] * 3])
    else:
        given = {**ARGUMENTS, DEPTHS[name]: [1, 2, 2], **changes}
        norm = torch.nn.BatchNorm3d if "Batch" in given["norm_op"] else torch.nn.InstanceNorm3d
        layers = {"conv_op": torch.nn.Conv3d, "nonlin": torch.nn.LeakyReLU, "block": BottleneckD, "norm_op": norm}
        given.update({key: layers[key] for key in layers if key in given})
        built = getattr(unet, name)(input_channels=inputs, num_classes=outputs, deep_supervision=True, **given)
    for parameter in built.parameters():
        torch.nn.init.normal_(parameter, 0.0, 0.2) if parameter.dim() == 1 else torch.nn.init.kaiming_normal_(parameter)
    return built


def write_folder(
    path: pathlib.Path,
    built: torch.nn.Module,
    *,
    configurations: dict[str, Any] | None = None,
    name: str = "3d_fullres",
    trainer: str = "nnUNetTrainer",
    folds: tuple[str, ...] = ("0",),
    plans: dict[str, Any] | None = None,
    dataset: dict[str, Any] | None = None,
    mirroring: tuple[int, ...] | None = (0, 1, 2),
    prefix: str = "",
    checkpoint: str = "final",
) -> pathlib.Path:
    """Writes plans.json, dataset.json and a checkpoint for each fold."""
    path.mkdir(parents=True, exist_ok=True)
    whole = {
        "dataset_name": "Dataset104_Tiny", "plans_name": "nnUNetPlans", "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2], "transpose_backward": [0, 1, 2], "label_manager": "LabelManager",
        "configurations": configurations or {"3d_fullres": configuration()},
        "foreground_intensity_properties_per_channel": {"0": INTENSITIES, "1": INTENSITIES}, **(plans or {}),
    }  # fmt: skip
    (path / "plans.json").write_text(json.dumps(whole))
    (path / "dataset.json").write_text(json.dumps(dataset or DATASET))
    for fold in folds:
        (path / f"fold_{fold}").mkdir(exist_ok=True)
        kept = {
            "network_weights": {f"{prefix}{key}": value for key, value in built.state_dict().items()},
            "optimizer_state": {"state": {0: {"momentum_buffer": torch.zeros(3)}}, "param_groups": [{"lr": 0.01}]},
            "grad_scaler_state": None,
            "logging": {"mean_fg_dice": [np.float64(0.5), np.float32(0.25)], "lrs": [0.01]},
            "_best_ema": np.float64(0.5),
            "init_args": {"plans": whole, "configuration": name, "fold": fold, "device": torch.device("cuda")},
            "trainer_name": trainer,
            "inference_allowed_mirroring_axes": mirroring,
        }
        torch.save(kept, path / f"fold_{fold}" / f"checkpoint_{checkpoint}.pth")
    return path
