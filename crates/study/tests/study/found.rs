//! What a study says it found.

use std::num::NonZeroUsize;

use nablab_report::{Block, Figure, Lang, html};
use nablab_study::report::{Results, document};
use nablab_study::storage::Record;
use nablab_study::{Confirming, Direction, Objective, Point, State, Study, Trial, confirm, importances};

use crate::stops_after::StopsAfter;
use crate::work::table;

const STUDY: &str = r#"
learning_rate = { low = 1e-4, high = 1e-1, log = true }
batch_size = { choices = [8, "all"] }
hidden = { layers = { low = 0, high = 1 }, units = { low = 2, high = 16 } }
epochs = 20
[data]
target = ["y"]
[validation]
share = 0.3
"#;

/// Trials whose value is that of the learning rate alone.
fn trials(study: &Study) -> Vec<Trial> {
    let known =
        nablab_study::SearchState { space: &study.space, trials: &[], directions: &[], seed: 1, points: &[] };
    let trial = |number: u64| {
        let point = nablab_study::Sampler::Random {}.point(&known, number, &Point::new()).unwrap();
        let value = 1.0 - (point["learning_rate"].log10() + 2.0).powi(2) / 9.0;
        let (state, curve) = (State::Complete, vec![(1, value / 2.0), (2, value)]);
        Trial {
            id: number as i64,
            number,
            state,
            point,
            values: vec![value],
            curve,
            origin: number,
            why: None,
        }
    };
    (0..80).map(trial).collect()
}

#[test]
fn what_decides_is_found() {
    let study = Study::parse(STUDY, "study.toml").unwrap();
    let shares = importances(&study.space, &trials(&study), Direction::Maximize);
    assert_eq!(shares.len(), 4);
    assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(shares[0].0 == "learning_rate" && shares[0].1 > 0.6, "{shares:?}");
    assert!(
        importances(&study.space, &trials(&study)[..9], Direction::Maximize).is_empty(),
        "too few to tell"
    );
}

#[test]
fn the_best_is_trained_again_with_seeds_that_nobody_has_seen() {
    let table = table();
    let mut study = Study::parse(STUDY, "study.toml").unwrap();
    let objective = Objective::new(&mut study, &table).unwrap();
    let trials = trials(&study);
    let how = Confirming { top: 3, seeds: 4, step: 0.1, seconds: None };
    let run = |threads| {
        let threads = NonZeroUsize::new(threads).unwrap();
        confirm(&study, &objective, &trials, &[Direction::Maximize], how, threads, &()).unwrap().unwrap()
    };
    let confirmed = run(2);
    assert_eq!(confirmed, run(1), "on any number of threads");
    // The three best by their values, and the first one.
    let mut numbers: Vec<u64> = confirmed.candidates.iter().map(|candidate| candidate.trial).collect();
    numbers.sort_unstable();
    let mut best: Vec<&Trial> = trials.iter().collect();
    best.sort_by(|a, b| b.values[0].total_cmp(&a.values[0]));
    let mut expected: Vec<u64> = best[..3].iter().map(|trial| trial.number).chain([0]).collect();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(numbers, expected);
    // A worker that dies has the first trial repeated; whatever has become of that by now, it is among them.
    let mut repeated = trials.clone();
    repeated[0].state = State::Fail;
    let again = Trial { id: 99, number: 24, state: State::Waiting, values: Vec::new(), ..trials[0].clone() };
    for state in [State::Waiting, State::Running, State::Complete, State::Pruned] {
        let values = if state == State::Complete { trials[0].values.clone() } else { Vec::new() };
        let all = [&repeated[..], &[Trial { state, values, ..again.clone() }]].concat();
        let threads = NonZeroUsize::MIN;
        let how = Confirming { step: 0.0, ..how };
        let confirmed =
            confirm(&study, &objective, &all, &[Direction::Maximize], how, threads, &()).unwrap().unwrap();
        assert_eq!(confirmed.first().map(|first| first.trial), Some(24), "{state:?}");
    }
    // Each value is that of a training with that seed.
    let candidate = &confirmed.candidates[0];
    let point = &trials[candidate.trial as usize].point;
    for (k, value) in candidate.values.iter().enumerate() {
        let mut settings = study.settings(point).unwrap();
        settings.training.seed = nablab_engine::Seed::Streams(1 + k as u64);
        assert_eq!(settings.learn(&table, &|| false).unwrap().metric, *value);
    }
    assert!(confirmed.candidates.windows(2).all(|pair| pair[0].mean() >= pair[1].mean()));
    // Neighbours: a step to both sides of the rate, the other batch size.
    let of = |name: &str| confirmed.neighbours.iter().filter(|n| n.parameter == name).count();
    assert_eq!((of("learning_rate"), of("batch_size")), (2, 1), "{:?}", confirmed.neighbours);
    // Stopped on the way: the seeds that all have, if there are two.
    let until = |most: usize| {
        let stops = StopsAfter::new(most);
        confirm(&study, &objective, &trials, &[Direction::Maximize], how, NonZeroUsize::MIN, &stops).unwrap()
    };
    let part = until(confirmed.candidates.len() * 3 - 1).unwrap();
    assert!(part.neighbours.is_empty());
    for candidate in &part.candidates {
        let whole = confirmed.candidates.iter().find(|other| other.trial == candidate.trial).unwrap();
        assert_eq!(candidate.values, whole.values[..2]);
    }
    assert_eq!(until(confirmed.candidates.len() * 2 - 1), None);
    let stopped = confirm(
        &study,
        &objective,
        &trials,
        &[Direction::Maximize],
        how,
        NonZeroUsize::MIN,
        &StopsAfter::new(0),
    );
    assert_eq!(stopped.unwrap(), None);
}

#[test]
fn the_page_says_it_in_two_languages() {
    let study = Study::parse(STUDY, "study.toml").unwrap();
    let mut trials = trials(&study);
    trials[7].state = State::Pruned;
    let record = Record {
        id: 1,
        name: "line & more".into(),
        directions: vec![Direction::Maximize],
        metrics: vec!["accuracy".into()],
        attributes: Default::default(),
    };
    let told = |trials: &[Trial], lang| {
        document(&Results { study: &study, record: &record, trials, confirmation: None }, lang)
    };
    let page = |trials: &[Trial], lang| html(&told(trials, lang));
    let english = page(&trials, Lang::En);
    for words in
        ["line &amp; more", "79 completed, 1 pruned", "What decides", "was also lucky", "learning_rate = "]
    {
        assert!(english.contains(words), "{words}");
    }
    let chinese = page(&trials, Lang::Zh);
    for words in ["完成 79 次，提前终止 1 次", "参数的影响", "最优配方", "平行坐标", "学习曲线"]
    {
        assert!(chinese.contains(words), "{words}");
    }
    let chinese = told(&trials, Lang::Zh);
    let figures =
        chinese.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Figures(figures) => Some(figures),
            _ => None,
        });
    let missing: Vec<String> = figures.flatten().map(Figure::missing_characters).collect();
    assert!(missing.len() >= 5, "{} figures", missing.len());
    assert_eq!(missing.concat(), "", "add them to the font of the report's figures");
    // With nothing to tell there is still a page.
    assert!(page(&[], Lang::En).contains("No trial has come to its end yet"));
}
