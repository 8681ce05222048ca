"""Prints elementary.csv, the numbers of src/kernel/accuracy.rs: function, x, the value as a double, and what the double
lacks (to thirty digits). pip install mpmath; python3 elementary.py > elementary.csv (made with mpmath 1.3)"""
import random

from mpmath import mp, mpf

mp.prec = 200
random.seed(1)
FUNCTIONS = {
    "exp": (mp.exp, [(-707, 709), (-1, 1), (-1e-3, 1e-3), (-40, 40)]),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), [(-707, 40), (-1, 1), (-1e-3, 1e-3), (-40, 40)]),
    "tanh": (mp.tanh, [(-25, 25), (-1, 1), (-1e-3, 1e-3), (-1e-8, 1e-8)]),
    "ln_1p": (lambda x: mp.log1p(x), [(0, 1), (0, 1e-3), (0, 1e-12)]),
}
for name, (function, ranges) in FUNCTIONS.items():
    for low, high in ranges:
        for _ in range(100):
            x = random.uniform(low, high)
            value = function(mpf(x))
            print(f"{name},{x!r},{float(value)!r},{float(value - mpf(float(value)))!r}")
for _ in range(200):
    x = random.uniform(1, 2) * 2.0 ** random.randint(-1074, 1000)
    print(f"ln,{x!r},{float(mp.log(mpf(x)))!r},{float(mp.log(mpf(x)) - mpf(float(mp.log(mpf(x)))))!r}")
for _ in range(200):
    x = random.uniform(0.5, 2)
    print(f"ln,{x!r},{float(mp.log(mpf(x)))!r},{float(mp.log(mpf(x)) - mpf(float(mp.log(mpf(x)))))!r}")
