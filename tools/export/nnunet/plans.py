"""One configuration of a plans.json, checked for what the recipe can say."""

from __future__ import annotations

import math
import pathlib
from dataclasses import dataclass
from typing import Any

from errors import ExportError
from json_file import read_object

CT = "CTNormalization"
SCHEMES = (
    CT, "ZScoreNormalization", "NoNormalization", "RescaleTo01Normalization", "RGBTo01Normalization",
)  # fmt: skip
RESAMPLING = "resample_data_or_seg_to_shape"
# NibabelIO gives the arrays and spacings of SimpleITKIO; NibabelIOWithReorient does not.
READERS = ("SimpleITKIO", "NibabelIO")
AGAIN = "copy the file again, as nnUNetv2_train wrote it"
OTHERS = "train with plans that name one of these; others compute something else"
# Of the largest patches that train at all; the windows of the parity check are four times as large.
MOST_VOXELS = 2**25
MALFORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError)


class Unknown(ValueError):
    """Plans that are whole, and ask for what the recipe does not know."""


@dataclass(frozen=True)
class Interpolation:
    """How nnU-Net's resampling interpolates, as the recipe's keys."""

    order: int
    orderZ: int
    separateZ: str | bool


@dataclass(frozen=True)
class Configuration:
    """What inference needs. Vectors are in the order of the transposed axes."""

    name: str
    dataset: str
    patch: tuple[int, int, int]
    spacing: tuple[float, float, float]
    transpose: tuple[int, int, int]
    schemes: tuple[str, ...]
    masks: tuple[bool, ...]
    intensities: tuple[dict[str, float], ...]
    data: Interpolation
    logits: Interpolation
    network: dict[str, Any]
    previous: str | None
    next: str | None


def read_configuration(path: pathlib.Path, name: str) -> Configuration:
    """The configuration ``name`` of a plans.json, old or new.

    Raises ExportError when it is missing or damaged, or when inference differs from the package's
    own in a way that the recipe does not know.
    """
    plans = read_object(path, AGAIN)
    try:
        found = _inherited(path, plans, name)
        _assert_known(path, plans, found)
        return _configuration(plans, found, name)
    except MALFORMED as error:
        fix = OTHERS if isinstance(error, Unknown) else AGAIN
        raise ExportError(f"{path}: configuration {name}: {reason(error)}", fix) from error


def reason(error: Exception) -> str:
    """What of a file's contents is not as expected."""
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _inherited(path: pathlib.Path, plans: dict, name: str) -> dict[str, Any]:
    """A configuration over the one that it inherits from, and so on."""
    configurations, found, seen = plans["configurations"], {}, []
    while name is not None:
        if name not in configurations or name in seen:
            raise ExportError(
                f"{path}: has no configuration {name}; it has {', '.join(configurations)}"
                if name not in configurations
                else f"{path}: configuration {name} inherits from itself",
                "plans.json and the checkpoint must be of the same training",
            )
        seen.append(name)
        found = {**configurations[name], **found}
        name = configurations[name].get("inherits_from")
    return found


def _assert_known(path: pathlib.Path, plans: dict, found: dict) -> None:
    """Refuses parts of nnU-Net that a team has replaced: plans only name them."""
    if len(found["patch_size"]) != 3:
        raise ExportError(
            f"{path}: is a 2-D configuration (patch {found['patch_size']})",
            "export a 3-D one: 3d_fullres, 3d_lowres or 3d_cascade_fullres",
        )
    named = [
        ("image reader", plans["image_reader_writer"], READERS),
        ("label manager", plans.get("label_manager", "LabelManager"), ("LabelManager",)),
        ("preprocessor", found["preprocessor_name"], ("DefaultPreprocessor",)),
        *(("normalization scheme", scheme, SCHEMES) for scheme in found["normalization_schemes"]),
        *((key, found[key], (RESAMPLING,)) for key in (f"resampling_fn_{k}" for k in ("data", "seg", "probabilities"))),
    ]
    for what, value, known in named:
        if value not in known:
            raise ExportError(
                f"{path}: {what} is {value}, known: {', '.join(known)}",
                OTHERS,
            )


