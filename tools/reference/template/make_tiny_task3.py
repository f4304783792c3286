#!/usr/bin/env python3
"""A task 3 checkpoint in the template's file format, with seeded weights.

    python tools/reference/template/make_tiny_task3.py OUT_FOLDER [--planes 2 4 8 16 | --full]

Writes best_model.pt, scaler.joblib and ohe.joblib. Without --full the network is narrow (8-16-32-64
planes); with it it has the baseline's width, for the template's own code and timings.
"""

from __future__ import annotations

import argparse
import pathlib

import joblib
import numpy as np
import torch
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tiny_networks import add_size_options, calibrate, seeded, task3_network

SEED = 2026
CATEGORIES = (
    ("0", "1", "Unknown"),
    ("0", "1", "Unknown"),
    ("0", "1", "2", "Unknown"),
    ("M0", "M1", "Unknown"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    add_size_options(parser)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(SEED)
    numbers = np.column_stack([generator.normal(60, 10, 80).round(), generator.integers(0, 2, 80)])
    table = np.array([[values[i % len(values)] for values in CATEGORIES] for i in range(80)], dtype=object)
    scaler = StandardScaler().fit(numbers)
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(table)
    width = 2 + sum(map(len, CATEGORIES))
    network = seeded(task3_network(width, options.planes), SEED)
    calibrate(network, width, SEED)
    torch.save(network.state_dict(), options.out / "best_model.pt")
    joblib.dump(scaler, options.out / "scaler.joblib")
    joblib.dump(encoder, options.out / "ohe.joblib")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
