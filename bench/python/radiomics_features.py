#!/usr/bin/env python3
"""PyRadiomics' features of CT and PET in GTVp and GTVn, with the settings that a file names."""

from __future__ import annotations

import argparse
import json
import logging

import numpy as np
import radiomics
import SimpleITK as sitk
from radiomics.featureextractor import RadiomicsFeatureExtractor

from stages import Stages, tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ct", "pet", "labels", "settings", "dump"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    tell("imported", versions={"pyradiomics": radiomics.__version__, "SimpleITK": sitk.Version.VersionString()})
    stages = Stages()
    with stages.time("read"):
        images = {name: sitk.ReadImage(getattr(args, name)) for name in ("ct", "pet")}
        labels = sitk.ReadImage(args.labels)
    with open(args.settings, encoding="utf8") as file:
        settings = json.load(file)
    found = {}
    for entry, what in settings.items():
        with stages.time(entry):
            params = what["params"]
            params["setting"] |= {"correctMask": True, "additionalInfo": False}
            extractor = RadiomicsFeatureExtractor(params)
            for label, target in ((1, "GTVp"), (2, "GTVn")):
                values = extractor.execute(images[what["image"]], labels, label=label)
                found |= {f"radiomics.{entry}.{target}.{name}": float(np.real(v)) for name, v in values.items()}
    stages.done(features=len(found))
    with open(args.dump, "w", encoding="utf8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
