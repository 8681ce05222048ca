"""Files of arrays as NumPy 2.4 and SciPy 1.17 write them, for tests/data/load.rs."""
import gzip
import struct

import numpy as np
from scipy.io import savemat

x = np.array([[1.5, -2, 3], [4, 5, 6]])
np.save("c.npy", x.astype(">f4"))
np.save("fortran.npy", np.asfortranarray(x))
np.save("vector.npy", np.array([7, 8, 300], dtype="i8"))
np.save("infinite.npy", np.array([[1, 2], [3, np.inf]]))
np.savez("words.npz", X=x, y=np.array(["café", "b"]))
np.savez_compressed("pictures.npz", X=np.arange(8, dtype="u1").reshape(2, 2, 2), y=np.eye(2, dtype="f2"))
np.savez("columns.npz", size=np.array([1.5, np.nan]), ok=np.array([True, False]), kind=np.array([b"a", b"bc"]))
np.savez("uneven.npz", a=np.arange(2), b=np.arange(3))
np.savez("dates.npz", X=x, y=np.array(["2024-01-31", "2024-02-29"], dtype="M8[D]"))
savemat("sets.mat", {"X": x, "y": np.array([1, 0], dtype="u1")}, do_compression=True)
savemat("vectors.mat", {"a": np.array([1.0, 2.5]), "b": np.array([[3], [-4]], dtype="i2")})
savemat("mixed.mat", {"a": np.array([1.0, 2.5]), "s": "text"})


def idx(name, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    packed = header + array.astype("u1").tobytes()
    with open(name, "wb") as file:
        file.write(gzip.compress(packed, mtime=0) if name.endswith(".gz") else packed)


idx("train-images-idx3-ubyte.gz", np.arange(12).reshape(3, 2, 2))
idx("train-labels-idx1-ubyte", np.array([7, 0, 9]))
with open("comma.csv.gz", "wb") as file:
    file.write(gzip.compress(b"size,colour\n1.5,red\nNA,blue\n", mtime=0))
