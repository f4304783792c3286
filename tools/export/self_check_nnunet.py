"""Checks of trained model folders of nnU-Net v2: exports of every kind, refusals by name."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import torch
from self_check_prediction import against_schema
from tiny_nnunet import DATASET, configuration, network, old_configuration, write_folder

Check = Callable[..., None]
Export = Callable[..., tuple[int, str]]
REPORTS = {"pipeline.json", "parity.json", "parity.md", "MODEL_CARD.md"}
REGIONS = {**DATASET, "labels": {"background": 0, "GTV": [1, 2], "GTVn": 2}, "regions_class_order": [1, 2]}
CASCADE = {
    "3d_lowres": configuration(spacing=[4, 2, 2], next_stage="3d_cascade_fullres"),
    "3d_fullres": configuration(),
    "3d_cascade_fullres": {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"},
}


class Code:
    """A pickle that would run code."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return print, ("code of a checkpoint ran",)


def check_nnunet(folder: pathlib.Path, check: Check, export: Export) -> None:
    folder = folder / "nnunet"
    _networks(folder, check, export)
    _folders(folder, check, export)
    _cascade(folder, check, export)
    _refusals(folder, check, export)


def run_folder(folder: pathlib.Path, export: Export, *arguments: object) -> tuple[int, str, pathlib.Path]:
    out = folder.parent / f"{folder.name} out"
    return *export(out, "--nnunet", folder, *arguments, recipe=None), out


def exports_folder(name: str, folder: pathlib.Path, check: Check, export: Export, *arguments: object) -> dict[str, Any]:
    """Exports a folder that should go through; returns its recipe."""
    code, said, out = run_folder(folder, export, *arguments)
    recipe = json.loads((out / "pipeline.json").read_text()) if code == 0 else {}
    files = {m["file"] for m in recipe.get("models", [])}
    whole = code == 0 and {p.name for p in out.iterdir()} >= files | REPORTS
    check(
        f"exports nnU-Net: {name}",
        whole and not against_schema(recipe),
        said + (against_schema(recipe) if recipe else ""),
    )
    return {**recipe, "said": said}


def _networks(folder: pathlib.Path, check: Check, export: Export) -> None:
    """Every network, old plans and new; the weights of one never pass for another's."""
    batch = {"norm_op": "torch.nn.modules.batchnorm.BatchNorm3d"}
    bottleneck = {
        "block": "dynamic_network_architectures.building_blocks.residual.BottleneckD",
        "bottleneck_channels": 4,
    }
    cases = [
        ("PlainConvUNet", configuration(), "PlainConvUNet", {}),
        ("plans of 2023", old_configuration(), "PlainConvUNet", {}),
        ("ResidualEncoderUNet", configuration("ResidualEncoderUNet"), "ResidualEncoderUNet", {}),
        ("bottlenecks", configuration("ResidualEncoderUNet"), "ResidualEncoderUNet", bottleneck),
        ("ResidualUNet", configuration("ResidualUNet"), "ResidualUNet", {}),
        ("batch norm", configuration(), "PlainConvUNet", batch),
        ("STU-Net", old_configuration(), "STUNet", {}),
    ]
    for title, plan, built, changes in cases:
        if changes is bottleneck:
            plan["architecture"]["arch_kwargs"].update(bottleneck)
        path = write_folder(folder / title, network(built, **changes), configurations={"3d_fullres": plan})
        recipe = exports_folder(title, path, check, export, "--no-mirroring")
        plain = recipe.get("tensor") == {"channels": ["ct", "pet"], "axes": ["z", "y", "x"]}
        check(
            f"recipe of {title}", plain and recipe["inference"]["roi"] == [16, 24, 24] and not recipe["postprocessing"]
        )


