#!/usr/bin/env python3
"""One 128³ window of full-size networks: PyTorch, ONNX Runtime's plain graph, and the fast graph.

    python bench/python/unet_graphs.py [plain resenc-m stu-s stu-b] [--runs N]

Needs the exporter's packages and dynamic_network_architectures. Each runs in a process of its own on
two threads, one after the other, with seeded weights; figures are the fastest of N runs after a first
one. Compare processor time where other work runs on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

EXPORT = pathlib.Path(__file__).parents[2] / "tools" / "export"
SHAPE = (1, 2, 128, 128, 128)
CLASSES, THREADS = 3, 2
NAMES = ("plain", "resenc-m", "stu-s", "stu-b")
WAYS = ("PyTorch", "plain graph", "fast graph")
WIDTHS = [32, 64, 128, 256, 320, 320]


def build(name: str):
    """The default network of 3d_fullres, the preset ResEnc M, STU-Net small and base."""
    import torch
    from torch import nn

    torch.manual_seed(2025)
    if name.startswith("stu"):
        from nnunet.stunet import STUNet

        first = {"stu-s": 16, "stu-b": 32}[name]
        return STUNet(2, CLASSES, [first * n for n in (1, 2, 4, 8, 16, 16)], [1] * 6, [[2, 2, 2]] * 5).eval()
    from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet

    kind, depths = {
        "plain": (PlainConvUNet, {"n_conv_per_stage": [2] * 6, "n_conv_per_stage_decoder": [2] * 5}),
        "resenc-m": (ResidualEncoderUNet, {"n_blocks_per_stage": [1, 3, 4, 6, 6, 6], "n_conv_per_stage_decoder": [1] * 5}),
    }[name]
    strides = [[1, 1, 1], *[[2, 2, 2]] * 5]
    layers = {"norm_op": nn.InstanceNorm3d, "norm_op_kwargs": {"eps": 1e-5, "affine": True}, "nonlin": nn.LeakyReLU}
    return kind(
        2, 6, WIDTHS, nn.Conv3d, [[3, 3, 3]] * 6, strides, num_classes=CLASSES, conv_bias=True, **depths, **layers
    ).eval()


def write(name: str, folder: pathlib.Path) -> None:
    """Both graphs; in a process of their own, because tracing takes memory."""
    from onnx_file import save_model, write_onnx
    from optimise import unet

    network = build(name)
    write_onnx(network, SHAPE, folder / "plain graph.onnx", {})
    save_model(unet.build(network, SHAPE[2:], {}), folder / "fast graph.onnx")


def predictor(name: str, way: str, folder: pathlib.Path) -> Callable[[np.ndarray], np.ndarray]:
    if way == "PyTorch":
        import torch

        torch.set_num_threads(THREADS)
        network = build(name)

        def predict(window: np.ndarray) -> np.ndarray:
            with torch.inference_mode():
                return network(torch.from_numpy(window)).numpy()

        return predict
    import onnxruntime

    # As libs/onnx/src/session.ts sets them.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(folder / f"{way}.onnx", options, providers=["CPUExecutionProvider"])
    return lambda window: session.run(None, {"input": window})[0]


def measure(name: str, way: str, folder: pathlib.Path, runs: int) -> None:
    started = time.perf_counter()
    predict = predictor(name, way, folder)
    opened = time.perf_counter() - started
    window = np.random.default_rng(2025).standard_normal(SHAPE, dtype=np.float32)
    predict(window)
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        logits = predict(window)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    np.save(folder / f"{way}.npy", logits)
    print(json.dumps({"open": opened, "wall": min(walls), "cpu": min(cpus), "peak": peak}))


def compare(name: str, runs: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)

        def inside(*arguments: str) -> str:
            # Idle threads of PyTorch sleep, as ONNX Runtime's do.
            environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
            command = [sys.executable, __file__, name, "--runs", str(runs), "--folder", temporary, *arguments]
            return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout

        inside("--write")
        results = {way: json.loads(inside("--way", way)) for way in WAYS}
        expected = np.load(folder / "PyTorch.npy")
        for way, r in results.items():
            off = float(np.abs(np.load(folder / f"{way}.npy") - expected).max() / np.abs(expected).max())
            file = folder / f"{way}.onnx"
            size = sum(f.stat().st_size for f in folder.glob(f"{file.name}*")) / 1e6
            print(
                f"| {name} | {way} | {r['wall']:.2f} | {r['cpu']:.2f} | {r['cpu'] / results['PyTorch']['cpu']:.2f} "
                f"| {r['peak']:.2f} | {r['open']:.1f} | {size:.0f} | {off:.0e} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=NAMES, choices=NAMES)
    parser.add_argument("--runs", type=int, default=3)
    for inner in ("--folder", "--way"):
        parser.add_argument(inner, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(EXPORT))
    if options.write:
        write(options.names[0], pathlib.Path(options.folder))
    elif options.way:
        measure(options.names[0], options.way, pathlib.Path(options.folder), options.runs)
    else:
        print("| network | way | wall s | CPU s | of PyTorch's CPU | peak GB | open s | file MB | off by |")
        print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
        for name in options.names:
            compare(name, options.runs)


if __name__ == "__main__":
    main()
