"""Writes golden data for libs/image-io: small files of every kind, and what SimpleITK reads in them.

    python tools/reference/image_io/make_goldens.py [--data ../shared/data]

`generated.json` holds the files themselves (zlib, base64) beside size, spacing, origin, direction,
type and the SHA-256 of the voxels as little-endian bytes. `real.json` holds the same facts of the
real images in the folder given by --data, without the files. Everything is seeded.
"""

import argparse
import base64
import gzip
import hashlib
import json
import pathlib
import struct
import tempfile
import zlib

import nibabel
import numpy as np
import SimpleITK as sitk
from scipy.spatial.transform import Rotation

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = ROOT / "libs" / "image-io" / "golden"

MET = {
    "int8": "MET_CHAR", "uint8": "MET_UCHAR", "int16": "MET_SHORT", "uint16": "MET_USHORT",
    "int32": "MET_INT", "uint32": "MET_UINT", "int64": "MET_LONG_LONG", "uint64": "MET_ULONG_LONG",
    "float32": "MET_FLOAT", "float64": "MET_DOUBLE",
}
NII = {
    "uint8": 2, "int16": 4, "int32": 8, "float32": 16, "float64": 64, "int8": 256, "uint16": 512,
    "uint32": 768, "int64": 1024, "uint64": 1280,
}
SIZE = (4, 3, 2)
rng = np.random.default_rng(20250101)


