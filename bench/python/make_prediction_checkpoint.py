#!/usr/bin/env python3
"""Writes checkpoints of the baselines of Tasks 2 and 3 with seeded random weights.

    python make_prediction_checkpoint.py task2 <folder>

For timing: the networks do the full work and their answers mean nothing. Task 2: five folds of a
feature extractor, each with an ICARE bag that was fitted on noise.
"""

from __future__ import annotations

import pathlib
import pickle
import sys

import joblib
import numpy as np
import pandas as pd
import torch
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from prediction_networks import Classifier, FeatureExtractor

FOLDS = 5
FEATURES = 128
SEED = 2025
CATEGORIES = {
    "Gender": ["0", "1"],
    "Tobacco Consumption": ["0", "1", "Unknown"],
    "Alcohol Consumption": ["0", "1", "Unknown"],
    "Performance Status": ["0", "1", "2", "3", "4", "Unknown"],
    "M-stage": ["M0", "M1", "Unknown"],
    "Treatment": ["0", "1"],
}


def settle_norms(network: torch.nn.Module, random: np.random.Generator) -> None:
    """Statistics as training leaves them, so that folding them into weights is seen to be right."""
    for name, value in network.named_buffers():
        draw = torch.from_numpy(random.uniform(0.5, 1.5, value.shape).astype(np.float32))
        if name.endswith("running_var"):
            value.copy_(draw)
        elif name.endswith("running_mean"):
            value.copy_(0.2 * (draw - 1))


def ages(random: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({"Age": random.integers(40, 85, 200).astype(float)})


def fitted_bag(random: np.random.Generator):
    from icare.survival import BaggedIcareSurvival

    features = random.normal(size=(120, FEATURES)).astype(np.float32)
    outcome = np.zeros(120, dtype=[("event", "?"), ("time", "f8")])
    outcome["event"] = random.random(120) < 0.4
    outcome["time"] = random.exponential(900.0, 120) + 30
    sets = [{"rho": 0.8, "cmin": 0.52, "max_features": 0.8, "sign_method": "harrell"}]
    bag = BaggedIcareSurvival(n_estimators=10, parameters_sets=sets, aggregation_method="median", random_state=SEED)
    return bag.fit(features, outcome)


def make_task2(folder: pathlib.Path, random: np.random.Generator) -> None:
    columns = [f"{name}_{value}" for name, values in CATEGORIES.items() for value in values]
    folds = []
    for fold in range(FOLDS):
        network = FeatureExtractor(1 + len(columns), FEATURES)
        settle_norms(network, random)
        folds.append(
            {
                "fold_id": fold,
                "weight": 0.5 + fold / 20,
                "feature_extractor_state_dict": network.state_dict(),
                "icare_model": fitted_bag(random),
            }
        )
    torch.save(
        {
            "fold_models": folds,
            "clinical_feature_dim": 1 + len(columns),
            "feature_output_dim": FEATURES,
            "combination_method": "median",
        },
        folder / "ensemble_model.pt",
    )
    table = ages(random)
    parts = {
        "age_median": float(table["Age"].median()),
        "age_scaler": StandardScaler().fit(table),
        "categorical_columns": columns,
    }
    (folder / "clinical_preprocessors.pkl").write_bytes(pickle.dumps(parts))


def make_task3(folder: pathlib.Path, random: np.random.Generator) -> None:
    names = ["Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage"]
    rows = [[random.choice(CATEGORIES[name]) for name in names] for _ in range(200)]
    encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(rows)
    numbers = np.column_stack([ages(random)["Age"], random.integers(0, 2, 200)])
    network = Classifier(2 + sum(map(len, encoder.categories_)))
    settle_norms(network, random)
    joblib.dump(StandardScaler().fit(numbers), folder / "scaler.joblib")
    joblib.dump(encoder, folder / "ohe.joblib")
    torch.save(network.state_dict(), folder / "best_model.pt")


def main() -> None:
    task, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    {"task2": make_task2, "task3": make_task3}[task](folder, random)


if __name__ == "__main__":
    main()
