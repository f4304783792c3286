"""Checks of networks of one's own (--onnx), Auto3DSeg's checkpoints and DenseNets."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from export import main as export_main
from monai.networks.nets import DenseNet, DenseNet121, SegResNetDS
from onnx_file import write_onnx
from self_check_prediction import against_schema

Check = Callable[..., None]
Export = Callable[..., tuple[int, str]]
SHAPE = (1, 2, 16, 16, 16)


def check_own(folder: pathlib.Path, check: Check, export: Export) -> None:
    folder = folder / "own"
    folder.mkdir()
    _onnx(folder, check, export)
    _auto3dseg(folder, check, export)
    _densenets(folder, check, export)


def _onnx(folder: pathlib.Path, check: Check, export: Export) -> None:
    torch.manual_seed(3)
    network = torch.nn.Sequential(torch.nn.Conv3d(2, 4, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv3d(4, 3, 1)).eval()
    file, recipe_file, out = folder / "mine.onnx", folder / "mine.json", folder / "out"
    write_onnx(network, SHAPE, file, {})
    window = np.random.default_rng(1).standard_normal(SHAPE, dtype=np.float32)
    np.save(folder / "tensor.npy", window[0])
    with torch.inference_mode():
        np.save(folder / "logits.npy", network(torch.from_numpy(window)).numpy())
    np.save(folder / "wrong.npy", np.load(folder / "logits.npy")[:, ::-1])
    recipe: dict[str, Any] = {
        "version": 1, "kind": "segmentation", "name": "mine", "preprocessing": [],
        "tensor": {"channels": ["ct", "pet"], "axes": ["z", "y", "x"]},
        "models": [{"file": "weights/mine.onnx", "input": "input", "output": "logits"}],
        "inference": {"roi": [16, 16, 16], "overlap": 0.5, "blend": "gaussian"},
        "postprocessing": [], "invert": {"mode": "exact"},
    }  # fmt: skip

    def run(changes: dict[str, Any], *more: object) -> tuple[int, str]:
        recipe_file.write_text(json.dumps({**recipe, **changes}))
        return export(out, "--onnx", file, *more, recipe=str(recipe_file))

    both = ("--tensor", folder / "tensor.npy", "--expect", folder / "logits.npy")
    code, said = run({}, *both)
    written = json.loads((out / "pipeline.json").read_text()) if code == 0 else {}
    check("exports a network of one's own", code == 0 and written["models"][0]["file"] == "mine.onnx", said)
    compared = json.loads((out / "parity.json").read_text())["models"][0]["comparisons"] if code == 0 else []
    check("compares it with dumped logits", bool(compared) and compared[0]["max_abs_difference"] < 1e-5, said)
    code, said = run({})
    check("says that nothing was compared", code == 0 and "without --tensor" in said, said)
    faults = [
        ("other logits", "disagrees with PyTorch", {}, (*both[:3], folder / "wrong.npy")),
        ("half a dump", "belong together", {}, both[:2]),
        ("other window", "[1, 2, 8, 8, 8]", {"inference": {"roi": [8, 8, 8]}}, ()),
        ("other channels", "does not take", {"tensor": {"channels": ["ct"]}}, ()),
        ("other outputs", "the recipe needs [1, 2, 16", {"regions": [1, 2]}, ()),
        ("other names", "takes input", {"models": [{"file": "mine.onnx", "input": "x", "output": "logits"}]}, ()),
        ("other file", "no single entry for mine.onnx", {"models": [{"file": "a.onnx"}]}, ()),
        ("other kind", "no recipe of the kind", {"kind": "prediction"}, ()),
        ("no window", "says too little", {"inference": {}}, ()),
    ]
    for name, wanted, changes, more in faults:
        code, said = run(changes, *more)
        check(f"refuses a network of one's own: {name}", code == 2 and wanted in said and "Traceback" not in said, said)
    file.write_bytes(file.read_bytes()[:-50])
    code, said = run({})
    check("refuses a network of one's own: cut off", code == 2 and "cannot be opened" in said, said)
    check("says what is missing", export_main(["--task", "task1", "--out", str(folder / "none")]) == 2)


def _auto3dseg(folder: pathlib.Path, check: Check, export: Export) -> None:
    """SegResNetDS with the settings that Auto3DSeg keeps beside the weights, and anisotropic kernels."""
    torch.manual_seed(4)
    network = SegResNetDS(
        in_channels=2,
        out_channels=3,
        init_filters=8,
        blocks_down=(1, 1, 2),
        dsdepth=2,
        norm="INSTANCE",
        resolution=(1, 1, 3),
    )
    config = {
        "network": {"_target_": "SegResNetDS"},
        "anisotropic_scales": True,
        "resample_resolution": [1, 1, 3],
        "roi_size": [32, 32, 16],
    }
    torch.save({"state_dict": network.state_dict(), "config": config, "epoch": 1}, folder / "auto.pt")
    code, said = export(folder / "auto", "--checkpoint", folder / "auto.pt")
    recipe = json.loads((folder / "auto" / "pipeline.json").read_text()) if code == 0 else {}
    check("exports Auto3DSeg's SegResNetDS", code == 0 and recipe["inference"]["roi"] == [32, 32, 16], said)


def _densenets(folder: pathlib.Path, check: Check, export: Export) -> None:
    for task, outputs, head in (("task2", 1, "risk"), ("task3", 2, "class")):
        torch.manual_seed(5)
        network = DenseNet(3, 2, outputs, 8, 4, (2, 1, 2)) if task == "task2" else DenseNet121(3, 2, outputs, 8, 4)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm3d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 2)
        path, out = folder / f"{task}.pt", folder / task
        torch.save({"model_state_dict": {f"net.{k}": v for k, v in network.state_dict().items()}}, path)
        code, said = export(out, "--checkpoint", path, "--image-size", 32, task=task, recipe="corrected")
        recipe = json.loads((out / "pipeline.json").read_text()) if code == 0 else {}
        right = code == 0 and recipe["head"]["kind"] == head and not against_schema(recipe) and not recipe["features"]
        check(f"exports a DenseNet for {task}", right and recipe["models"][0]["inputs"] == {"image": "image"}, said)
    path = folder / "task2.pt"
    for name, wanted, task, size in (
        ("other outputs", "gives 1 numbers", "task3", 32),
        ("small images", "too small", "task2", 8),
    ):
        code, said = export(folder / "none", "--checkpoint", path, "--image-size", size, task=task, recipe="corrected")
        check(f"refuses a DenseNet: {name}", code == 2 and wanted in said and "Traceback" not in said, said)
