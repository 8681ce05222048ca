//! What is exported, read by those it is for: ONNX Runtime, NumPy, safetensors and TensorBoard, all in Python.
//!
//! `NABLAB_PYTHON` names an interpreter that has what `tests/python/requirements.txt` lists; without it these tests are
//! skipped.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use nablab_data::table::{Reading, Table, csv};
use nablab_tables::run::Record;
use nablab_tables::{Epoch, Model, Options, Params, Predictions, Run, Settings, Tables, export};
use serde_json::{Value, json};

use nablab_testing::running::output;

/// Columns that are hard to name, to scale or to encode, with targets of every kind. `fresh` rows have categories and
/// missing values that the others have not.
fn rows(count: usize, fresh: bool) -> String {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    let names = "size|far off|Größe, in m²|the \"colour\"|label|probabilities|prediction|nablab/W1|code|two|three|sick|\
                 tall|y 1|y2";
    table.write_record(names.split('|')).unwrap();
    let mut state = if fresh { 77_u64 } else { 1 };
    for j in 0..count {
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let [size, offset, area, p, q, w] = [(); 6].map(|()| random());
        let code = (random() * 3.0) as usize;
        let (colour, word) = ((random() * 3.0) as usize, (random() * 3.0) as usize);
        let noise = random();
        let gone = |every: usize, text: String| if j % every == 1 { String::new() } else { text };
        let gone_if_fresh = |every, text: String| if fresh { gone(every, text) } else { text };
        let score = size + offset - area + colour as f64 / 3.0 + noise / 4.0;
        let colour = if fresh && j % 9 == 2 { "ultraviolet" } else { ["red", "grün; hell", "蓝"][colour] };
        let word = if fresh && j % 8 == 3 { "perhaps" } else { ["yes", "no", "label"][word] };
        let record = [
            gone(7, (size * 10.0).to_string()),
            (1e9 + offset).to_string(),
            gone_if_fresh(5, (area * 1e-6).to_string()),
            gone(6, colour.to_owned()),
            gone_if_fresh(4, word.to_owned()),
            p.to_string(),
            (q * 1e5).to_string(),
            gone(11, (w - 0.5).to_string()),
            ["01", "2", "3.0"][code].to_owned(),
            ["ja", "nein"][usize::from(score > 0.8)].to_owned(),
            ["7", "8", "19"][if score > 1.0 { 2 } else { usize::from(score > 0.6) }].to_owned(),
            usize::from(p > 0.5).to_string(),
            ["short", "tall"][usize::from(w > 0.3)].to_owned(),
            (1e6 * score).to_string(),
            (p - q * size).to_string(),
        ];
        table.write_record(record).unwrap();
    }
    String::from_utf8(table.into_inner().unwrap()).unwrap()
}

const TARGETS: [&str; 6] = ["two", "three", "sick", "tall", "y 1", "y2"];

/// A name and a recipe for each case.
fn recipes() -> Vec<(String, String)> {
    let recipe = |hidden: &str, precision: &str, target: &[&str], scaling: &str, features: &[&str]| {
        // Unscaled, a number of the size 10⁹ leaves no digits to compare.
        let far_off = (scaling == "none").then_some("far off");
        let mut ignore: Vec<&str> = TARGETS.into_iter().filter(|name| !target.contains(name)).collect();
        ignore.extend(far_off);
        let code = if features.is_empty() || features.contains(&"code") { "code = \"category\"" } else { "" };
        format!(
            "hidden = [{hidden}]\nprecision = {precision:?}\nepochs = 3\nbatch_size = 16\nlearning_rate = 0.01\n\
             [data]\ntarget = {target:?}\nfeatures = {features:?}\nignore = {ignore:?}\nscaling = {scaling:?}\n\
             types = {{ {code} }}\n"
        )
    };
    let targets: [&[&str]; 5] = [&["two"], &["three"], &["sick", "tall"], &["y 1"], &["y 1", "y2"]];
    let activations =
        ["\"relu\"", "{ leaky-relu = { slope = 0.1 } }", "\"tanh\"", "\"sigmoid\"", "\"identity\""];
    let mut recipes = Vec::new();
    for precision in ["f32", "f64"] {
        for target in targets {
            for activation in activations {
                let scaling = ["standard", "min-max", "robust", "none"][recipes.len() % 4];
                let layer = format!("{{ units = 5, activation = {activation} }}");
                let hidden = format!(
                    "{layer}, {{ units = 4, activation = {activation}, dropout = 0.1, batch_norm = true }}"
                );
                let name = format!("{} {precision} {activation} {scaling}", target.join("+"));
                recipes.push((name, recipe(&hidden, precision, target, scaling, &[])));
            }
        }
        for threshold in ["0.2", "\"f1\"", "\"balanced-accuracy\""] {
            let recipe = recipe("{ units = 4 }", precision, &["two"], "standard", &[]);
            let name = format!("two {precision} threshold {threshold}");
            recipes.push((name, format!("{recipe}[validation]\nshare = 0.3\nthreshold = {threshold}\n")));
        }
        for features in [&["size"][..], &["prediction"], &["label"], &["the \"colour\"", "code"]] {
            let name = format!("three {precision} from {}", features.join("+"));
            let recipe = recipe("", precision, &["three"], "standard", features);
            recipes.push((name, recipe + "[validation]\nshare = 0.0\n"));
        }
    }
    recipes
}

struct Case {
    name: String,
    model: Model,
    history: Vec<Epoch>,
}

fn read(text: &str, reading: &Reading) -> Table {
    csv::read_from(io::Cursor::new(text), "rows", reading, &mut |_, _| ()).unwrap()
}

