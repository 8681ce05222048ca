"""scikit-learn's MLPClassifier with its defaults."""
import sys
import time
import warnings

from sklearn.neural_network import MLPClassifier

import data

assert sys.argv[1].startswith("W5")
warnings.filterwarnings("ignore")
X, y = data.digits()
for seed in range(int(sys.argv[2])):
    begin = time.perf_counter()
    MLPClassifier(max_iter=100, tol=0, n_iter_no_change=1000, random_state=seed).fit(X, y)
    print(f"{time.perf_counter() - begin:.6f}", flush=True)
