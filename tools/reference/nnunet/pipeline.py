"""nnUNetPredictor from raw images to the label map, for libs/pipeline: golden/nnunet.

    python tools/reference/nnunet/pipeline.py

Each case is a plan and tiny seeded networks, the recipe of ours that says the same, and the label maps
that `predict_single_npy_array` gives on the CPU: as it is, and with `torch.half` standing for float32,
which is what it would give without rounding sums. Arrays are indexed (z, y, x).
"""

from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import numpy as np
import onnx
import preprocessing
import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager
from onnx import TensorProto, helper, numpy_helper
from preprocessing import CT, RESAMPLE, GoldenFile, recipe_keys, texture

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "pipeline" / "golden" / "nnunet"
SCHEMES = ("CTNormalization", "ZScoreNormalization")
BACK = {"is_seg": False, "order": 1, "order_z": 0, "force_separate_z": None}
FORWARD = BACK | {"order": 3}
LABELS = {"background": 0, "GTVp": 1, "GTVn": 2}
REGIONS = {"background": 0, "lesion": [1, 2], "GTVn": 2}


class Tiny(torch.nn.Sequential):
    """Sees neighbours and, by its norm, the whole window: misplaced windows and mirrors show."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__(
            torch.nn.Conv3d(channels, 5, 3, padding=1),
            torch.nn.InstanceNorm3d(5, affine=True),
            torch.nn.LeakyReLU(0.01),
            torch.nn.Conv3d(5, classes, 1),
        )


def make_network(name: str, channels: int, classes: int, seed: int, patch) -> tuple[dict, str]:
    """Seeded weights, and the ONNX file with the same network."""
    torch.manual_seed(seed)
    network = Tiny(channels, classes)
    with torch.no_grad():
        for part in network:
            for values in part.parameters():
                values.normal_(0, 0.6)
        network[3].bias.zero_()
    nodes = [
        helper.make_node("Conv", ["input", "0.weight", "0.bias"], ["a"], pads=[1] * 6),
        helper.make_node("InstanceNormalization", ["a", "1.weight", "1.bias"], ["b"], epsilon=1e-5),
        helper.make_node("LeakyRelu", ["b"], ["c"], alpha=0.01),
        helper.make_node("Conv", ["c", "3.weight", "3.bias"], ["logits"]),
    ]
    state = network.state_dict()
    value = lambda label, n: helper.make_tensor_value_info(label, TensorProto.FLOAT, [1, n, *patch])
    graph = helper.make_graph(
        nodes, name, [value("input", channels)], [value("logits", classes)],
        [numpy_helper.from_array(values.numpy(), key) for key, values in state.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="tests")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, GOLDEN / f"{name}.onnx")
    return state, f"{name}.onnx"


def make_images(name: str, size, padded) -> list[np.ndarray]:
    """CT and PET with what float16 and int16 hold exactly; `padded`: slices of zeros before and after."""
    rng = np.random.default_rng(sum(name.encode()))
    ct = np.round(texture(rng, size, -1000, 1200)).astype(np.int16)
    pet = np.round(texture(rng, size, 0.1, 20) * 64).astype(np.int16)
    for image in (ct, pet):
        image[: padded[0]] = 0
        image[size[0] - padded[1] :] = 0
    return [ct, pet]


def predict(name, images, *, spacing, target, patch, transpose=(0, 1, 2), mirror=None, folds=1,
            regions=False, previous=None, seed=0) -> tuple[list[np.ndarray], dict]:
    """The package's label maps of a case, and the recipe that says the same; seeds until all labels are there."""
    axes = ["zyx"[i] for i in transpose]
    dataset = {"labels": REGIONS if regions else LABELS, "file_ending": ".nii.gz",
               "channel_names": {"0": "CT", "1": "PET"}, "regions_class_order": [1, 2]}
    plans = PlansManager({
        "dataset_name": "golden", "plans_name": "nnUNetPlans", "label_manager": "LabelManager",
        "image_reader_writer": "SimpleITKIO", "experiment_planner_used": "ExperimentPlanner",
        "transpose_forward": list(transpose), "transpose_backward": np.argsort(transpose).tolist(),
        "foreground_intensity_properties_per_channel": {"0": CT, "1": CT},
        "configurations": {"3d_fullres": {
            "preprocessor_name": "DefaultPreprocessor", "architecture": {}, "spacing": list(target),
            "patch_size": list(patch), "normalization_schemes": list(SCHEMES),
            "use_mask_for_norm": [False, True],
            "resampling_fn_data": RESAMPLE, "resampling_fn_data_kwargs": FORWARD,
            "resampling_fn_seg": RESAMPLE,
            "resampling_fn_seg_kwargs": FORWARD | {"is_seg": True, "order": 1},
            "resampling_fn_probabilities": RESAMPLE, "resampling_fn_probabilities_kwargs": BACK,
        }},
    })
    classes = 2 if regions else 3
    channels = 2 if previous is None else 4
    networks = [make_network(f"{name}-{fold}", channels, classes, 100 * seed + fold, patch)
                for fold in range(folds)]
    predictor = nnUNetPredictor(device=torch.device("cpu"), use_mirroring=mirror is not None,
                                allow_tqdm=False)
    predictor.manual_initialization(Tiny(channels, classes), plans, plans.get_configuration("3d_fullres"),
                                    [state for state, _ in networks], dataset, "nnUNetTrainer", mirror)
    data = np.stack([images[0].astype(np.float32), images[1].astype(np.float32) / 64])
    labels = []
    for i, half in enumerate((torch.float16, torch.float32)):
        stage = None if previous is None else previous[i][None].astype(np.float32)
        torch.half = half
        labels.append(predictor.predict_single_npy_array(data, {"spacing": list(spacing)}, stage))
    torch.half = torch.float16
    if np.bincount(labels[0].ravel(), minlength=3).min() < 0.05 * labels[0].size:
        return predict(name, images, spacing=spacing, target=target, patch=patch, transpose=transpose,
                       mirror=mirror, folds=folds, regions=regions, previous=previous, seed=seed + 1)

    along = dict(zip(axes, target))
    one_hot = {"step": "one-hot", "image": "lowres", "labels": [1, 2]}
    return [one.astype(np.uint8) for one in labels], {
        "version": 1, "kind": "segmentation", "name": name,
        "preprocessing": [
            {"step": "resample", "to": "image", "image": "ct", "interpolation": "linear",
             "outside": {"pet": 0}, "pixelType": "float32"},
            {"step": "crop-nonzero", "images": ["ct", "pet"], "mask": "nonzero"},
            *preprocessing.SCHEMES[SCHEMES[0]]("ct", False),
            *preprocessing.SCHEMES[SCHEMES[1]]("pet", True),
            {"step": "resample-to-spacing", "spacing": [along[a] for a in "xyz"], **recipe_keys(FORWARD),
             **({} if previous is None else {"labels": ["lowres"]})},
            *([] if previous is None else [one_hot]),
        ],
        "tensor": {"channels": ["ct", "pet", "lowres-1", "lowres-2"][:channels], "axes": axes},
        "models": [{"file": file, "input": "input", "output": "logits"} for _, file in networks],
        "inference": {
            "roi": list(patch), "overlap": 0.5, "tiling": "nnunet", "blend": "nnunet",
            "flips": [[axes[a] for a in chosen] for n in range(1, 4)
                      for chosen in combinations(mirror or (), n)],
        },
        **({"regions": [1, 2]} if regions else {}),
        "postprocessing": [],
        "invert": {"mode": "exact", "logits": recipe_keys(BACK)},
    }