def _folders(folder: pathlib.Path, check: Check, export: Export) -> None:
    """Folders as other teams would have them."""
    plan = {"transpose_forward": [2, 0, 1], "image_reader_writer": "NibabelIO"}
    dataset = {
        **DATASET,
        "channel_names": {"0": "noNorm", "1": "Ct"},
        "labels": {"background": 0, "ln": 1, "organ": 2, "Tumour": 3},
    }
    path = write_folder(
        folder / "our best model", network(outputs=4), plans=plan, dataset=dataset, folds=("0", "1", "3"),
        configurations={"base": configuration(), "mine": {"inherits_from": "base", "patch_size": [8, 8, 8]}},
        name="mine", trainer="OurTrainer", mirroring=(0, 2), prefix="module._orig_mod.", checkpoint="best",
    )  # fmt: skip
    (path / "fold_7").mkdir()
    options = ("--channels", "pet", "ct", "--checkpoint", "best", "--arithmetic", "float16")
    recipe = exports_folder("another team's folder", path, check, export, *options)
    steps = {step["step"]: step for step in recipe["preprocessing"]}
    check("folds that are there", len(recipe["models"]) == 3 and "fold_7 has no" in recipe["said"])
    check("transposed axes", recipe["tensor"] == {"channels": ["pet", "ct"], "axes": ["x", "z", "y"]})
    check("spacing along x, y, z", steps["resample-to-spacing"]["spacing"] == [3.0, 1.5, 1.0])
    check("mirroring along tensor axes", recipe["inference"]["flips"] == [["x"], ["y"], ["x", "y"]])
    check("labels by name", recipe["postprocessing"] == [{"step": "map-classes", "to": [0, 2, 0, 1]}])
    check(
        "patch of the heir", recipe["inference"]["roi"] == [8, 8, 8] and recipe["inference"]["arithmetic"] == "float16"
    )
    check("unknown trainer is told", "OurTrainer is not known" in recipe["said"], recipe["said"])
    path = write_folder(folder / "all", network(outputs=2), dataset=REGIONS, folds=("all",), mirroring=None)
    recipe = exports_folder("regions", path, check, export, "--labels", "gtvp=1", "GTVn=GTVn")
    check("regions are painted", recipe["regions"] == [1, 2] and recipe["inference"]["flips"] == [])


def _cascade(folder: pathlib.Path, check: Check, export: Export) -> None:
    lowres = write_folder(folder / "lowres", network(), configurations=CASCADE, name="3d_lowres")
    path = write_folder(folder / "fullres", network(inputs=4), configurations=CASCADE, name="3d_cascade_fullres")
    recipe = exports_folder("cascade", path, check, export, "--nnunet-lowres", lowres)
    first = json.loads((folder / "fullres out" / "lowres.json").read_text())
    named = (
        recipe["cascade"] == {"recipe": "lowres.json", "image": "lowres"}
        and first["models"][0]["file"] == "lowres_fold_0.onnx"
    )
    check(
        "both stages",
        named and recipe["tensor"]["channels"] == ["ct", "pet", "lowres-1", "lowres-2"] and not against_schema(first),
    )
    alone = exports_folder("first stage alone", lowres, check, export)
    check("first stage is told", "first stage of 3d_cascade_fullres" in alone["said"])


def plan(**changes: Any) -> dict[str, Any]:
    """What ``write_folder`` takes for one configuration with changes."""
    return {"configurations": {"3d_fullres": configuration(**changes)}}


def checkpoint(path: pathlib.Path) -> pathlib.Path:
    return path / "fold_0" / "checkpoint_final.pth"


def refuser(folder: pathlib.Path, check: Check, export: Export) -> Callable[..., None]:
    """``bad(title, wanted, *arguments, spoil=..., **settings of write_folder)``: the exporter must refuse
    such a folder, in words that hold ``wanted``, and leave nothing."""
    built = network()
    count = 0

    def bad(
        title: str,
        wanted: str,
        *arguments: object,
        spoil: Callable[[pathlib.Path], None] | None = None,
        **settings: Any,
    ) -> None:
        nonlocal count
        count += 1
        path = write_folder(folder / f"bad {count}", settings.pop("built", built), **settings)
        if spoil:
            spoil(path)
        code, said, out = run_folder(path, export, *arguments)
        clean = "Traceback" not in said and not out.exists()
        check(f"refuses nnU-Net: {title}", code == 2 and wanted in said and "fix: " in said and clean, said)

    return bad


