"""Checks of trained model folders as they should not be: hostile checkpoints, absurd plans, odd names."""

from __future__ import annotations

import os
import pathlib
import signal
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import export as exporter
import numpy as np
import onnxruntime
import torch
from self_check_nnunet import Check, Export, checkpoint, exports_folder, plan, refuser
from tiny_nnunet import DATASET, INTENSITIES, RESAMPLING, configuration, network, old_configuration, write_folder

# Seconds after which an exporter hangs that reads a folder only.
PATIENCE = 120


class Call:
    """A pickle that calls ``function`` with ``arguments``."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.function, self.arguments


def check_odd(folder: pathlib.Path, check: Check, export: Export) -> None:
    folder = folder / "odd"
    _exports(folder, check, export)
    bad = _impatient(refuser(folder, check, export))
    _names(bad)
    _plans(bad)
    _checkpoints(bad)
    _files(bad)
    _fault(folder / "fault", check, export)


def arguments(**changes: Any) -> dict[str, Any]:
    """A configuration whose network is built with other arguments."""
    found = configuration()
    found["architecture"]["arch_kwargs"].update(changes)
    return {"3d_fullres": found}


def _exports(folder: pathlib.Path, check: Check, export: Export) -> None:
    """What is unusual and still clear."""
    norm = {"norm_op_kwargs": {"eps": 0.3, "affine": True, "track_running_stats": True}}
    built = network(**norm)
    for name, buffer in built.named_buffers():
        if name.endswith("running_mean"):
            torch.nn.init.normal_(buffer)
    path = write_folder(folder / "running statistics", built, configurations=arguments(**norm), mirroring=None)
    exports_folder("instance norms with running statistics", path, check, export)
    window = np.random.default_rng(5).standard_normal((1, 2, 16, 24, 24), dtype=np.float32)
    with torch.inference_mode():
        expected = built.eval()(torch.from_numpy(window))[0].numpy()
    file = folder / "running statistics out" / "fold_0.onnx"
    (actual,) = onnxruntime.InferenceSession(str(file)).run(None, {"input": window})
    worst = float(np.abs(actual - expected).max())
    check("eps of instance norms with running statistics", worst < 1e-4 * np.abs(expected).max(), f"{worst:.1e}")

    kwargs = {**RESAMPLING["resampling_fn_data_kwargs"], "separate_z_anisotropy_threshold": 3}
    settings = plan(normalization_schemes=["ZScoreNormalization"] * 2, resampling_fn_data_kwargs=kwargs)
    dataset = {
        **DATASET,
        "channel_names": {"0": "0000 CT", "1": "0001 SUVbw"},
        "labels": {"background": 0, "tumor": 1, "GTVn": 2},
    }
    path = write_folder(
        folder / "names", network(), dataset=dataset, mirroring=None, **settings,
        plans={"foreground_intensity_properties_per_channel": {}},
    )  # fmt: skip
    recipe = exports_folder("numbered channels, no intensities", path, check, export)
    check("channels by numbered names", recipe.get("tensor", {}).get("channels") == ["ct", "pet"], recipe["said"])
    said = recipe["said"]
    check("guessed labels are told", "1 (tumor) is taken for GTVp" in said and "(GTVn) is taken" not in said, said)


def _names(bad: Callable[..., None]) -> None:
    def labels(**values: int) -> dict[str, Any]:
        count = 1 + max(values.values())
        return {"dataset": {**DATASET, "labels": {"background": 0, **values}}, "built": network(outputs=count)}

    cannot = "cannot tell GTVp and GTVn"
    bad("two labels of nodes", cannot, **labels(GTVp=1, GTVn=2, benign_lymph_node=3))
    bad("two labels of the tumour", cannot, **labels(GTVp=1, GTVn=2, gtvp_ring=3))
    bad("two names of one label", "1 (GTVp or GTVn)", **labels(GTVp=1, GTVn=1, tumor=2))
    bad("one label for both", "--labels 1 is both GTVp and GTVn", "--labels", "GTVp=1", "GTVn=1")
    bad("channel ²", "cannot tell CT and PET", dataset={**DATASET, "channel_names": {"²": "CT", "1": "MR"}})


def _plans(bad: Callable[..., None]) -> None:
    def order(what: str, order: int) -> dict[str, Any]:
        return plan(**{f"resampling_fn_{what}_kwargs": {"is_seg": False, "order": order}})

    onnx, others = "pass it with --onnx", "fix: train with plans"
    halved = {"strides": [[2, 2, 2]] * 3}
    settings = {"built": network(**halved), "configurations": arguments(**halved)}
    bad("logits smaller than the window", "strides begin with", **settings)
    bad("slope that is no number", "nonlin_kwargs", configurations=arguments(nonlin_kwargs={"negative_slope": "x"}))
    bad("millions of layers", "n_conv_per_stage is", configurations=arguments(n_conv_per_stage=[10**7, 2, 2]))
    bad("patch that no machine holds", "patch_size is [1024", **plan(patch_size=[1024, 1024, 1024]))
    bad("layer that is not known", onnx, configurations=arguments(nonlin="torch.nn.Mish"))
    bad("images by order 2", others, **order("data", 2))
    bad("logits by order 3", others, **order("probabilities", 3))
    threshold = {**RESAMPLING["resampling_fn_data_kwargs"], "separate_z_anisotropy_threshold": 4}
    bad("another threshold", others, **plan(resampling_fn_data_kwargs=threshold))
    missing = {"foreground_intensity_properties_per_channel": {"1": INTENSITIES}}
    bad("CT without intensities", "no foreground intensities of channel 0", plans=missing)
    eps = {"norm_op_kwargs": {"eps": -1e9, "affine": True}}
    bad("NaN from PyTorch", "PyTorch's own logits", built=network(**eps), configurations=arguments(**eps))
    bare = {"norm_op_kwargs": {"eps": 1e-5, "affine": False}}
    settings = {"built": network(**bare), "configurations": arguments(**bare)}
    bad("norms that make much of rounding", "makes much of rounding", "--graph", "plain", **settings)


def _checkpoints(bad: Callable[..., None]) -> None:
    def changed(change: Callable[[dict[str, Any]], Any]) -> Callable[[pathlib.Path], None]:
        def spoil(path: pathlib.Path) -> None:
            kept = torch.load(checkpoint(path), weights_only=False)
            change(kept)
            torch.save(kept, checkpoint(path))

        return spoil

    def weight(make: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[pathlib.Path], None]:
        def change(kept: dict[str, Any]) -> None:
            weights = kept["network_weights"]
            key = next(iter(weights))
            weights[key] = make(weights[key])

        return changed(change)

    shared: Any = ("a", "b")
    for _ in range(22):
        shared = (shared, shared)
    name, nested = "in the place of a name", "a nested key"
    bad("trainer of shared tuples", name, spoil=changed(lambda kept: kept.update(trainer_name=shared)))
    configuration = changed(lambda kept: kept["init_args"].update(configuration=shared))
    bad("configuration of shared tuples", name, spoil=configuration)
    for function, items in ((set, [shared]), (frozenset, [shared]), (OrderedDict, [[shared, 1]])):
        call = Call(function, items)
        bad(f"{function.__name__} of shared tuples", nested, spoil=changed(lambda kept: kept.update(logging=call)))
    large = weight(lambda _: torch.zeros(1, dtype=torch.float16).expand(200_000, 200_000))
    bad("one number for a large tensor", "larger than its data", spoil=large)
    bad("complex weights", "dense tensors", spoil=weight(lambda w: w.to(torch.complex64)))
    bad("sparse weights", "dense tensors", spoil=weight(lambda w: w.to_sparse()))
    block = "conv_blocks_context.0.9999999.conv1.weight"
    stray = changed(lambda kept: kept["network_weights"].update({block: torch.zeros(1)}))
    old = {"3d_fullres": old_configuration()}
    bad("a block far behind the others", "does not fit", built=network("STUNet"), configurations=old, spoil=stray)
    bad("an axis mirrored twice", "each once", mirroring=(0, 0, 1))


def _files(bad: Callable[..., None]) -> None:
    def instead(make: Callable[[pathlib.Path], None], file: str = "") -> Callable[[pathlib.Path], None]:
        def spoil(path: pathlib.Path) -> None:
            target = path / file if file else checkpoint(path)
            target.unlink()
            make(target)

        return spoil

    none = "is no file, or a link that leads nowhere"
    bad("link to nothing", none, spoil=instead(lambda p: p.symlink_to("nowhere")))
    bad("folder for a checkpoint", none, "--folds", 0, spoil=instead(lambda p: p.mkdir()))
    bad("pipe for a checkpoint", none, spoil=instead(os.mkfifo))
    bad("pipe for dataset.json", none, spoil=instead(os.mkfifo, "dataset.json"))


def _fault(out: pathlib.Path, check: Check, export: Export) -> None:
    """A full disk, or a fault of the exporter's own, leaves no empty folder behind."""
    kept = exporter._exporter
    for error in (OSError(28, "No space left on device"), ZeroDivisionError()):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        exporter._exporter = lambda _, fail=fail: fail
        code, said = export(out)
        check(f"no folder after {type(error).__name__}", code != 0 and not out.exists(), said)
    exporter._exporter = kept


def _impatient(bad: Callable[..., None]) -> Callable[..., None]:
    """Makes an exporter that waits for ever one that fails."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"no answer after {PATIENCE} s")

    def timed(*given: Any, **settings: Any) -> None:
        kept = signal.signal(signal.SIGALRM, stop)
        signal.alarm(PATIENCE)
        try:
            bad(*given, **settings)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, kept)

    return timed