def _configuration(plans: dict, found: dict, name: str) -> Configuration:
    transpose = tuple(plans["transpose_forward"])
    if sorted(transpose) != [0, 1, 2]:
        raise ValueError(f"transpose_forward is {transpose}")
    schemes, masks = tuple(found["normalization_schemes"]), tuple(found["use_mask_for_norm"])
    if len(schemes) != len(masks):
        raise ValueError("normalization_schemes and use_mask_for_norm differ in length")
    later = found.get("next_stage")
    before = plans.get("foreground_intensity_properties_by_modality", {})
    intensities = plans.get("foreground_intensity_properties_per_channel", before)
    data, labels = _interpolation(found, "data", (0, 1, 3)), _interpolation(found, "seg", (0, 1))
    if found.get("previous_stage") and labels != Interpolation(1, 0, data.separateZ):
        raise Unknown(f"the first stage's labels are resampled by {labels}, known: order 1, order_z 0, as the images")
    return Configuration(
        name=name,
        dataset=str(plans["dataset_name"]),
        patch=_positive(found, "patch_size", int),
        spacing=_positive(found, "spacing", float),
        transpose=transpose,
        schemes=schemes,
        masks=masks,
        intensities=tuple(_intensities(intensities, i) if s == CT else {} for i, s in enumerate(schemes)),
        data=data,
        logits=_interpolation(found, "probabilities", (0, 1)),
        network=found.get("architecture") or _old_network(found),
        previous=found.get("previous_stage"),
        next=", ".join(later) if isinstance(later, list) else later,
    )


def _positive(found: dict, key: str, kind: type) -> tuple[Any, Any, Any]:
    """Three numbers above zero, none of them absurd."""
    a, b, c = values = found[key]
    absurd = any(type(v) not in (int, float) or not 0 < v <= 1024 or kind(v) != v for v in values)
    if absurd or (kind is int and math.prod(values) > MOST_VOXELS):
        raise ValueError(f"{key} is {values}")
    return kind(a), kind(b), kind(c)


def _intensities(known: dict, channel: int) -> dict[str, float]:
    """The numbers of CTNormalization, by their names in the recipe."""
    names = {"lower": "percentile_00_5", "upper": "percentile_99_5", "mean": "mean", "std": "std"}
    if str(channel) not in known:
        raise ValueError(f"no foreground intensities of channel {channel}, which {CT} needs")
    found = {key: float(known[str(channel)][name]) for key, name in names.items()}
    if not all(map(math.isfinite, found.values())) or not found["lower"] <= found["upper"] or found["std"] < 0:
        raise ValueError(f"the intensities of channel {channel} are {found}")
    return found


def _interpolation(found: dict, what: str, orders: tuple[int, ...]) -> Interpolation:
    """The arguments of the resampling function, with the function's own defaults."""
    given = {
        "is_seg": False,
        "order": 3,
        "order_z": 0,
        "force_separate_z": False,
        "separate_z_anisotropy_threshold": 3,
        **found[f"resampling_fn_{what}_kwargs"],
    }
    order, across, separate = given["order"], given["order_z"], given["force_separate_z"]
    known = order in orders and across in (0, 1) and separate in (None, True, False)
    known = known and given["separate_z_anisotropy_threshold"] == 3 and len(given) == 5
    if not known or given["is_seg"] != (what == "seg"):
        raise Unknown(f"resampling_fn_{what}_kwargs are {given}, known: order {orders}, order_z (0, 1), threshold 3")
    return Interpolation(int(order), int(across), "auto" if separate is None else bool(separate))


def _old_network(found: dict) -> dict[str, Any]:
    """What plans before ``architecture`` say of the network, in today's words."""
    name, depths = found["UNet_class_name"], found["n_conv_per_stage_encoder"]
    widest, stages = found["unet_max_num_features"], len(depths)
    return {
        "network_class_name": name,
        "arch_kwargs": {
            "n_stages": stages,
            "features_per_stage": [min(found["UNet_base_num_features"] * 2**i, widest) for i in range(stages)],
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": found["conv_kernel_sizes"],
            "strides": found["pool_op_kernel_sizes"],
            "n_conv_per_stage" if name == "PlainConvUNet" else "n_blocks_per_stage": depths,
            "n_conv_per_stage_decoder": found["n_conv_per_stage_decoder"],
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "nonlin"],
    }