def _refusals(folder: pathlib.Path, check: Check, export: Export) -> None:
    built = network()
    bad = refuser(folder, check, export)

    def cut(path: pathlib.Path) -> None:
        checkpoint(path).write_bytes(checkpoint(path).read_bytes()[:-2000])

    def code(path: pathlib.Path) -> None:
        torch.save({"network_weights": {}, "logging": Code()}, checkpoint(path))

    kernels = {**configuration()["architecture"], "arch_kwargs": {"conv_op": "os.system"}}
    bad("half-written checkpoint", "is not an archive of torch.save", spoil=cut)
    bad("code in a checkpoint", "print; loading it would run that code", spoil=code)
    bad("checkpoint of another program", "no 'network_weights'", spoil=lambda p: torch.save({"x": 1}, checkpoint(p)))
    bad("no such fold", "no such file", "--folds", 0, 4)
    bad("no such checkpoint", "fold_0/checkpoint_final.pth", "--checkpoint", "best")
    bad("no folder", "has no plans.json", spoil=lambda p: (p / "plans.json").unlink())
    bad("plans cut off", "is not JSON", spoil=lambda p: (p / "plans.json").write_text('{"configurations":'))
    bad("no dataset.json", "dataset.json: no such file", spoil=lambda p: (p / "dataset.json").unlink())
    bad("other configuration", "has no configuration 3d_other", name="3d_other")
    bad("2-D", "2-D configuration", **plan(patch_size=[24, 24]))
    bad("other resampling", "resample_torch_fornnunet", **plan(resampling_fn_data="resample_torch_fornnunet"))
    bad("other preprocessor", "preprocessor is Mine", **plan(preprocessor_name="Mine"))
    bad("other normalization", "scheme is Mine", **plan(normalization_schemes=["Mine", "ZScoreNormalization"]))
    bad("other reader", "image reader is", plans={"image_reader_writer": "NibabelIOWithReorient"})
    bad("other label manager", "label manager is", plans={"label_manager": "Mine"})
    bad(
        "no spacing",
        "no 'spacing'",
        spoil=lambda p: (p / "plans.json").write_text((p / "plans.json").read_text().replace("spacing", "x")),
    )
    bad("other network", "name the network Primus", **plan(architecture={"network_class_name": "a.Primus"}))
    bad("function for a layer", "os.system is not a layer", **plan(architecture=kernels))
    bad("weights of another network", "does not fit the plans' PlainConvUNet", built=network("ResidualEncoderUNet"))
    bad("trainer's own network", "OurTrainer", built=torch.nn.Conv3d(2, 3, 1), trainer="OurTrainer")
    bad("NaN in the weights", "NaN", built=_with_nan())
    bad("unknown channels", "--channels", dataset={**DATASET, "channel_names": {"0": "MR", "1": "PET"}})
    bad("unknown labels", "--labels", dataset={**DATASET, "labels": {"background": 0, "lesion": 1, "GTVn": 2}})
    bad("regions without an order", "regions_class_order", dataset={**REGIONS, "regions_class_order": [1]})
    bad(
        "cascade without its first stage",
        "--nnunet-lowres",
        built=network(inputs=4),
        configurations=CASCADE,
        name="3d_cascade_fullres",
    )
    bad(
        "folds of two trainings",
        "export folds of one training",
        spoil=lambda p: write_folder(p, built, folds=("1",), mirroring=(0,)),
    )
    bad("a file for --checkpoint", "checkpoint other.pth", "--checkpoint", "other.pth")


def _with_nan() -> torch.nn.Module:
    built = network()
    next(built.parameters()).data[0] = float("nan")
    return built
