"""The matrix product a machine can do, as PyTorch's library (MKL, oneDNN) does it: `python peak.py f32` prints GFLOP/s."""
import os
import sys
import time

import torch

N = 2048
torch.set_num_threads(int(os.environ.get("THREADS", "1")))
a, b = (torch.rand(N, N, dtype=torch.float64 if sys.argv[1] == "f64" else torch.float32) for _ in range(2))
torch.mm(a, b)
for _ in range(7):
    begin = time.perf_counter()
    torch.mm(a, b)
    print(f"{2 * N**3 / (time.perf_counter() - begin) / 1e9:.1f}")
