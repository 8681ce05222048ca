//! The room of the labs: what the page knows of them, made of the labs' own recipes and words.

use nablab::data::Generator;
use nablab::data::generate::{PITCH_NOISE, PITCH_TEST, PITCH_TRAIN};
use nablab::engine::optim::AdamForm;
use nablab::engine::{Activation, Clip, Hidden, Init, Optimizer, Precision, Schedule, Seed, Settings};
use nablab::labs::exercises::Exercise;
use nablab::labs::{Experiment, Lab, LabRecord, Variant};
use nablab::report::Lang;
use serde_json::{Value, json};

/// The file of the page.
pub(crate) const FILE: &str = "labs/items.js";
/// What stands above it.
const HEAD: &str = "\
// The labs as the library has them: items, questions, exercises, and their trainings as fragments of links.
// `cargo run -p nablab-site -- --room` makes this file.

/** @typedef {{ en: string, zh: string }} Text */
/** @typedef {{ id: string, title: Text, question: Text, room: string, training: string }} Item `training` is empty where there is none */
/** @typedef {{ id: string, title: Text }} Exercise */
/** @typedef {{ key: string, title: Text, race: string, items: Item[], exercises: Exercise[] }} Lab `race` is empty where nothing is trained */
/** @type {Lab[]} */
export const LABS = ";

/// Where each item is seen live: a room of the page, and a variant of the lab. An item of the optimisation lab that explains a rule
/// is seen with that rule.
const LIVE: &[(&str, &str, &str)] = &[
    ("regularization.1", "playground", "none"),
    ("regularization.2", "playground", "none"),
    ("regularization.3", "playground", "none"),
    ("regularization.4", "playground", "l2"),
    ("regularization.5", "unit", "l2"),
    ("regularization.6", "playground", "l2"),
    ("regularization.7", "playground", "l2"),
    ("regularization.8", "unit", "dropout"),
    ("regularization.9", "unit", "dropout"),
    ("regularization.10", "playground", "dropout"),
    ("regularization.11", "playground", "dropout"),
    ("initialization.1", "playground", "he"),
    ("initialization.2", "unit", "zeros"),
    ("initialization.3", "playground", "zeros"),
    ("initialization.4", "playground", "zeros"),
    ("initialization.5", "playground", "zeros"),
    ("random-initialization.1", "playground", "random"),
    ("random-initialization.2", "playground", "random"),
    ("random-initialization.3", "playground", "random"),
    ("random-initialization.4", "playground", "random"),
    ("he-initialization.1", "playground", "he"),
    ("he-initialization.2", "playground", "he"),
    ("he-initialization.3", "playground", "he"),
    ("gradient-checking.1", "gradient", ""),
    ("gradient-checking.2", "gradient", ""),
    ("optimization.1", "unit", "gd"),
    ("optimization.2", "playground", "gd"),
    ("optimization.3", "unit", "momentum"),
    ("optimization.4", "unit", "adam"),
    ("optimization.5", "unit", "adam"),
    ("optimization.6", "playground", "gd"),
    ("optimization.7", "playground", "gd"),
    ("optimization.8", "playground", "momentum"),
    ("optimization.9", "playground", "adam"),
];

/// The room has this item.
pub(crate) fn has(item: &str) -> bool {
    LIVE.iter().any(|(id, ..)| *id == item)
}

/// The file of the page, of the labs in both languages.
///
/// # Errors
/// A recipe that no link of the page can say, or an item without a place in the page.
pub(crate) fn room(
    experiments: &[Experiment],
    records: &[[LabRecord; 2]],
    exercises: &[Exercise],
) -> Result<String, String> {
    let labs =
        experiments.iter().zip(records).map(|(experiment, records)| lab(experiment, records, exercises));
    Ok(format!("{HEAD}[\n{}];\n", labs.collect::<Result<String, _>>()?))
}

