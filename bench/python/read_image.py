#!/usr/bin/env python3
"""Reads one image with SimpleITK: python read_image.py FILE [THREADS]"""

from __future__ import annotations

import sys

import SimpleITK as sitk

from stages import Stages, tell


def main() -> None:
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    tell("imported", versions={"SimpleITK": sitk.Version.VersionString()})
    stages = Stages()
    with stages.time("read"):
        image = sitk.ReadImage(sys.argv[1])
    stages.done(dims=list(image.GetSize()))


if __name__ == "__main__":
    main()
