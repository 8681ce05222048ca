"""Beginnings for the corpora, from the files of the tests: python3 fuzz/seeds.py"""

import gzip
import json
import pathlib
import shlex
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

# In the folder of the target: a table t.csv, a recipe, a study, a run r, and what the study has found, s.
COMMANDS = """\
train t.csv --target y --out o
train t.csv --target z --layers 4,3 --activation tanh --optimizer momentum --schedule cosine --clip '{ norm = { max = 1 } }' --quiet
train t.csv --target y --features a,b,d --types d=date --scaling robust --weight w --class-weight balanced --json
train t.csv --target y --ignore '"g",w' --validation 0.3 --group g --early-stopping 2 --threshold f1 --precision f64
train t.csv --target y --validation-by d --types d=date --folds 3 --l1 0.1 --l2 0 --dropout 0 --batch-size all
train t.csv --target y --learning-rate find --batch-norm --batch-size 4 --tensorboard b --checkpoint-every 0
train t.csv --target y,w --task multilabel --label-smoothing 0.1 --init '{ orthogonal = { gain = 1.5 } }' --seed 3 --no-signals
train t.csv --target z --optimizer l-bfgs --layers none --drop-missing-target
train t.csv --target y --weight-decay 0.1 --missing NA,x --separator comma --decimal point --header yes --skip-lines 0
train --recipe recipe.toml --out o
train --resume --out r
train - --target y --format csv --encoding latin-1
tune t.csv --target y --layers 3 --folds 2 --confirm 2 --metric f1 --out u --name n
tune t.csv --target z --seconds 5 --validation 0.3 --confirm 0 --json --quiet
study run study.toml --out u
study run recipe.toml --queue --storage q.db
study work s
study show s --top 3
study show s --csv
study show --storage q.db --study study --json
study best s --trial 0
study confirm s --step 0.1 --json
study report s --lang zh --out o.html
landscape --out l
landscape t.csv --target y --x learning_rate=0.01..1 --y hidden[0].units=1..8 --layers 2 --reach 0.5
landscape --surface path --optimizers gradient-descent,adam --out l --force
landscape t.csv --target z --surface random --layers 2 --precision f64
predict r t.csv --proba --threshold 0.3
predict r t.csv --out o.csv --force --quiet
evaluate r t.csv --json --drop-missing-target
evaluate r t.csv --threshold 0.9 --decimal comma --thousands point
export r --format onnx --out o.onnx
export r --format npz --quiet
export r --format safetensors --out o.safetensors
report r --lang zh
report r r --json --out o.html
diagnose r --fail-on overfitting,diverged
diagnose r t.csv --deep --json --lang zh
check r t.csv --examples 5
check --recipe recipe.toml --json
data circles --samples 8 --noise 0.1 --factor 0.5 --seed 1 --out o.csv
data moons --out o.npz --quiet
data blobs --centers 3 --noise 0 --out o.csv
data xor --out o.csv --force
data spirals --arms 3 --out o.csv
data pitch --out o.csv
lab all --seeds 3 --epochs 2 --hidden 3,2 --precision f32 --l2 0.1 --dropout 0.5 --learning-rate 0.1
completions bash
man m
--version
help train
"""

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
for i, line in enumerate(COMMANDS.splitlines()):
    write("command_line", f"{i:02}", "\n".join(shlex.split(line)))
for name, text in RECIPES.items():
    for command in ["train --recipe recipe.toml t.csv", "check --recipe recipe.toml", "study run recipe.toml"]:
        text = text.replace('schema = "nablab.recipe/1"\n', "")
        write("command_line", f"{command.split()[0]}-{name}", command.replace(" ", "\n") + "\0" + text)
CHECKED = 'hidden = [{ units = 3 }]\n[data]\nsource = "moons"\nsamples = 10\nnoise = 0.1\n'
write("command_line", "check-moons", "check\n--recipe\nrecipe.toml\0" + CHECKED)
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