/// The points of the page are those of the lab: all that it learns from, and what it judges on, if that is of the same stream.
fn has_its_points(experiment: &Experiment, (generator, _): &(Generator, f64)) -> Result<(), String> {
    let points = generator.generate().map_err(|error| error.to_string())?;
    let train = &experiment.data.train;
    let held_out = experiment.data.test.as_ref().filter(|_| points.examples() > train.examples());
    let feature = |k: usize| {
        let rest = held_out.map_or(&[][..], |test| test.feature(k));
        points.feature(k) == [train.feature(k), rest].concat()
    };
    let rest = held_out.map_or(&[][..], |test| test.labels());
    match feature(0) && feature(1) && points.labels() == [train.labels(), rest].concat() {
        true => Ok(()),
        false => Err(format!("{}: the room has other points than the lab", experiment.lab.key())),
    }
}

fn lab(experiment: &Experiment, [en, zh]: &[LabRecord; 2], exercises: &[Exercise]) -> Result<String, String> {
    let lab = experiment.lab;
    let item = |k: usize| -> Result<Value, String> {
        let (en, zh) = (&en.items[k], &zh.items[k]);
        let found = LIVE.iter().find(|(id, ..)| *id == en.id);
        let (_, room, key) = found.ok_or_else(|| format!("{}: LIVE has no line for it", en.id))?;
        let variant = experiment.variants.iter().find(|variant| variant.key == *key);
        let training = variant.map_or(Ok(String::new()), |variant| training(experiment, variant))?;
        Ok(json!({
            "id": en.id,
            "title": { "en": en.title, "zh": zh.title },
            "question": { "en": en.lesson.question, "zh": zh.lesson.question },
            "room": room,
            "training": training,
        }))
    };
    let exercise = |exercise: &Exercise| {
        let title = &exercise.question.title;
        json!({ "id": exercise.id.to_string(), "title": { "en": title.en, "zh": title.zh } })
    };
    let race = race(experiment)?;
    let items = (0..en.items.len()).map(item).collect::<Result<Vec<_>, _>>()?;
    let exercises: Vec<_> = exercises.iter().filter(|one| one.id.lab() == lab).map(exercise).collect();
    // A line for each, so that a change shows where it is.
    let lines = |all: Vec<Value>| all.iter().map(|one| format!("      {one},\n")).collect::<String>();
    let (key, title) = (lab.key(), json!({ "en": lab.title(Lang::En), "zh": lab.title(Lang::Zh) }));
    Ok(format!(
        "  {{\n    key: \"{key}\",\n    title: {title},\n    race: \"{race}\",\n    items: [\n{}    ],\n    exercises: [\n{}    ],\n  }},\n",
        lines(items),
        lines(exercises)
    ))
}

fn training(experiment: &Experiment, variant: &Variant) -> Result<String, String> {
    let source = source(experiment.lab)?;
    has_its_points(experiment, &source)?;
    fragment(&source, &variant.recipe).map_err(|error| format!("{}: {error}", variant.key))
}

/// The variants that the lab compares, as a race on the same axes: the first one, and what the others change of it
/// (`page/session/race.js`). Empty where there are none.
fn race(experiment: &Experiment) -> Result<String, String> {
    let compared = experiment.variants.iter().filter(|variant| !variant.aside);
    let trainings: Vec<_> =
        compared.map(|variant| training(experiment, variant)).collect::<Result<_, _>>()?;
    let Some(first) = trainings.first() else { return Ok(String::new()) };
    let changed = |other: &String| {
        let parts = first.split('&').zip(other.split('&'));
        parts.filter(|(a, b)| a != b).map(|(_, b)| b).collect::<Vec<_>>().join(",")
    };
    Ok(format!("{first}&variants={}", trainings.iter().map(changed).collect::<Vec<_>>().join(";")))
}

