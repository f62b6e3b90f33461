"""Prints as JSON what nibabel reads from the files named on the command line."""
import json
import sys

import nibabel as nib
import numpy as np

files = []
for path in sys.argv[1:]:
    image = nib.load(path)
    stored = np.asanyarray(image.dataobj)
    if stored.dtype.fields:
        stored = np.stack([stored[name] for name in stored.dtype.names], axis=-1)
    elif np.iscomplexobj(stored):
        stored = np.stack([stored.real, stored.imag], axis=-1)
    qform, code = image.get_qform(coded=True)
    files.append(
        {
            "kind": type(image).__name__,
            "shape": list(image.shape),
            "zooms": [float(v) for v in image.header.get_zooms()],
            "units": list(image.header.get_xyzt_units()),
            "affine": image.affine.tolist(),
            "qform": None if code == 0 else qform.tolist(),
            "values": [float(v) for v in stored.ravel(order="F")],
        }
    )
print(json.dumps(files))
