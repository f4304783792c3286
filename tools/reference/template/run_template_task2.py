#!/usr/bin/env python3
"""Runs the challenge's own task 2 code on one case, on the CPU, and keeps what it computed.

The template is not part of this project: pass the path of a checkout of
BioMedIA-MBZUAI/HECKTOR2025, branch docker-template. Needs requirements-task2.txt, because the
template unpickles ICARE models in full; run it only on checkpoints you made.

    python tools/reference/template/run_template_task2.py --template ../HECKTOR2025/Task_2 \\
        --resources tiny2/ --case case/ --out reference/task2.json
"""

from __future__ import annotations

import json
import time

STARTED = time.perf_counter()  # before the imports below, which are a good part of a run

import torch  # noqa: E402
from template_run import describe_tensor, fit_to_weights, on_cpu, parse_arguments, watch, write  # noqa: E402


def main() -> int:
    options = parse_arguments(__doc__ or "")
    seconds: dict[str, float] = {}
    kept: dict[str, list] = {"image": [], "record": [], "features": [], "risks": []}
    with on_cpu(options, "resources/utils.py"):
        import inference
        from resources import utils

        seconds["imports"] = round(time.perf_counter() - STARTED, 3)
        path = options.resources / "ensemble_model.pt"
        ensemble = torch.load(path, map_location="cpu", weights_only=False, mmap=True)
        fit_to_weights(utils, ensemble["fold_models"][0]["feature_extractor_state_dict"], "imaging_backbone.")
        del ensemble
        started = time.perf_counter()
        model = utils.HecktorInferenceModel(resource_path=options.resources)
        seconds["loading"] = round(time.perf_counter() - started, 3)
        watch(model, "_preprocess_images", kept["image"].append, seconds)
        watch(model, "_preprocess_clinical_data", kept["record"].append, seconds)
        for fold in model.fold_models:
            watch(fold["feature_extractor"], "forward", kept["features"].append, seconds)
            watch(fold["icare_model"], "predict", kept["risks"].append, seconds)
        load = inference.load_image_file_as_array
        images = {m: load(location=options.case / "images" / m) for m in ("ct", "pet")}
        started = time.perf_counter()
        risk = model.predict_single_patient(
            ct_image=images["ct"],
            pet_image=images["pet"],
            clinical_data=inference.load_json_file(location=options.case / "ehr.json"),
        )
        seconds["predict"] = round(time.perf_counter() - started, 3)
    folds = [
        {"fold": int(fold["fold_id"]), "risk": float(risks[0]), "features": features[0].tolist()}
        for fold, risks, features in zip(model.fold_models, kept["risks"], kept["features"])
    ]
    seconds["total"] = round(time.perf_counter() - STARTED, 3)
    (image,), (record,) = kept["image"], kept["record"]
    facts = {
        "risk": float(risk),
        "clinical": record[0].tolist(),
        "tensor": describe_tensor(image),
        "seconds": seconds,
        "folds": folds,
    }
    packages = ["torch", "monai", "numpy", "SimpleITK", "scikit-image", "pandas", "scikit-learn", "icare"]
    write(options, facts, image, packages)
    print(json.dumps({key: facts[key] for key in ("risk", "seconds")}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
