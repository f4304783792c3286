#!/usr/bin/env python3
"""A task 2 ensemble in the template's file format, with seeded weights and really fitted ICARE bags.

    python tools/reference/template/make_tiny_task2.py OUT_FOLDER [--planes 2 4 8 16 | --full]

Writes ensemble_model.pt and clinical_preprocessors.pkl. Without --full the networks are narrow
(8-16-32-64 planes); with it they have the baseline's width, for the template's own code and timings.
Needs icare and scikit-learn 1.5: requirements-task2.txt.
"""

from __future__ import annotations

import argparse
import pathlib
import pickle
import warnings

import numpy as np
import torch
from icare.survival import BaggedIcareSurvival
from sklearn.preprocessing import StandardScaler
from tiny_networks import add_size_options, calibrate, seeded, task2_network

SEED = 2025
FOLDS, PATIENTS = 5, 80
COLUMNS = [
    *(f"Gender_{v}" for v in ("0", "1")),
    *(f"Tobacco Consumption_{v}" for v in ("0", "1", "Unknown")),
    *(f"Alcohol Consumption_{v}" for v in ("0", "1", "Unknown")),
    *(f"Performance Status_{v}" for v in ("0", "1", "2", "Unknown")),
    *(f"M-stage_{v}" for v in ("M0", "M1", "Unknown")),
    *(f"Treatment_{v}" for v in ("0", "1")),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    add_size_options(parser)
    parser.add_argument("--folds", type=int, default=FOLDS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    width = 1 + len(COLUMNS)
    folds = [make_fold(fold, width, options.planes) for fold in range(options.folds)]
    ensemble = {
        "fold_models": folds,
        "clinical_feature_dim": width,
        "feature_output_dim": 128,
        "combination_method": "median",
    }
    torch.save(ensemble, options.out / "ensemble_model.pt")
    ages = np.random.default_rng(SEED).normal(60, 10, (PATIENTS, 1)).round()
    preprocessors = {
        "age_scaler": StandardScaler().fit(ages),
        "age_median": float(np.median(ages)),
        "categorical_columns": COLUMNS,
        "feature_names": ["Age", *COLUMNS],
        "n_features": width,
    }
    with (options.out / "clinical_preprocessors.pkl").open("wb") as file:
        pickle.dump(preprocessors, file)
    return 0


def make_fold(fold: int, clinical: int, planes: list[int]) -> dict:
    """One network and the bag fitted on its features of synthetic patients."""
    network = seeded(task2_network(clinical, planes), SEED + fold)
    images, records = calibrate(network, clinical, SEED + fold)
    with torch.inference_mode():
        seen = network(images, records).numpy()
    generator = np.random.default_rng(SEED + fold)
    # Few distinct images suffice for the fit: patients are mixtures of their features.
    mixture = generator.dirichlet(np.ones(len(seen)), PATIENTS)
    features = (mixture @ seen + 0.02 * generator.standard_normal((PATIENTS, seen.shape[1]))).astype(np.float32)
    risk = features[:, :8].sum(1)
    times = generator.exponential(np.exp(-(risk - risk.mean()) / risk.std())) * 1000
    outcome = np.array(
        list(zip(generator.random(PATIENTS) < 0.6, times)), dtype=[("event", bool), ("time", float)]
    )
    bag = BaggedIcareSurvival(aggregation_method="median", n_jobs=1, random_state=SEED + fold)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scores of times after the last event
        bag.fit(features, outcome)
    return {
        "fold_id": fold,
        "weight": 0.6 + 0.02 * fold,
        "feature_extractor_state_dict": network.state_dict(),
        "icare_model": bag,
    }


if __name__ == "__main__":
    raise SystemExit(main())
