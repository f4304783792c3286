#!/usr/bin/env python3
"""Checks the exporter on small networks of every architecture and on files it must refuse.

    pip install -r tools/export/requirements-check.txt
    python tools/export/self_check.py [task1 | nnunet | odd | own | prediction]

Exits with 1 and says what failed. Takes about four minutes on two cores.
"""

from __future__ import annotations

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import traceback

import torch
from export import main as export_main
from monai.networks.nets import UNETR, SegResNet, SegResNetDS, SwinUNETR, UNet
from self_check_prediction import check_exports, check_refusals  # first: it adds a path
from self_check_graphs import check_graphs
from self_check_nnunet import check_nnunet
from self_check_odd import check_odd
from self_check_own import check_own
from self_check_unet import check_unets

COMMON = {"input_channels": 2, "num_classes": 3}
ENDS = {"in_channels": 2, "out_channels": 3}
WINDOW = (32, 32, 32)
failures: list[str] = []


class Foreign:
    """Something a checkpoint has no business to hold."""


def networks() -> dict[str, tuple[torch.nn.Module, dict]]:
    """A small network and its settings by attribute name, as the training code keeps them."""
    torch.manual_seed(7)
    res = {"init_filters": 8, "blocks_down": (1, 2), "blocks_up": (1,), "dropout_prob": 0.2}
    wide = {"init_filters": 16, "blocks_down": (1, 1, 1), "blocks_up": (1, 1), "dropout_prob": 0.2}
    deep = {"init_filters": 8, "blocks_down": (1, 2), "blocks_up": (1,), "dsdepth": 1, "norm": "instance"}
    flat = {"channels": (8, 16, 32), "strides": (2, 2), "num_res_units": 2, "kernel_size": 3}
    vit = {"feature_size": 8, "hidden_size": 48, "mlp_dim": 96, "num_heads": 4}
    swin = {"feature_size": 12, "depths": (1, 1, 1, 1), "num_heads": (1, 2, 4, 8)}
    return {
        "segresnet": (SegResNet(**ENDS, **res), res),
        "segresnet wide": (SegResNet(**ENDS, **wide), wide),
        "segresnetds": (SegResNetDS(**ENDS, **deep), deep),
        "unet": (UNet(spatial_dims=3, **ENDS, **flat), flat),
        "unetr": (UNETR(img_size=(32, 32, 32), **ENDS, **vit), vit),
        "swinunetr": (SwinUNETR(**ENDS, **swin), {**swin, "spatial_size": (64, 64, 64)}),
    }


def save(path: pathlib.Path, name: str, network: torch.nn.Module, settings: dict, **extra) -> None:
    prefix = name.split()[0]
    config = {"experiment_name": prefix, "spatial_size": WINDOW, **COMMON, **settings, **extra}
    state = {f"{prefix}.{key}": value for key, value in network.state_dict().items()}
    torch.save({"epoch": 1, "model_state_dict": state, "model_config": config}, path)


def export(
    out: pathlib.Path, *arguments: object, task: str = "task1", recipe: str | None = "baseline"
) -> tuple[int, str]:
    """Runs the exporter in this process, which spares its imports; returns exit code and output."""
    command = ["--task", task, *(["--recipe", recipe] if recipe else []), "--out", out, *arguments]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = export_main([str(a) for a in command])
        except SystemExit as error:
            code = int(error.code or 0)
        except Exception:
            traceback.print_exc(file=said)
            code = 1
    return code, said.getvalue()


def check(name: str, holds: bool, said: str = "") -> None:
    print(("ok    " if holds else "FAILED") + f" {name}")
    if not holds:
        failures.append(name)
        print(said)


def refuses(name: str, out: pathlib.Path, wanted: str, *arguments: object) -> None:
    """The exporter fails with a message that holds ``wanted``, no stack trace and no files."""
    code, said = export(out, *arguments)
    clean = "Traceback" not in said and not list(out.glob("*.*"))
    check(name, code == 2 and wanted in said and clean, said)


def exports(folder: pathlib.Path) -> None:
    for name, (network, settings) in networks().items():
        path, out = folder / "good.pth", folder / f"out {name}"
        save(path, name, network, settings, experiment_name=pathlib.Path("/tmp") / name.split()[0])
        code, said = export(out, "--checkpoint", path)
        files = {p.name for p in out.iterdir()} if out.is_dir() else set()
        whole = {"model.onnx", "pipeline.json", "parity.json", "parity.md", "MODEL_CARD.md"}
        check(f"exports {name}", code == 0 and files == whole, said)
        if code == 0:
            recipe = json.loads((out / "pipeline.json").read_text())
            check(f"window of {name}", recipe["inference"]["roi"] == list(settings.get("spatial_size", WINDOW)))
    network, settings = networks()["segresnet"]
    torch.save(network.state_dict(), folder / "bare.pth")
    out = folder / "bare"
    code, said = export(out, "--checkpoint", folder / "bare.pth", "--roi", 32, 32, 32)
    check("exports a bare state dictionary", code == 0 and "read off the weights" in said, said)
    save(folder / "a.pth", "segresnet", network, settings)
    code, said = export(out, "--checkpoint", folder / "a.pth", folder / "a.pth")
    check("exports an ensemble", {p.name for p in out.glob("*.onnx")} == {"model_0.onnx", "model_1.onnx"}, said)


def refusals(folder: pathlib.Path) -> None:
    network, settings = networks()["segresnet"]
    out, path = folder / "none", folder / "bad.pth"

    def bad(name: str, wanted: str, *arguments: object) -> None:
        refuses(name, out, wanted, "--checkpoint", path, *arguments)

    bad("no such file", "no such file")
    path.write_bytes(b"")
    bad("empty file", "is empty")
    path.write_text("version https://git-lfs.github.com/spec/v1\n")
    bad("Git LFS pointer", "Git LFS")
    path.write_bytes(b"not a checkpoint" * 40)
    bad("no checkpoint", "not a readable")
    torch.save({"model_state_dict": network.state_dict(), "note": Foreign()}, path)
    bad("foreign object", "__main__.Foreign")
    save(path, "segresnet", network, {**settings, "init_filters": 16})
    bad("other width", "shape (")
    save(path, "segresnet", network, {**settings, "blocks_down": (1, 3)})
    bad("missing layers", "missing (")
    save(path, "segresnet", network, settings)
    bad("other architecture", "does not fit unet", "--architecture", "unet")
    bad("window", "multiple of", "--roi", 33, 32, 32)
    torch.save({"weights": {"a": 1}}, path)
    bad("no weights", "no weights found")
    torch.save({"layer.weight": torch.zeros(3)}, path)
    bad("unknown network", "cannot tell the architecture")
    network.convInit.conv.weight.data[0] = float("nan")
    save(path, "segresnet", network, settings)
    bad("NaN", "NaN")


def main() -> int:
    part = sys.argv[1] if len(sys.argv) > 1 else "all"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if part in ("all", "task1"):
            exports(folder)
            refusals(folder)
        if part in ("all", "nnunet"):
            check_unets(check)
            check_nnunet(folder, check, export)
        if part in ("all", "odd"):
            check_odd(folder, check, export)
        if part in ("all", "own"):
            check_own(folder, check, export)
        if part in ("all", "prediction"):
            check_graphs(folder, check)
            check_exports(folder, check, export)
            check_refusals(folder, check, export)
    print(f"{len(failures)} failed" if failures else "all passed")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
