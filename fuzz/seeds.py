"""Beginnings for the corpora, from the files of the tests: python3 fuzz/seeds.py"""

import gzip
import json
import pathlib
import struct

FUZZ = pathlib.Path(__file__).resolve().parent
FILES = FUZZ.parent / "crates/data/tests/files"

TABLES = {
    "comma": "size,colour,day\n1.5,red,2026-11-24\n-2,,2026-11-25T10:00\n",
    "semicolon": "\ufeffx;y\r\n1;\"deep; \"\"blue\"\"\"\r\n?;\"two\nlines\"\r\n",
    "tab": "1\t2\t255\n3\t1e5\tNaN\n",
    "mac": "a,b\r1,2\r12345678,0.1\r",
}
LABS = "x1,x2,label\n0.1,-2,1\n3,4e-2,0\n"

RECIPES = {
    "short": 'hidden = [{ units = 8 }]\n[data]\ntarget = ["y"]\n[validation]\npatience = 5\n',
    "long": """schema = "nablab.recipe/1"
hidden = [{ units = 4, activation = { leaky-relu = { slope = 0.01 } }, dropout = 0.5 }, { units = 3, activation = "tanh" }]
init = { normal = { scale = 0.01 } }
optimizer = { adam = { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } }
learning_rate = 1e-3
schedule = { cosine = { warmup = 2.0, floor = 0.1 } }
clip = { norm = { max = 1.0 } }
batch_size = 16
epochs = 10
seed = { weights = 3, dropout = 1, shuffle = 0 }
precision = "f64"
penalty = { l2 = 0.1, l1 = 0.0 }
[data]
file = "t.csv"
target = ["y"]
task = "binary"
features = ["a"]
ignore = ["b"]
types = { a = "category" }
scaling = "standard"
weight = "w"
class_weight = "balanced"
label_smoothing = 0.1
[validation]
share = 0.2
fold = { number = 1, of = 5 }
file = "v.csv"
group = "g"
patience = 3
""",
}

NUMBER = {"name": "a", "encoding": {"number": {"fill": 0.0, "center": 1.0, "scale": 2.0, "indicator": True}}}
CATEGORY = {"name": "b", "encoding": {"category": {"levels": ["a", "b"], "indicator": False}}}
TARGETS = {
    "classes": ({"kind": "classes", "name": "y", "levels": ["a", "b", "c"]}, 3),
    "binary": ({"kind": "classes", "name": "y", "levels": ["a", "b"]}, 1),
    "labels": ({"kind": "labels", "names": ["y", "z"], "levels": [["a", "b"], ["0", "1"]]}, 2),
    "numbers": ({"kind": "numbers", "names": ["y", "z"], "center": [0.0, 1.0], "scale": [1.0, 2.0]}, 2),
}


def write(target, name, content):
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def model(target, outputs, precision):
    data = {
        "schema": "nablab.model/1",
        "recipe": f'hidden = [{{ units = 2 }}]\nprecision = "{precision}"\n[data]\ntarget = ["y"]\n',
        "inputs": [NUMBER, CATEGORY],
        "target": target,
    }
    kind = precision.upper()
    tensors = f"W1 {kind} 2,4\nb1 {kind} 2\nW2 {kind} {outputs},2\nb2 {kind} {outputs}\n"
    return b"\0".join([json.dumps(data).encode(), tensors.encode(), struct.pack("<2d", 0.5, -1.5)])


for name, text in TABLES.items():
    write("csv", name, text)
    write("csv", name + ".gz", gzip.compress(text.encode(), mtime=0))
for name, text in RECIPES.items():
    write("recipe", name, text)
for name, (target, outputs) in TARGETS.items():
    for precision in ["f32", "f64"]:
        write("model", f"{name}-{precision}", model(target, outputs, precision))
write("lab_files", "table.csv", LABS)
for file in FILES.iterdir():
    content = file.read_bytes()
    if file.suffix in [".npy", ".npz", ".mat"] or "idx" in file.name:
        write("arrays", file.name, content)
        write("lab_files", file.name, content)
    if file.suffix == ".gz" and "idx" in file.name:
        write("arrays", file.stem, gzip.decompress(content))
    if ".csv" in file.name:
        write("csv", file.name, content)
