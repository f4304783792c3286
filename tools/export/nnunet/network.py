"""The network of a trained model folder, with the weights of one fold."""

from __future__ import annotations

import math
from typing import Any

import torch

from architectures import Network, assert_fits
from checkpoint import Checkpoint
from errors import ExportError
from nnunet.plans import MALFORMED, Configuration
from nnunet.stunet import MARK, stunet_of

PACKAGE = "dynamic_network_architectures"
CLASSES = ("PlainConvUNet", "ResidualEncoderUNet", "ResidualUNet")
BLOCKS = ("BasicBlockD", "BottleneckD")
LAYERS = (
    "Conv3d", "InstanceNorm3d", "BatchNorm3d", "Dropout3d", "LeakyReLU", "ReLU", "PReLU", "ELU", "GELU", "SiLU",
)  # fmt: skip
# More layers to a stage than any network has; to build millions of them takes hours.
MOST_LAYERS = 100
# Settings of layers that may be something else.
NO_NUMBERS = ("approximate", "momentum")
MISFIT = (
    "plans.json and checkpoint must be of one training; a trainer that builds a network of its own "
    "({trainer}) cannot be told from its name: write its ONNX file yourself and pass it with --onnx"
)


def build_fold(
    checkpoint: Checkpoint, trainer: str, configuration: Configuration, inputs: int, outputs: int
) -> Network:
    """The plans' network, or an STU-Net, every key and shape matching.

    Raises ExportError when plans name what is not known, or the weights do not fit.
    """
    state = {
        key: value if key.endswith("batches_tracked") else value.float() for key, value in checkpoint.state.items()
    }
    name, described = "network", configuration.network
    try:
        name = str(described["network_class_name"]).rsplit(".", 1)[-1]
        with torch.device("meta"):
            if any(key.startswith(MARK) for key in state):
                name, module = "STU-Net", stunet_of(state, inputs, outputs, described["arch_kwargs"]["strides"])
            else:
                norms = any(key.endswith("running_mean") for key in state)
                module = _plans_network(checkpoint, name, described, inputs, outputs, trainer if norms else None)
        _assert_window(checkpoint, described, configuration)
    except (*MALFORMED, ArithmeticError, AssertionError, RuntimeError) as error:
        raise ExportError(
            f"{checkpoint.path}: the plans do not describe a {name} ({type(error).__name__}: {error})",
            "copy plans.json of this training again, or write the network's ONNX file yourself and pass it with --onnx",
        ) from error
    assert_fits(checkpoint, module, state, f"the plans' {name}", MISFIT.format(trainer=trainer))
    module.load_state_dict(state, assign=True)
    settings = {"input_channels": inputs, "num_classes": outputs}
    return Network(name, module.eval().requires_grad_(False), settings, configuration.patch, ())


def _plans_network(
    checkpoint: Checkpoint, name: str, described: dict, inputs: int, outputs: int, tracked_by: str | None
) -> torch.nn.Module:
    """``tracked_by``: the trainer, where the weights hold running statistics."""
    if name not in CLASSES:
        raise ExportError(
            f"{checkpoint.path}: the plans name the network {name}, known: {', '.join(CLASSES)}, STU-Net",
            "write its ONNX file yourself and pass it with --onnx",
        )
    try:
        from dynamic_network_architectures.architectures import unet
    except ImportError as error:
        raise ExportError(f"{PACKAGE} is not installed", "pip install -r tools/export/requirements.txt") from error
    arguments = dict(described["arch_kwargs"])
    _assert_numbers(arguments)
    for key in (*described.get("_kw_requires_import", ()), "block"):
        if arguments.get(key) is not None:
            arguments[key] = _layer(arguments[key])
    tracking = (arguments.get("norm_op_kwargs") or {}).get("track_running_stats")
    expected = arguments["norm_op"] is torch.nn.BatchNorm3d or tracking
    if tracked_by is not None and ("BN" in tracked_by or not expected):
        # nnUNetTrainerBN does this to the plans.
        arguments.update(norm_op=torch.nn.BatchNorm3d, norm_op_kwargs={"eps": 1e-5, "affine": True})
    return getattr(unet, name)(input_channels=inputs, num_classes=outputs, **{**arguments, "deep_supervision": False})


def _assert_numbers(arguments: dict) -> None:
    """Refuses counts of layers and settings of layers that the package would take and choke on later."""
    for key, value in arguments.items():
        counts = value if isinstance(value, (list, tuple)) else [value]
        if key.startswith("n_") and not all(type(n) is int and 0 <= n <= MOST_LAYERS for n in counts):
            raise ValueError(f"{key} is {value}")
        settings = (value or {}).items() if key.endswith("_kwargs") else ()
        if not all(isinstance(v, (int, float)) or k in NO_NUMBERS for k, v in settings):
            raise ValueError(f"{key} are {value}")


def _layer(name: str) -> Any:
    """A class by the name that plans give it. Names lead nowhere but to these few."""
    package, _, last = name.rpartition(".")
    if last in LAYERS and (package == "torch.nn" or package.startswith("torch.nn.modules.")):
        return getattr(torch.nn, last)
    if last in BLOCKS and package.startswith(f"{PACKAGE}."):
        from dynamic_network_architectures.building_blocks import residual

        return getattr(residual, last)
    raise ValueError(f"{name} is not a layer of nnU-Net's networks")


def _assert_window(checkpoint: Checkpoint, described: dict, configuration: Configuration) -> None:
    strides = described["arch_kwargs"]["strides"]
    strides = strides if isinstance(strides, (list, tuple)) else [strides]
    along = [s if isinstance(s, (list, tuple)) else [s] * 3 for s in strides]
    step = tuple(math.prod(int(s[axis]) for s in along) for axis in range(3))
    if set(along[0]) != {1}:
        raise ValueError(f"strides begin with {strides[0]}, which would give logits smaller than the window")
    if any(n % k for n, k in zip(configuration.patch, step)):
        raise ExportError(
            f"{checkpoint.path}: patch {configuration.patch} is not a multiple of the network's strides {step}",
            "copy plans.json of this training again",
        )
