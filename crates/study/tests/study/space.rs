//! Spaces: what is refused, and that every point of what is taken is a recipe.

use nablab_study::space::Template;
use nablab_study::{Domain, Point, Sampler, Scheduler, Space, Study};

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let refused = |text: &str| match Study::parse(text, "study.toml") {
        Ok(_) => panic!("taken: {text}"),
        Err(error) => error.to_string(),
    };
    for (text, expected) in [
        (
            "learning_rate = { low = 0.1, high = 0.01 }",
            "line 1, column 25: `low` must be at most `high`, got 0.1 > 0.01",
        ),
        (
            "seed = 1\nlearning_rate = { low = 0.0, high = 1.0, log = true }",
            "line 2, column 25: `low` must be above 0",
        ),
        (
            "learning_rate = { low = -1.0, high = 1.0 }",
            "line 1, column 17: `learning_rate` must be a finite number above 0, got -1",
        ),
        ("learning_rate = { low = 0.1 }", "line 1, column 17: a range needs both `low` and `high`"),
        (
            "learning_rate = { low = 0.1, high = 1.0, logarithmic = true }",
            "unknown field `logarithmic` of a range",
        ),
        (
            "learning_rate = { low = \"a\", high = 1.0 }",
            "line 1, column 25: `low` must be a finite number, got string",
        ),
        ("learning_rate = { low = 0.1, high = inf }", "`high` must be a finite number"),
        (
            "learning_rate = { low = 0.1, high = 1.0, log = true, step = 0.1 }",
            "`step` and `log = true` exclude",
        ),
        ("learning_rate = { low = 0.1, high = 1.0, step = 0.0 }", "`step` must be above 0"),
        ("learning_rat = { low = 0.1, high = 1.0 }", "line 1, column 1: unknown field `learning_rat`"),
        ("[data]\ntarget = [\"y\"]\nscalin = \"none\"", "line 3, column 1: unknown field `scalin`"),
        ("optimizer = { choices = [] }", "`choices` must be a list of at least one value"),
        ("optimizer = { choices = [\"adam\", \"adam\"] }", "adam is a choice twice"),
        (
            "optimizer = { choices = [\"adam\", \"adamm\"] }",
            "optimizer = adamm: unknown name `adamm`: did you mean `adam`? There are gradient-descent, ",
        ),
        // Two that exclude each other: l-bfgs takes full batches.
        (
            "batch_size = { choices = [\"all\", 32] }\noptimizer = { choices = [\"adam\", \"l-bfgs\"] }",
            "batch_size = 32, optimizer = l-bfgs: `batch_size` must be all with l-bfgs",
        ),
        ("hidden = { units = { low = 1, high = 3 } }", "needs `layers`"),
        (
            "hidden = { layers = { low = 0.5, high = 2.0 }, units = 3 }",
            "`layers` must be a whole number from 0 to 100",
        ),
        (
            "hidden = { layers = { low = 1, high = 3 }, units = { low = 0, high = 3 } }",
            "`hidden[0].units` must be at least 1, got 0",
        ),
        ("learning_rate = 0.1", "there is no range in it"),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\ntrails = 3",
            "line 3, column 1: unknown field `trails`",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\nmetric = \"acuracy\"",
            "unknown metric `acuracy`: did you mean `accuracy`?",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\nsampler = \"tpee\"",
            "unknown name `tpee`: did you mean `tpe`?",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\ntrials = 0",
            "line 3, column 10: `study.trials` must be from 1 to 1000000, got 0",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\nseeds = 200\nfolds = 10",
            "line 4, column 9: `study.folds` must be such that seeds · folds is at most 1000, got 200 · 10",
        ),
        (
            "seed = { low = 0, high = 9223372036854775807 }",
            "line 1, column 8: whole numbers of a range must lie within",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[validation]\nshare = { low = 0.1, high = 0.5 }",
            "line 3, column 9: validation.share cannot be a range: what is judged differently cannot be compared",
        ),
        (
            "learning_rate = 0.1\n[data]\nfile = { choices = [\"a.csv\", \"b.csv\"] }",
            "line 3, column 8: data.file cannot be a range",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\nfolds = 1",
            "`study.folds` must be 0, or at least 2",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\nmetric = [\"accuracy\", \"parameters\"]\nscheduler = \"asha\"",
            "`study.scheduler` must be none with several metrics",
        ),
        (
            "learning_rate = { low = 0.1, high = 1.0 }\n[study]\nsampler = { grid = { points = 1000000 } }",
            "a grid of more than 100000 points",
        ),
    ] {
        let said = refused(text);
        assert!(said.starts_with("study.toml: line ") && said.contains(expected), "{text}\nsaid: {said}");
    }
}

/// Everything a space can hold, at once.
const ALL: &str = r#"
learning_rate = { low = 1e-4, high = 1e-1, log = true }
batch_size = { choices = ["all", 8, 64] }
epochs = { low = 10, high = 100, step = 30 }
init = { choices = ["he", { normal = { scale = { low = 0.1, high = 10.0, log = true } } }] }
optimizer = { choices = ["adam", { momentum = { beta = { low = 0.5, high = 0.99 } } }, "gradient-descent"] }
schedule = { choices = ["constant", { step = { every = { low = 1.0, high = 9.0 }, factor = 0.5 } }] }
hidden = { layers = { low = 0, high = 3 }, units = { low = 2, high = 64, log = true }, dropout = { low = 0.0, high = 0.5, step = 0.1 }, activation = { choices = ["relu", "tanh"] } }
[penalty]
l2 = { low = 0.0, high = 1.0 }
[data]
target = ["y"]
scaling = { choices = ["standard", "none"] }
[validation]
patience = { low = 0, high = 20 }
"#;