def voxels(dtype, count=24):
    """Random bits of any type; the first element begins with a newline byte, as a trap."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        values = rng.normal(0, 1000, count).astype(dtype)
    else:
        info = np.iinfo(dtype)
        values = rng.integers(info.min, info.max, count, dtype=dtype, endpoint=True)
        values[1], values[2] = info.min, info.max
        values[0] = 10
    return values


def spell(numbers):
    return " ".join(repr(float(x)) for x in numbers)


OBLIQUE = Rotation.from_euler("zyx", [20, -11, 34], degrees=True).as_matrix()


def meta(dtype="int16", msb=False, compressed=False, fields=None, data=None, end="LOCAL",
         newline="\n", separator=" = ", direction=OBLIQUE, dims=SIZE, spacing=(0.7, 1.25, 3.3)):
    """A MetaImage header, with its data unless that is elsewhere."""
    values = voxels(dtype, int(np.prod(dims))) if data is None else data
    raw = values.astype(values.dtype.newbyteorder(">" if msb else "<")).tobytes()
    body = zlib.compress(raw) if compressed else raw
    n = len(dims)
    lines = {
        "ObjectType": "Image", "NDims": str(n), "BinaryData": "True",
        "BinaryDataByteOrderMSB": str(msb), "CompressedData": str(compressed),
    }
    if compressed:
        lines["CompressedDataSize"] = str(len(body))
    if direction is not None:
        lines["TransformMatrix"] = spell(np.asarray(direction).T.ravel())
    lines.update({
        "Offset": spell(np.arange(n) * 17.1 - 20.3), "CenterOfRotation": spell([0] * n),
        "ElementSpacing": spell(spacing), "DimSize": " ".join(map(str, dims)),
        "ElementType": MET[np.dtype(dtype).name],
    })
    lines.update(fields or {})
    header = "".join(f"{k}{separator}{v}{newline}" for k, v in lines.items() if v is not None)
    header += f"ElementDataFile{separator}{end}{newline}"
    return header.encode() + (body if end == "LOCAL" else b""), body


def nifti(dtype="int16", big=False, data=None, dim=None, pixdim=(1, 0.7, 1.25, 3.3, 1, 1, 1, 1),
          slope=1.0, inter=0.0, q=0, s=0, quat=(0, 0, 0), qoff=(0, 0, 0), srow=np.zeros((3, 4)),
          units=2, extension=b"", vox=None, intent=0):
    """A NIfTI-1 file, field by field."""
    e = ">" if big else "<"
    dim = dim or (3, *SIZE, 1, 1, 1, 1)
    values = voxels(dtype, int(np.prod(dim[1:1 + dim[0]]))) if data is None else data
    h = bytearray(348)
    put = lambda f, at, *v: struct.pack_into(e + f, h, at, *v)
    put("i", 0, 348)
    put("8h", 40, *dim)
    put("h", 68, intent)
    put("2h", 70, NII[np.dtype(dtype).name], 8 * np.dtype(dtype).itemsize)
    put("8f", 76, *pixdim)
    put("3f", 108, vox or 352 + len(extension), slope, inter)
    h[123] = units
    put("2h", 252, q, s)
    put("3f", 256, *quat)
    put("3f", 268, *qoff)
    put("12f", 280, *np.asarray(srow, float).ravel())
    h[344:348] = b"n+1\0"
    flag = b"\1\0\0\0" if extension else b"\0\0\0\0"
    pad = b"\0" * ((vox or 0) - 352 - len(extension))
    raw = values.astype(values.dtype.newbyteorder(e)).tobytes()
    return bytes(h) + flag + extension + pad + raw


def facts(image):
    """What SimpleITK read, as three dimensions."""
    array = sitk.GetArrayFromImage(image)
    n = image.GetDimension()
    direction = np.eye(3)
    m = min(n, 3)
    direction[:m, :m] = np.reshape(image.GetDirection(), (n, n))[:m, :m]
    pad = lambda values, other: [float(v) for v in (list(values) + [other] * 3)[:3]]
    little = array.astype(array.dtype.newbyteorder("<"))
    return {
        "size": [int(v) for v in pad(image.GetSize(), 1)],
        "spacing": pad(image.GetSpacing(), 1),
        "origin": pad(image.GetOrigin(), 0),
        "direction": [float(v) + 0.0 for v in direction.ravel()],
        "type": array.dtype.name,
        "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
    }


class Goldens:
    def __init__(self):
        self.cases = []

    def add(self, name, content, also=None, error=None, truth=None):
        """Adds a file, and files beside it; asks SimpleITK unless an error or truth is given."""
        files = {name: content, **(also or {})}
        case = {"name": name}
        if error is None and truth is None:
            with tempfile.TemporaryDirectory() as folder:
                for path, data in files.items():
                    target = pathlib.Path(folder, path)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(data)
                try:
                    case.update(facts(sitk.ReadImage(str(pathlib.Path(folder, name)))))
                except RuntimeError as failure:
                    if "orthonormal" not in str(failure):
                        raise
                    case["error"] = "IMAGE_GEOMETRY_INVALID"
        elif truth is not None:
            case.update(truth)
        else:
            case["error"] = error
        case["files"] = {
            path: base64.b64encode(zlib.compress(data, 9)).decode() for path, data in files.items()
        }
        self.cases.append(case)


def add_meta(g):
    for dtype in MET:
        for msb in (False, True):
            for compressed in (False, True):
                label = f"{dtype}-{'msb' if msb else 'lsb'}-{'zlib' if compressed else 'raw'}"
                g.add(f"{label}.mha", meta(dtype, msb, compressed)[0])
    newlines = np.full(24, 0x0A0A, "int16")
    g.add("voxels-are-newlines.mha", meta(data=newlines)[0])
    g.add("crlf.mha", meta(data=newlines, newline="\r\n")[0])
    g.add("colons.mha", meta(separator=": ")[0])
    g.add("no-geometry.mha", meta(direction=None, fields={
        "Offset": None, "ElementSpacing": None, "CenterOfRotation": None})[0])
    g.add("element-size.mha", meta(fields={"ElementSpacing": None, "ElementSize": "2 3 4"})[0])
    g.add("all-origins.mha", meta(fields={
        "Position": "1 1 1", "Offset": "2 2 2", "Origin": "3 3 3", "ImagePosition": "4 4 4"})[0])
    g.add("position-and-offset.mha", meta(fields={"Position": "1 1 1", "Offset": "2 2 2"})[0])
    g.add("orientation-and-matrix.mha", meta(fields={
        "Orientation": "0 1 0 1 0 0 0 0 -1", "Rotation": "0 0 1 1 0 0 0 1 0"})[0])
    g.add("permuted.mha", meta(direction=np.eye(3)[[2, 0, 1]])[0])
    g.add("exponents.mha", meta(spacing=(1e-3, 2.5e2, 1 / 3))[0])
    g.add("msb-old-name.mha", meta("float32", True, fields={
        "BinaryDataByteOrderMSB": None, "ElementByteOrderMSB": "True"})[0])
    g.add("met-long.mha", meta("int32", fields={"ElementType": "MET_LONG"})[0])
    g.add("met-ulong.mha", meta("uint32", fields={"ElementType": "MET_ULONG"})[0])
    g.add("private-fields.mha", meta(fields={"Comment": "x" * 300, "0008|0060": "CT"})[0])
    g.add("two-dimensional.mha", meta(
        dims=(5, 4), spacing=(0.5, 2), direction=np.array([[0.8, -0.6], [0.6, 0.8]]))[0])
    g.add("four-dimensional-1.mha", meta(
        dims=(4, 3, 2, 1), spacing=(0.5, 2, 3, 1), direction=np.eye(4))[0])
    for label, compressed in (("raw", False), ("zraw", True)):
        header, body = meta("uint16", compressed=compressed, end=f"data.{label}")
        g.add(f"external-{label}.mhd", header, {f"data.{label}": body})
    header, body = meta(compressed=True, end="data.zraw", fields={"CompressedDataSize": None})
    g.add("external-no-size.mhd", header, {"data.zraw": body})
    header, body = meta(end="sub/data.raw")
    g.add("external-subfolder.mhd", header, {"sub/data.raw": body})
    header, body = meta(end="data.raw", fields={"HeaderSize": "7"})
    g.add("header-size.mhd", header, {"data.raw": b"1234567" + body})
    header, body = meta(end="data.raw", fields={"HeaderSize": "-1"})
    g.add("header-at-front.mhd", header, {"data.raw": b"123" + body})
    header, body = meta(end="LIST")
    half = len(body) // 2
    slices = {"a.raw": body[:half], "b.raw": body[half:]}
    g.add("list.mhd", header + b"a.raw\nb.raw\n", slices)
    # MetaIO reads nothing from a list of one whole-volume file: the truth is the same data, local.
    listed = np.arange(24, dtype="int16")
    g.add("whole.mha", meta(data=listed)[0])
    truth = {k: v for k, v in g.cases[-1].items() if k not in ("name", "files")}
    header, body = meta(data=listed, end="LIST 3")
    g.add("list-3.mhd", header + b"all.raw\n", {"all.raw": body}, truth=truth)
    header, body = meta(end="slice%03d.raw 7 8 1")
    g.add("pattern.mhd", header, {"slice007.raw": body[:half], "slice008.raw": body[half:]})
    header, body = meta(end="slice%d.raw")
    g.add("pattern-bare.mhd", header, {"slice1.raw": body[:half], "slice2.raw": body[half:]})


def add_nifti(g):
    for dtype in NII:
        for big in (False, True):
            data = nifti(dtype, big, q=1, quat=(0.1, -0.2, 0.3), qoff=(5.5, -7.25, 1e3))
            label = f"{dtype}-{'big' if big else 'little'}"
            g.add(f"{label}.nii", data)
            g.add(f"{label}.nii.gz", gzip.compress(data, mtime=0))
    small = {"uint8": [0, 1, 255], "int16": [-32768, -1, 77], "int32": [2**31 - 1, -5, 123456789],
             "int64": [2**53 + 1, -(2**62) - 1, (2**24 + 1) * 2**33 + 1], "uint64": [2**64 - 1, 5, 0],
             "float32": [1.5, -3e7, 0.1], "float64": [1e9 + 0.125, -0.1, 3]}
    for dtype, values in small.items():
        data = np.resize(np.array(values, dtype), 4)
        for slope in (0.0, 1.0, 2.2086, -0.001, float("nan")):
            for inter in (0.0, 5.25, -1024.0, float("inf")):
                g.add(f"scaled-{dtype}-{slope}-{inter}.nii", nifti(
                    dtype, data=data, dim=(3, 2, 2, 1, 1, 1, 1, 1), slope=slope, inter=inter))
    for units in range(5):
        g.add(f"units-{units}.nii", nifti(q=1, qoff=(1, 2, 3), units=units | 8))
    g.add("extension.nii", nifti(extension=struct.pack("<2i", 32, 6) + b"x" * 24))
    g.add("extension.nii.gz", gzip.compress(
        nifti(extension=struct.pack("<2i", 32, 6) + b"x" * 24), mtime=0))
    g.add("bad-extension.nii", nifti(extension=struct.pack("<2i", -16, 6) + b"x" * 24))
    g.add("far-offset.nii", nifti(vox=1000))
    g.add("four-dimensional-1.nii", nifti(dim=(4, *SIZE, 1, 1, 1, 1), q=1))
    g.add("five-dimensional-1.nii", nifti(dim=(5, *SIZE, 1, 1, 1, 1), q=1))
    g.add("two-dimensional.nii", nifti(dim=(2, 4, 3, 1, 1, 1, 1, 1), q=1, qoff=(1, 2, 0)))
    whole = nifti()
    g.add("gzip-members.nii.gz",
          gzip.compress(whole[:380], mtime=0) + gzip.compress(whole[380:], mtime=0))
    with tempfile.TemporaryDirectory() as folder:
        for big in (False, True):
            values = voxels("int16").reshape(SIZE, order="F")
            affine = np.eye(4)
            affine[:3, :3] = OBLIQUE * [0.7, 1.25, 3.3]
            affine[:3, 3] = [-11.1, 22.2, 333.3]
            image = nibabel.Nifti2Image(values, affine)
            header = image.header.as_byteswapped(">" if big else "<")
            path = pathlib.Path(folder, "two.nii")
            nibabel.Nifti2Image(values, affine, header).to_filename(path)
            flip = np.diag([-1, -1, 1])
            g.add(f"nifti2-{'big' if big else 'little'}.nii", path.read_bytes(), truth={
                "size": list(SIZE), "spacing": [0.7, 1.25, 3.3],
                "origin": (flip @ affine[:3, 3]).tolist(),
                "direction": (flip @ OBLIQUE).ravel().tolist(), "type": "int16",
                "sha256": hashlib.sha256(values.astype("<i2").tobytes("F")).hexdigest()})


def add_forms(g, count=150):
    """Pairs of qform and sform: the same, flipped, turned a little or a lot, skewed, or absent."""
    data = np.arange(4, dtype="uint8")
    for i in range(count):
        pix = [(1.5, 2, 2.5), (1, 1, 3), (2, 2, 2), (0.97, 0.97, 3.27)][rng.integers(4)]
        turn = Rotation.random(random_state=int(rng.integers(1 << 30)))
        if rng.random() < 0.5:
            turn = Rotation.from_quat(np.eye(4)[rng.integers(4)])
        x, y, z, w = turn.as_quat()
        quat = np.array([x, y, z]) * (-1 if w < 0 else 1)
        handed = int(rng.choice([1, -1]))
        qform = turn.as_matrix() * np.array([pix[0], pix[1], pix[2] * handed])
        kind = ["same", "flip", "near", "far", "skew", "scaled"][i % 6]
        sform = qform.copy()
        if kind == "flip":
            sform = sform * rng.choice([1, -1], 3)
        if kind == "near":
            small = rng.normal(size=3) * 10 ** rng.uniform(-7, -3)
            sform = Rotation.from_rotvec(small).as_matrix() @ sform
        if kind == "far":
            sform = Rotation.random(random_state=int(rng.integers(1 << 30))).as_matrix() @ sform
        if kind == "skew":
            sform = sform + rng.normal(0, 0.2, (3, 3))
        if kind == "scaled":
            sform = sform * 1.2
        shift = np.array([-50.5, 20.25, 900.75])
        moved = shift + (0, 0, rng.choice([0, 5e-5, 1.0]))
        codes = (int(rng.choice([0, 1, 2, 4])), int(rng.choice([0, 1, 2, 3])))
        g.add(f"forms-{i:03d}-{kind}-q{codes[0]}-s{codes[1]}.nii", nifti(
            "uint8", data=data, dim=(3, 2, 2, 1, 1, 1, 1, 1),
            pixdim=(handed, *pix, 1, 1, 1, 1), q=codes[0], s=codes[1], quat=quat,
            qoff=shift, srow=np.column_stack([sform, moved])))


def add_tiff(g):
    with tempfile.TemporaryDirectory() as folder:
        for dtype in ("uint8", "int16", "uint16", "float32"):
            for pages in (1, 3):
                for compressed in (False, True):
                    array = voxels(dtype, 6 * 5 * pages).reshape(pages, 5, 6)
                    image = sitk.GetImageFromArray(array if pages > 1 else array[0])
                    image.SetSpacing((0.5, 0.25, 2)[:image.GetDimension()])
                    path = pathlib.Path(folder, "x.tif")
                    sitk.WriteImage(image, str(path), compressed)
                    label = f"{dtype}-{pages}-{'packbits' if compressed else 'raw'}"
                    g.add(f"{label}.tif", path.read_bytes())


def write(path, content):
    lines = ",\n".join(json.dumps(case) for case in content["cases"])
    versions = json.dumps(content["versions"])
    path.write_text(f'{{\n"versions": {versions},\n"cases": [\n{lines}\n]\n}}\n')
    print(path, len(content["cases"]), "cases,", path.stat().st_size, "bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    arguments = parser.parse_args()
    versions = {
        "SimpleITK": sitk.Version.VersionString(), "ITK": sitk.Version.ITKVersionString(),
        "numpy": np.__version__, "nibabel": nibabel.__version__,
    }
    OUT.mkdir(exist_ok=True)
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    goldens = Goldens()
    for add in (add_meta, add_nifti, add_forms, add_tiff):
        add(goldens)
    write(OUT / "generated.json", {"versions": versions, "cases": goldens.cases})
    refused = {".nrrd": "IMAGE_UNSUPPORTED", ".dcm": "IMAGE_IS_DICOM"}
    real = []
    for path in sorted(arguments.data.rglob("*")):
        name = path.relative_to(arguments.data).as_posix()
        if path.suffix in refused and "/PT." not in name:
            real.append({"name": name, "error": refused[path.suffix]})
        elif name.endswith((".mha", ".mhd", ".nii", ".nii.gz", ".tif")):
            real.append({"name": name, **facts(sitk.ReadImage(str(path)))})
    if real:
        write(OUT / "real.json", {"versions": versions, "cases": real})


if __name__ == "__main__":
    main()
