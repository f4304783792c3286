#!/usr/bin/env python3
"""One case through nnU-Net's own predictor on the CPU.

    python nnunet_predict.py --folder TRAINED --ct ct.mha --pet pet.mha --out mask.mha --threads 2

What nnUNetv2_predict_from_modelfolder -device cpu -npp 0 -nps 0 does, stage by stage, after the PET
has been put on the CT's grid as the team's container must.
"""

from __future__ import annotations

import argparse
import os

import SimpleITK as sitk

from stages import Stages, tell


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("folder", "ct", "pet", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def put_pet_on_ct(ct_file: str, pet_file: str, out: str) -> None:
    ct, pet = sitk.ReadImage(ct_file), sitk.ReadImage(pet_file, sitk.sitkFloat32)
    sitk.WriteImage(sitk.Resample(pet, ct, sitk.Transform(), sitk.sitkLinear, 0.0), out)


def main() -> None:
    arguments = parse_arguments()
    # The package limits itself to this many threads.
    os.environ["nnUNet_def_n_proc"] = str(arguments.threads)
    import torch
    from nnunetv2.inference.export_prediction import export_prediction_from_logits
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    torch.set_num_threads(arguments.threads)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(arguments.threads)
    stages = Stages()
    tell("imported", versions={"torch": torch.__version__})
    aligned = f"{arguments.out}.pet.mha"
    with stages.time("align"):
        put_pet_on_ct(arguments.ct, arguments.pet, aligned)
    with stages.time("model"):
        predictor = nnUNetPredictor(device=torch.device("cpu"), allow_tqdm=False)
        predictor.initialize_from_trained_model_folder(arguments.folder, (0,))
    plans, configuration = predictor.plans_manager, predictor.configuration_manager
    with stages.time("preprocessing"):
        data, _, properties = configuration.preprocessor_class(verbose=False).run_case(
            [arguments.ct, aligned], None, plans, configuration, predictor.dataset_json
        )
    with stages.time("network"):
        logits = predictor.predict_logits_from_preprocessed_data(torch.from_numpy(data)).cpu()
    with stages.time("export"):
        export_prediction_from_logits(
            logits, properties, configuration, plans, predictor.dataset_json, arguments.out.removesuffix(".mha")
        )
    os.remove(aligned)
    stages.done(dims=list(data.shape))


if __name__ == "__main__":
    main()