#[test]
fn every_point_is_a_recipe() {
    let (template, space) = Template::parse(ALL, "study.toml").unwrap();
    assert_eq!(space.parameters().len(), 18);
    let known =
        nablab_study::SearchState { space: &space, trials: &[], directions: &[], seed: 7, points: &[] };
    let mut layers = std::collections::BTreeSet::new();
    for number in 0..500 {
        let point = Sampler::Random {}.point(&known, number, &Point::new()).unwrap();
        let settings = template.settings(&space, &point).unwrap_or_else(|error| panic!("{point:?}: {error}"));
        let training = &settings.training;
        assert_eq!(training.learning_rate, point["learning_rate"]);
        assert_eq!(training.hidden.len() as f64, point["hidden.layers"]);
        assert!([10, 40, 70, 100].contains(&training.epochs));
        for (i, layer) in training.hidden.iter().enumerate() {
            assert_eq!(layer.units as f64, point[&format!("hidden[{i}].units")]);
            assert_eq!(layer.dropout, point["hidden.dropout"]);
        }
        layers.insert(training.hidden.len());
        // What a point has is there, and what is not there it has not.
        for parameter in space.parameters() {
            let is_there = parameter
                .when
                .iter()
                .all(|(parent, values)| point.get(parent).is_some_and(|value| values.contains(value)));
            assert_eq!(point.contains_key(&parameter.name), is_there, "{}: {point:?}", parameter.name);
        }
        // A recipe lies where it was drawn, apart from choices that stand otherwise when they are written out.
        let again = space.locate(&settings);
        for name in
            ["learning_rate", "epochs", "hidden.layers", "penalty.l2", "data.scaling", "validation.patience"]
        {
            assert_eq!(again[name], point[name], "{name}");
        }
    }
    assert_eq!(layers.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn a_unit_leads_to_a_value_and_back() {
    let domains = [
        Domain::Float { low: 1e-5, high: 1e-1, log: true, step: None },
        Domain::Float { low: 0.0, high: 0.5, log: false, step: Some(0.1) },
        Domain::Integer { low: 16, high: 256, log: true, step: None },
        Domain::Integer { low: 0, high: 9, log: false, step: Some(4) },
        Domain::Integer { low: 5, high: 5, log: false, step: None },
    ];
    for domain in &domains {
        for i in 0..100 {
            let value = domain.at_unit(f64::from(i) / 100.0);
            assert!(domain.contains(value) || domain.nearest(value) == value, "{domain:?}: {value}");
            let again = domain.at_unit(domain.to_unit(value).min(1.0 - f64::EPSILON));
            assert!((again - value).abs() <= 1e-9 * value.abs(), "{domain:?}: {value} became {again}");
        }
    }
    assert_eq!(domains[3].values(10).unwrap(), [0.0, 4.0, 8.0]);
    assert_eq!(domains[1].values(10).unwrap().len(), 6);
}

#[test]
fn ranges_of_very_many_values_are_no_lists() {
    // Steps that were asked for are never left out.
    for (range, points) in [
        ("seed = { low = 0, high = 9007199254740992 }", 3),
        ("learning_rate = { low = 0.1, high = 1.0, step = 1e-300 }", 101),
        ("seed = { low = 0, high = 9007199254740992, step = 2 }", 101),
    ] {
        let space = Space::parse(range, "study.toml").unwrap();
        assert_eq!(space.parameters()[0].domain.values(1_000_000), None);
        assert_eq!(Sampler::Grid { points: 3 }.points(&space, 100).len(), points, "{range}");
    }
}

#[test]
fn a_point_of_another_space_is_no_recipe() {
    let (template, space) = Template::parse(ALL, "study.toml").unwrap();
    let mut point = space.draw(&Point::new(), &mut |parameter| parameter.domain.first());
    assert_eq!(space.missing(&point), None);
    point.insert("batch_size".into(), 3.0);
    assert_eq!(space.missing(&point).as_deref(), Some("batch_size"));
    point.insert("batch_size".into(), 1.0);
    point.remove("learning_rate");
    let said = template.settings(&space, &point).unwrap_err().to_string();
    assert!(said.starts_with("study.toml: learning_rate has no value of this space\nhint: "), "{said}");
}

#[test]
fn hidden_is_fixed_or_a_list_where_that_is_wanted() {
    let space = Space::parse(
        "hidden = [{ units = { low = 4, high = 8 } }, { units = 3, dropout = { low = 0.0, high = 0.5 } }]",
        "s.toml",
    );
    let names: Vec<String> = space.unwrap().parameters().iter().map(|p| p.name.clone()).collect();
    assert_eq!(names, ["hidden[0].units", "hidden[1].dropout"]);
    let (template, space) =
        Template::parse("hidden = { layers = 2, units = { low = 4, high = 8 } }", "s.toml").unwrap();
    let point = space.draw(&Point::new(), &mut |parameter| parameter.domain.first());
    assert_eq!(template.settings(&space, &point).unwrap().training.hidden.len(), 2);
    assert_eq!(Scheduler::None.decides_after(0, 100), Vec::<u64>::new());
}