def make(golden: GoldenFile) -> list[dict]:
    cases = []

    def case(name, size, padded=(0, 0), first=None, **settings) -> None:
        images = make_images(name, size, padded)
        spacing = settings["spacing"]
        stages = {}
        if first is not None:
            previous, stages["first"] = predict(f"{name}-first", images, spacing=spacing, **first)
            settings = settings | {"previous": previous}
        labels, recipe = predict(name, images, **settings)
        cases.append({
            "name": name, "size": list(size[::-1]), "spacing": list(spacing[::-1]),
            "ct": golden.array(images[0]), "pet64": golden.array(images[1]),
            "recipe": recipe, **stages,
            "float16": golden.array(labels[0]), "float32": golden.array(labels[1]),
        })

    case("isotropic", (19, 23, 21), spacing=(1.3, 1.2, 1.2), target=(1.6, 1.5, 1.5), patch=(8, 10, 12),
         mirror=(0, 1, 2))
    case("separate-z", (9, 24, 26), padded=(1, 2), spacing=(4.0, 1.1, 1.1), target=(3.5, 1.4, 1.4),
         patch=(8, 12, 12), folds=2)
    case("regions", (17, 20, 22), spacing=(1.5, 1.2, 1.0), target=(1.3, 1.7, 1.4), patch=(12, 8, 10),
         transpose=(2, 0, 1), mirror=(0, 2), regions=True)
    case("cascade", (14, 20, 18), spacing=(2.0, 1.2, 1.2), target=(1.6, 1.4, 1.4), patch=(12, 10, 8),
         first={"target": (3.0, 2.5, 2.5), "patch": (10, 8, 8), "mirror": (1,)})
    return cases


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    preprocessing.GOLDEN = GOLDEN
    golden = GoldenFile()
    versions = {name: version(name) for name in ("nnunetv2", "torch", "scikit-image", "scipy", "onnx")}
    golden.write("cases", {"versions": versions, "cases": make(golden)})
