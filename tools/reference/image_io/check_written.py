"""Checks with SimpleITK and nibabel that files written by libs/image-io hold what was written.

    node tools/build/run-ts.mjs tools/reference/image_io/write_samples.ts FOLDER
    python tools/reference/image_io/check_written.py FOLDER
"""

import json
import pathlib
import sys

import nibabel
import numpy as np
import SimpleITK as sitk


def main(folder):
    cases = json.loads((folder / "written.json").read_text())
    for case in cases:
        path = str(folder / case["name"])
        image = sitk.ReadImage(path)
        array = sitk.GetArrayFromImage(image)
        expected = np.array([np.dtype(case["type"]).type(v) for v in case["data"]]).reshape(3, 4, 5)
        assert array.dtype.name == case["type"], (case["name"], array.dtype)
        assert np.array_equal(array, expected), case["name"]
        tolerance = 0 if path.endswith(".mha") else 1e-6
        for field, found in (("spacing", image.GetSpacing()), ("origin", image.GetOrigin()),
                             ("direction", image.GetDirection())):
            wanted = np.array(case[field])
            off = np.abs(np.array(found) - wanted) / np.maximum(1, np.abs(wanted))
            assert off.max() <= tolerance, (case["name"], field, found, wanted)
        if ".nii" in path:
            header = nibabel.load(path)
            affine = np.diag([-1, -1, 1]) @ np.reshape(case["direction"], (3, 3)) * case["spacing"]
            for form in (header.get_qform(), header.get_sform()):
                assert np.allclose(form[:3, :3], affine, atol=1e-6), (case["name"], form)
    print(len(cases), "files are read back identically")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