fn trained() -> Vec<Case> {
    let text = rows(120, false);
    let options = Options { threads: NonZeroUsize::MIN, checkpoint_every: Duration::MAX, signals: true };
    let train = |(name, recipe): (String, String)| {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::from_toml(&recipe, &name).unwrap();
        let table = read(&text, &settings.reading());
        let run = Run::create(folder.path(), settings).unwrap();
        run.train(Tables::from(&table), options, &()).unwrap();
        let history = Record::read(folder.path()).unwrap().history;
        Case { name, model: Model::load(folder.path()).unwrap(), history }
    };
    recipes().into_iter().map(train).collect()
}

/// With its parameters so many times as large: sure of itself, or, with 0, finding every class and label as probable as
/// the others.
fn times(factor: f32, case: &Case) -> Case {
    let params = match &case.model.params {
        Params::F32(params) => Params::F32(params.iter().map(|p| p * factor).collect()),
        Params::F64(params) => Params::F64(params.iter().map(|p| p * f64::from(factor)).collect()),
    };
    let model = Model { params, ..case.model.clone() };
    Case { name: format!("{factor} · {}", case.name), model, history: Vec::new() }
}

/// What a model holds and what it says, for Python to compare with.
fn expected(case: &Case, predictions: &Predictions) -> Value {
    let model = &case.model;
    let (params, precision): (Vec<f64>, _) = match &model.params {
        Params::F32(params) => (params.iter().map(|&p| p.into()).collect(), "float32"),
        Params::F64(params) => (params.clone(), "float64"),
    };
    let slots = model.network.layout().slots().iter();
    json!({
        "name": case.name,
        "precision": precision,
        "task": predictions.task(),
        "inputs": model.inputs,
        "target": model.target,
        "features": model.inputs.names(),
        "parameters": slots.map(|s| (s.name.clone(), json!(params[s.range.clone()]))).collect::<serde_json::Map<_, _>>(),
        "values": predictions.rows().collect::<Vec<_>>(),
        "answers": predictions.answers().collect::<Vec<_>>(),
    })
}

/// Write every case to a folder of its own, and have a script compare all of them.
fn compare(script: &str) {
    let Some(python) = std::env::var_os("NABLAB_PYTHON") else {
        // Not by a macro of print: the test harness would swallow it.
        let said = writeln!(io::stderr(), "{script}: skipped, for NABLAB_PYTHON names no interpreter");
        return said.unwrap();
    };
    let mut cases = trained();
    let others: Vec<Case> =
        [0.0, 3.0].iter().flat_map(|&f| cases.iter().map(move |case| times(f, case))).collect();
    cases.extend(others);
    let folder = tempfile::tempdir().unwrap();
    let fresh = rows(60, true);
    fs::write(folder.path().join("rows.csv"), &fresh).unwrap();
    for (i, case) in cases.iter().enumerate() {
        let of_case = folder.path().join(format!("case{i:03}"));
        fs::create_dir(&of_case).unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(of_case.join(name), bytes).unwrap();
        let table = read(&fresh, &case.model.reading());
        let predictions = case.model.predict(&table).unwrap();
        write("expected.json", expected(case, &predictions).to_string().as_bytes());
        write("model.onnx", &export::onnx(&case.model).unwrap());
        write("model.npz", &export::npz(&case.model));
        write("model.safetensors", &case.model.to_bytes());
        let history: Vec<_> = case.history.iter().map(|epoch| json!(epoch)).collect();
        write("history.json", json!(history).to_string().as_bytes());
        write(&export::events::file_name(START, "host"), &export::tensorboard(&case.history, START));
    }
    let script_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script);
    let output = output(Command::new(python).arg(script_path).arg(folder.path()));
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy);
    let done = format!("{} cases agree\n", cases.len());
    assert!(output.status.success() && said[0].ends_with(&done), "{script}: {}{}", said[0], said[1]);
}

const START: f64 = 1_700_000_000.5;

#[test]
fn onnx_runtime_predicts_the_same_from_the_same_columns() {
    compare("onnx_models.py");
}

#[test]
fn numpy_reads_what_it_takes_to_predict_by_hand() {
    compare("arrays.py");
}

#[test]
fn safetensors_reads_a_model() {
    compare("safetensors_files.py");
}

#[test]
fn tensorboard_reads_a_history() {
    compare("event_files.py");
}

/// Without Python: what ONNX cannot say is refused.
#[test]
fn onnx_refuses_what_it_cannot_say() {
    let refused = |from: &str, to: &str, said: &str| {
        let mut model = trained_on_colours();
        let text = serde_json::to_string(&model.inputs).unwrap();
        assert!(text.contains(from), "{text}");
        model.inputs = serde_json::from_str(&text.replace(from, to)).unwrap();
        assert_eq!(export::onnx(&model).unwrap_err().to_string(), said);
    };
    refused(
        "\"name\":\"colour\"",
        "\"name\":\"\"",
        "ONNX: input 1: expected a name, got none\nhint: name it in the table, and train again",
    );
    refused(
        "\"red\"",
        "\"\"",
        "ONNX: column colour: expected the empty text for missing values only, got it as a category\n\
         hint: give the empty category a word in the table, and train again",
    );
}

fn trained_on_colours() -> Model {
    let mut text = String::from("colour,y\n");
    (0..30).for_each(|j| writeln!(text, "{},{}", ["red", "blue", ""][j % 3], j % 2).unwrap());
    let table = csv::read(text.as_bytes(), "colours").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::from_toml("epochs = 1\nhidden = []\n[data]\ntarget = [\"y\"]\n", "r").unwrap();
    let options = Options { threads: NonZeroUsize::MIN, checkpoint_every: Duration::MAX, signals: true };
    Run::create(folder.path(), settings).unwrap().train(Tables::from(&table), options, &()).unwrap();
    Model::load(folder.path()).unwrap()
}
