"""Writes small NIfTI files of every kind with nibabel, and what nibabel reads back from them.

Run with: /usr/bin/python3 test/imaging/nifti/make-fixtures.py   (nibabel 5.0.0, numpy 1.24)
"""
import gzip
import json
import os

import nibabel as nib
import numpy as np

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)
random = np.random.default_rng(7)
expected = {}

OBLIQUE = np.array(
    [[1.9, 0.1, -0.4, -30.5], [-0.2, 1.4, 0.3, 12.25], [0.5, -0.2, 2.8, 7.125], [0, 0, 0, 1]]
)


def rotation(axis, angle):
    x, y, z = np.asarray(axis) / np.linalg.norm(axis)
    c, s = np.cos(angle), np.sin(angle)
    return np.array(
        [
            [c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
            [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)],
        ]
    )


def rigid(axis, angle, zooms, left_handed=False):
    affine = np.eye(4)
    affine[:3, :3] = rotation(axis, angle) @ np.diag([zooms[0], zooms[1], -zooms[2] if left_handed else zooms[2]])
    affine[:3, 3] = [11.5, -22.25, 33.75]
    return affine


def values_of(image):
    data = np.asanyarray(image.dataobj)
    if data.dtype.fields:  # RGB
        data = np.stack([data[name] for name in data.dtype.names], axis=-1)
    elif np.iscomplexobj(data):
        data = np.stack([data.real, data.imag], axis=-1)
    return [float(v) for v in data.ravel(order="F")]


def note(name, **more):
    image = nib.load(os.path.join(here, name))
    affine = image.affine
    expected[name] = {
        "shape": list(image.shape),
        "affine": affine.tolist(),
        "letters": "".join(nib.aff2axcodes(affine)),
        "values": values_of(image),
        **more,
    }


def save(name, image, **more):
    nib.save(image, os.path.join(here, name))
    note(name, **more)


def integers(dtype, shape=(3, 4, 2)):
    info = np.iinfo(dtype)
    low, high = max(info.min, -(2**52)), min(info.max, 2**52)
    return random.integers(low, high, shape, endpoint=True).astype(dtype)


for dtype in ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]:
    for order, mark in [("<", "le"), (">", "be")]:
        array = integers(dtype)
        header = nib.Nifti1Header(endianness=order)
        header.set_data_dtype(np.dtype(dtype).newbyteorder(order))
        save(f"{dtype}-{mark}.nii", nib.Nifti1Image(array, OBLIQUE, header))

for dtype in ["float32", "float64", "complex64", "complex128"]:
    for order, mark in [("<", "le"), (">", "be")]:
        array = random.normal(size=(3, 4, 2))
        if dtype.startswith("complex"):
            array = array + 1j * random.normal(size=(3, 4, 2))
        header = nib.Nifti1Header(endianness=order)
        header.set_data_dtype(np.dtype(dtype).newbyteorder(order))
        save(f"{dtype}-{mark}.nii", nib.Nifti1Image(array.astype(dtype), OBLIQUE, header))

rgb = random.integers(0, 256, (3, 4, 2, 3)).astype("uint8")
save("rgb24.nii", nib.Nifti1Image(rgb.view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0], OBLIQUE))

# Placement: sform only, qform only (both handednesses, a half turn), neither, both and different.
volume = integers("int16")
for name, affine in {
    "qform-turned": rigid([1, 2, 3], 0.7, [1, 1.5, 2.5]),
    "qform-left-handed": rigid([3, -1, 1], 2.1, [0.5, 0.75, 3], left_handed=True),
    "qform-half-turn": rigid([0, 1, 0], np.pi, [1, 2, 3]),
}.items():
    image = nib.Nifti1Image(volume, None)
    image.set_qform(affine, code=1)
    image.set_sform(None, code=0)
    save(f"{name}.nii", image)
image = nib.Nifti1Image(volume, None)
image.header.set_zooms([2, 3, 4])
save("no-form.nii", image)
image = nib.Nifti1Image(volume, OBLIQUE)
image.set_sform(OBLIQUE, code=2)
image.set_qform(rigid([0, 0, 1], 0.2, [2, 2, 2]), code=4)
save("sform-2-qform-4.nii", image)

# Scaling, time, vectors, sizes.
for name, slope, inter in [("scaled", 0.5, -3), ("slope-0", 0, 5), ("slope-nan", np.nan, 5)]:
    path = os.path.join(here, f"{name}.nii")
    nib.save(nib.Nifti1Image(volume, OBLIQUE), path)
    content = bytearray(open(path, "rb").read())
    content[112:120] = np.array([slope, inter], "<f4").tobytes()
    open(path, "wb").write(content)
    note(f"{name}.nii")
series = nib.Nifti1Image(integers("int16", (3, 4, 2, 5)), OBLIQUE)
series.header.set_xyzt_units("mm", "msec")
series.header.set_zooms([1, 1, 1, 2500])
save("series.nii", series, timeStepS=2.5)
save("vector.nii", nib.Nifti1Image(integers("int16", (3, 4, 2, 1, 3)), OBLIQUE))
save("plane.nii", nib.Nifti1Image(integers("int16", (5, 4)), OBLIQUE))
save("nifti2.nii.gz", nib.Nifti2Image(integers("int16", (3, 4, 2, 2)), OBLIQUE), timeStepS=1)
big2 = nib.Nifti2Header(endianness=">")
big2.set_data_dtype(np.dtype(">i2"))
save("nifti2-be.nii", nib.Nifti2Image(volume, OBLIQUE, big2))
save("pair.hdr", nib.Nifti1Pair(volume, OBLIQUE))
extended = nib.Nifti1Image(volume, OBLIQUE)
extended.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"some words about this scan"))
extended.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"and some more"))
save("extensions.nii", extended)
for unit, factor in [("micron", 0.001), ("meter", 1000.0)]:
    image = nib.Nifti1Image(volume, OBLIQUE)
    image.header.set_xyzt_units(unit, "sec")
    save(f"unit-{unit}.nii", image, mmPerUnit=factor)

# The same bytes as two gzip members, and plain content under a .gz name.
plain = open(os.path.join(here, "int16-le.nii"), "rb").read()
open(os.path.join(here, "two-members.nii.gz"), "wb").write(
    gzip.compress(plain[:400], mtime=0) + gzip.compress(plain[400:], mtime=0)
)
note("two-members.nii.gz")
expected["not-gzip.nii.gz"] = expected["int16-le.nii"]
open(os.path.join(here, "not-gzip.nii.gz"), "wb").write(plain)
expected["gzip-named.nii"] = expected["int16-le.nii"]
open(os.path.join(here, "gzip-named.nii"), "wb").write(gzip.compress(plain, mtime=0))

json.dump(expected, open(os.path.join(here, "expected.json"), "w"), indent=None, separators=(",", ":"))
print(len(expected), "files")
