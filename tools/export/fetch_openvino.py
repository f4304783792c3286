#!/usr/bin/env python3
"""Puts the part of OpenVINO that runs ONNX networks on a CPU into node_modules/.openvino.

    python3 tools/export/fetch_openvino.py

For linux/amd64, as the containers are, whatever machine it runs on. Needs pip, nothing else; `npm ci`
removes the folder again.
"""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

VERSION = "2026.4.1"
# Of the wheel for CPython 3.12 and linux/amd64; the libraries are the same in those for others.
SHA256 = "6b4375c17ddcac83a5180349e2e2bb811185c261066e2a920659892d58ef0e3b"
TARGET = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312", "--platform", "manylinux_2_28_x86_64"]
LIBRARIES = (
    "libopenvino.so.2641",
    "libopenvino_c.so.2641",
    "libopenvino_onnx_frontend.so.2641",
    "libopenvino_intel_cpu_plugin.so",
    "libtbb.so.12",
)
FOLDER = pathlib.Path(__file__).parents[2] / "node_modules" / ".openvino"
# For the bill of materials of an image.
COMPONENT = {"name": "openvino", "version": VERSION, "license": "Apache-2.0", "type": "pypi"}


def main() -> int:
    component = FOLDER / "component.json"
    if component.is_file() and json.loads(component.read_text()) == COMPONENT:
        print(f"OpenVINO {VERSION} is there: {FOLDER}")
        return 0
    if not FOLDER.parent.is_dir():
        print("error: there is no node_modules; run npm ci first", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(dir=FOLDER.parent, prefix=".openvino-") as temporary:
        made = pathlib.Path(temporary) / "openvino"
        made.mkdir(mode=0o755)
        wheel = download(pathlib.Path(temporary))
        if wheel is None:
            return 2
        extract(wheel, made)
        (made / "component.json").write_text(json.dumps(COMPONENT), encoding="utf-8")
        shutil.rmtree(FOLDER, ignore_errors=True)
        made.rename(FOLDER)
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"OpenVINO {VERSION}, {size / 1e6:.0f} MB: {FOLDER}")
    return 0


def download(folder: pathlib.Path) -> pathlib.Path | None:
    """The wheel, whose digest pip compares; None where that fails, which pip has explained."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"openvino=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", *TARGET, "--requirement", requirements]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder, *options]
    return next(folder.glob("*.whl")) if subprocess.run(command).returncode == 0 else None


def extract(wheel: pathlib.Path, folder: pathlib.Path) -> None:
    """The libraries without the folders they are in, and the licences of all that they hold."""
    with zipfile.ZipFile(wheel) as archive:
        licences = [name for name in archive.namelist() if ".dist-info/licenses/" in name and not name.endswith("/")]
        for name in [*(f"openvino/libs/{library}" for library in LIBRARIES), *licences]:
            with archive.open(name) as source, (folder / pathlib.PurePosixPath(name).name).open("wb") as target:
                shutil.copyfileobj(source, target)


if __name__ == "__main__":
    raise SystemExit(main())
