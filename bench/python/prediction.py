#!/usr/bin/env python3
"""Tasks 2 and 3 with the libraries of the challenge's own containers, on the CPU.

    python prediction.py task2 --ct ct.mha --pet pet.mha --ehr ehr.json --weights <folder> --out rfs.json

One JSON line when all is imported and one with the figures and the answer's parts at the end.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import pickle

import joblib
import monai
import numpy as np
import SimpleITK as sitk
import torch

from arrays import prepare
from clinical_vector import read_record, vector_task2, vector_task3
from prediction_networks import Classifier, FeatureExtractor
from stages import Stages, tell


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("task2", "task3"))
    for name in ("--ct", "--pet", "--ehr", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--weights", type=pathlib.Path, required=True, help="what make_prediction_checkpoint.py wrote")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def predict_risk(image: torch.Tensor, record: dict, weights: pathlib.Path, stages: Stages) -> tuple[float, dict]:
    """All folds are loaded before the first runs, as the container does."""
    with stages.time("model"):
        ensemble = torch.load(weights / "ensemble_model.pt", map_location="cpu", weights_only=False)
        parts = pickle.loads((weights / "clinical_preprocessors.pkl").read_bytes())
        folds = []
        for fold in ensemble["fold_models"]:
            network = FeatureExtractor(ensemble["clinical_feature_dim"], ensemble["feature_output_dim"])
            network.load_state_dict(fold["feature_extractor_state_dict"])
            folds.append((network.eval(), fold["icare_model"]))
    clinical = torch.from_numpy(vector_task2(record, parts))[None]
    with stages.time("inference"), torch.no_grad():
        risks = [float(bag.predict(network(image, clinical).numpy())[0]) for network, bag in folds]
    return float(np.median(risks)), {"folds": risks}


def predict_class(image: torch.Tensor, record: dict, weights: pathlib.Path, stages: Stages) -> tuple[bool, dict]:
    with stages.time("model"):
        scaler, encoder = (joblib.load(weights / name) for name in ("scaler.joblib", "ohe.joblib"))
        clinical = torch.from_numpy(vector_task3(record, scaler, encoder))[None]
        network = Classifier(clinical.shape[1])
        network.load_state_dict(torch.load(weights / "best_model.pt", map_location="cpu", weights_only=True))
        network.eval()
    with stages.time("inference"), torch.no_grad():
        logits = network(image, clinical)
    return bool(logits.argmax(dim=1).item()), {"logits": logits[0].tolist()}


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(arguments.threads)
    stages = Stages()
    tell(
        "imported",
        versions={
            "torch": torch.__version__,
            "monai": monai.__version__,
            "SimpleITK": sitk.Version.VersionString(),
        },
    )
    image = prepare((arguments.ct, arguments.pet), arguments.task, stages)
    predict = predict_risk if arguments.task == "task2" else predict_class
    answer, parts = predict(image, read_record(arguments.ehr), arguments.weights, stages)
    pathlib.Path(arguments.out).write_text(json.dumps(answer))
    stages.done(answer=answer, **parts)


if __name__ == "__main__":
    main()
