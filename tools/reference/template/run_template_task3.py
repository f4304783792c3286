#!/usr/bin/env python3
"""Runs the challenge's own task 3 code on one case, on the CPU, and keeps what it computed.

The template is not part of this project: pass the path of a checkout of
BioMedIA-MBZUAI/HECKTOR2025, branch docker-template. Needs requirements-task3.txt; the template
unpickles scaler and encoder in full, so run it only on files you made.

    python tools/reference/template/run_template_task3.py --template ../HECKTOR2025/Task_3 \\
        --resources tiny3/ --case case/ --out reference/task3.json
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
    logits: list[torch.Tensor] = []
    with on_cpu(options, "resources/hecktor_inference.py"):
        import inference
        import joblib
        from resources import hecktor_inference as steps
        from resources import model as networks

        seconds["imports"] = round(time.perf_counter() - STARTED, 3)
        state = torch.load(options.resources / "best_model.pt", map_location="cpu")
        fit_to_weights(networks, state, "img_model.")
        load = inference.load_image_file_as_array
        ct, pet = (load(location=options.case / "images" / m) for m in ("ct", "pet"))
        record = inference.load_json_file(location=options.case / "ehr.json")
        started = time.perf_counter()
        cropped = steps.crop_neck_region(*steps.resample_images(ct_array=ct, pet_array=pet))
        image = steps.prepare_input_tensor(*cropped)
        seconds["preprocessing"] = round(time.perf_counter() - started, 3)
        scaler, encoder = (joblib.load(options.resources / f"{n}.joblib") for n in ("scaler", "ohe"))
        vector = steps.preprocess_ehr(record, scaler, encoder)
        network = networks.MultiModalResNet(clin_feat_dim=vector.shape[1], num_classes=2)
        network.load_state_dict(state)
        watch(network, "forward", logits.append, seconds)
        answer = steps.run_inference(model=network, x_img=image, x_clin=vector)
    seconds["total"] = round(time.perf_counter() - STARTED, 3)
    facts = {
        "class": answer,
        "logits": logits[0][0].tolist(),
        "probability": float(torch.softmax(logits[0], 1)[0, 1]),
        "clinical": vector[0].tolist(),
        "tensor": describe_tensor(image),
        "cropped": [list(array.shape) for array in cropped],
        "seconds": seconds,
    }
    write(options, facts, image, ["torch", "monai", "numpy", "SimpleITK", "scikit-image", "pandas", "scikit-learn"])
    print(json.dumps({key: facts[key] for key in ("class", "logits", "seconds")}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
