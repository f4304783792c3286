"""What the runners of tasks 2 and 3 share: the template on the CPU, watched from outside."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import pathlib
import resource
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import torch
from monai.networks.nets import ResNet

BASELINE_WIDTH = 512


def parse_arguments(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--template", required=True, type=pathlib.Path, help="the task's folder of the template")
    parser.add_argument("--resources", required=True, type=pathlib.Path, help="folder of the checkpoint files")
    parser.add_argument("--case", required=True, type=pathlib.Path, help="folder with images/ct, images/pet, ehr.json")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the JSON file to write")
    parser.add_argument("--tensor", type=pathlib.Path, help="also keep the network's image input, as .npy")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


@contextlib.contextmanager
def on_cpu(options: argparse.Namespace, mark: str) -> Iterator[None]:
    """The template importable, its CUDA calls harmless, its messages kept out of ours."""
    if not (options.template / mark).is_file():
        raise SystemExit(f"error: {options.template} is no checkout of that task's template")
    torch.set_num_threads(options.threads)
    sys.path.insert(0, str(options.template.resolve()))
    torch.Tensor.cuda = lambda self, *_a, **_k: self
    torch.nn.Module.cuda = lambda self, *_a, **_k: self
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def fit_to_weights(module: ModuleType, state: dict[str, torch.Tensor], prefix: str) -> None:
    """Lets the template build a backbone of other widths than its own, as these weights have.

    The template's class names a ResNet-18 and its 512 features; both names are given another
    meaning in its module. Its code stays as it is.
    """
    planes = [int(state[f"{prefix}layer{i}.0.conv1.weight"].shape[0]) for i in (1, 2, 3, 4)]
    if planes[-1] == BASELINE_WIDTH:
        return
    layers = torch.nn.Linear

    class Layers:
        """torch.nn with a linear layer that knows the backbone's real width."""

        def __getattr__(self, name: str) -> Any:
            return getattr(torch.nn, name)

        @staticmethod
        def Linear(inputs: int, outputs: int) -> torch.nn.Linear:  # noqa: N802
            wide = inputs > BASELINE_WIDTH
            return layers(inputs - BASELINE_WIDTH + planes[-1] if wide else inputs, outputs)

    def backbone(spatial_dims: int, n_input_channels: int, num_classes: int) -> ResNet:
        return ResNet(
            "basic", [2, 2, 2, 2], planes, spatial_dims=spatial_dims,
            n_input_channels=n_input_channels, num_classes=num_classes,
        )  # fmt: skip

    module.nn, module.resnet18 = Layers(), backbone


def watch(owner: Any, name: str, keep: Callable[[Any], None], seconds: dict[str, float]) -> None:
    """Calls ``keep`` with every result of a function, and adds up its time."""
    function = getattr(owner, name)

    def watched(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        result = function(*arguments, **named)
        seconds[name] = round(seconds.get(name, 0) + time.perf_counter() - started, 3)
        keep(result)
        return result

    setattr(owner, name, watched)


def statistics(values: Any) -> dict[str, float]:
    array = np.asarray(values, dtype=np.float64)
    return {key: float(getattr(array, key)()) for key in ("min", "max", "mean", "std")}


def describe_tensor(image: torch.Tensor) -> dict[str, Any]:
    """Size, statistics of each channel and checksum of the network's image input."""
    data = np.ascontiguousarray(np.asarray(image.detach(), dtype=np.float32))
    return {
        "dims": list(data.shape),
        "ct": statistics(data[0, 0]),
        "pet": statistics(data[0, 1]),
        "sha256": hashlib.sha256(data.tobytes()).hexdigest(),
    }


def write(options: argparse.Namespace, facts: dict[str, Any], image: torch.Tensor, packages: list[str]) -> None:
    """Adds versions, sources and memory, and writes the facts."""
    from importlib.metadata import version

    facts["versions"] = {name: version(name) for name in packages}
    facts["sources"] = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(options.resources.rglob("*"))
        if file.suffix in (".pt", ".pkl", ".joblib")
    }
    facts["peakMemoryMB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    if options.tensor:
        np.save(options.tensor, np.asarray(image.detach(), dtype=np.float32))
