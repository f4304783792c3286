#!/usr/bin/env python3
"""Reads one image with SimpleITK into an array: python read_image.py FILE [THREADS]"""

from __future__ import annotations

import sys

import SimpleITK as sitk

from stages import Stages, tell


def main() -> None:
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    tell("imported", versions={"SimpleITK": sitk.Version.VersionString()})
    stages = Stages()
    with stages.time("read"):
        voxels = sitk.GetArrayViewFromImage(sitk.ReadImage(sys.argv[1]))
    stages.done(sum=int(voxels[:: max(1, voxels.shape[0] // 8)].sum(dtype="int64")))


if __name__ == "__main__":
    main()