/// The points of a lab, as the page makes them, and the share of them that is held out. The test set of the pitch comes from the
/// stream of its training set: together they are one set. Circles and moons have the training set alone.
pub(crate) fn source(lab: Lab) -> Result<(Generator, f64), String> {
    Ok(match lab {
        Lab::Regularization => {
            let samples = PITCH_TRAIN + PITCH_TEST;
            // Digits enough to hold out as many.
            let share = (1e4 * PITCH_TEST as f64 / samples as f64).round() / 1e4;
            (Generator::Pitch { samples, noise: PITCH_NOISE, seed: 5 }, share)
        }
        Lab::Initialization => (Generator::Circles { samples: 300, noise: 0.05, factor: 0.8, seed: 1 }, 0.0),
        Lab::Optimization => (Generator::Moons { samples: 300, noise: 0.2, seed: 3 }, 0.0),
        Lab::GradientChecking => return Err("the gradient-checking lab has no points in a plane".into()),
    })
}

/// A training as the fragment of a link (`page/session/link.js`). What it cannot say: the course's seeds, which are the seed here; the
/// form of the loss, which the page chooses; and that the points are not scaled, which the page always does.
pub(crate) fn fragment((generator, share): &(Generator, f64), recipe: &Settings) -> Result<String, String> {
    let Settings {
        hidden,
        loss: _,
        init,
        penalty,
        optimizer,
        learning_rate,
        schedule,
        clip,
        batch_size,
        batch_mean: _,
        epochs,
        seed,
        precision,
    } = recipe;
    let (samples, noise, points) = match *generator {
        Generator::Circles { samples, noise, seed, .. }
        | Generator::Moons { samples, noise, seed }
        | Generator::Pitch { samples, noise, seed } => (samples, noise, seed),
        _ => return Err(format!("no lab has {}", generator.name())),
    };
    let unsaid = |what: String| Err(format!("the page has no words for {what}"));
    let rule = match *optimizer {
        Optimizer::GradientDescent => "gradient-descent",
        Optimizer::Momentum { beta: 0.9 } => "momentum",
        Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, form: AdamForm::Standard } => "adam",
        other => return unsaid(format!("{other:?}")),
    };
    let init = match *init {
        Init::Zeros => "zeros",
        Init::Normal { scale: 10.0 } => "large",
        Init::He => "he",
        Init::Lecun => "lecun",
        other => return unsaid(format!("{other:?}")),
    };
    if (*schedule, *clip) != (Schedule::Constant, Clip::None) {
        return unsaid(format!("{schedule:?} with {clip:?}"));
    }
    let seed = match *seed {
        Seed::Streams(seed) => seed,
        Seed::Course { weights, .. } => u64::from(weights),
    };
    let precision = match precision {
        Precision::F32 => "f32",
        Precision::F64 => "f64",
    };
    let net: Vec<_> = hidden.iter().map(layer).collect::<Result<_, _>>()?;
    let batch = batch_size.unwrap_or(0);
    let (name, l2, l1, net) = (generator.name(), penalty.l2, penalty.l1, net.join("_"));
    Ok(format!(
        "#v=1&data={name}&samples={samples}&noise={noise}&share={share}&points={points}&rule={rule}&rate={learning_rate}&batch={batch}\
         &schedule=constant&l2={l2}&l1={l1}&epochs={epochs}&init={init}&seed={seed}&precision={precision}&net={net}"
    ))
}

fn layer(hidden: &Hidden) -> Result<String, String> {
    let Hidden { units, activation, dropout, batch_norm } = hidden;
    match (activation, batch_norm) {
        // The dropout rate is 1 − k, which has a digit too many.
        (Activation::Relu, false) if *dropout > 0.0 => {
            Ok(format!("{units}relu~{}", (dropout * 1e12).round() / 1e12))
        }
        (Activation::Relu, false) => Ok(format!("{units}relu")),
        _ => Err(format!("the page has no words for {hidden:?}")),
    }
}
