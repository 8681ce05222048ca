//! Landscapes: every cell is the training it says it is, and borders are looked at more closely.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use nablab_engine::{Done, Hidden, Init, MatRef, Optimizer, Recipe, Settings, Trainer, Watch};
use nablab_study::landscape::{
    Directions, Fingerprint, FolderState, Knob, LandscapePlan, Rows, Unfinished, surface, trainability,
};

use crate::stops_after::StopsAfter;

/// Exclusive or.
const X: [f64; 8] = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0];
const Y: [f64; 4] = [0.0, 1.0, 1.0, 0.0];

fn rows() -> Rows<'static, f64> {
    Rows { x: MatRef::new(&X, 2, 4), y: MatRef::new(&Y, 1, 4).into() }
}

fn settings() -> Settings {
    Settings {
        hidden: vec![Hidden::relu(8)],
        optimizer: Optimizer::GradientDescent,
        init: Init::He,
        epochs: 200,
        ..Settings::default()
    }
}

fn plan(refine: u32) -> LandscapePlan {
    let knob = |text: &str| text.parse::<Knob>().unwrap();
    LandscapePlan {
        x: knob("learning_rate=0.01..100"),
        y: knob("init.normal.scale=0.01..100"),
        size: 6,
        refine,
        reach: None,
    }
}

#[test]
fn each_cell_is_a_training() {
    let (settings, threads) = (settings(), NonZeroUsize::new(2).unwrap());
    let landscape = trainability(&settings, rows(), &plan(0), threads, None, &()).unwrap();
    assert_eq!((landscape.size, landscape.cells.len(), landscape.trainings), (6, 36, 36));
    assert!((landscape.reach - 2.0_f64.ln() / 2.0).abs() < 1e-12, "half of what knowing nothing costs");
    for cell in &landscape.cells {
        let recipe =
            Settings { learning_rate: cell.x, init: Init::Normal { scale: cell.y }, ..settings.clone() };
        let recipe = recipe.check().unwrap();
        let mut trainer = Trainer::<f64>::new(&recipe, rows().x, rows().y).unwrap();
        let trained = trainer.run(&mut ());
        let p = trainer.network().predict(&trained.params, rows().x);
        let loss =
            p.iter().zip(&Y).map(|(p, y)| -(if *y == 1.0 { *p } else { 1.0 - p }).ln()).sum::<f64>() / 4.0;
        match loss.is_finite() && trained.divergence.is_none() {
            true => assert!((cell.loss - loss).abs() <= 1e-9 * loss.abs().max(1.0), "{cell:?}: {loss}"),
            // The network's own loss is of logits, and knows more than a probability of 0.
            false => assert!(cell.loss > 1.0 || cell.diverged.is_some(), "{cell:?}: {loss}"),
        }
        assert_eq!(cell.reached.is_some(), cell.loss <= landscape.reach || cell.reached.is_some());
    }
    assert!(landscape.cells.iter().any(|cell| cell.reached.is_some()));
    assert!(landscape.cells.iter().any(|cell| cell.reached.is_none()));
}

#[test]
fn borders_are_cut_into_four() {
    let threads = NonZeroUsize::new(2).unwrap();
    let coarse = trainability(&settings(), rows(), &plan(0), threads, None, &()).unwrap();
    let fine = trainability(&settings(), rows(), &plan(2), threads, None, &()).unwrap();
    assert_eq!((fine.size, fine.cells.len()), (24, 576));
    assert!(fine.trainings > 36 && fine.trainings < 36 + 144 + 576, "{}", fine.trainings);
    // What is far from all borders is the coarse cell.
    let is_like_neighbours = |r: usize, c: usize| {
        let learned = |r: usize, c: usize| coarse.cells[r * 6 + c].reached.is_some();
        (r.saturating_sub(1)..(r + 2).min(6))
            .all(|i| (c.saturating_sub(1)..(c + 2).min(6)).all(|j| learned(i, j) == learned(r, c)))
    };
    let inner = (0..36).map(|i| (i / 6, i % 6)).find(|&(r, c)| is_like_neighbours(r, c)).unwrap();
    let (cell, same) = (coarse.cells[inner.0 * 6 + inner.1], fine.cells[inner.0 * 4 * 24 + inner.1 * 4]);
    assert!(same == cell || (same.loss.is_nan() && cell.loss.is_nan()), "{same:?} {cell:?}");
    let stopped = trainability(&settings(), rows(), &plan(0), threads, None, &StopsAfter::new(0));
    assert_eq!(stopped.unwrap_err().to_string(), "stopped", "a cell that is not trained to its end is none");
    let wrong = LandscapePlan { x: "learning_rate=-1..1".parse().unwrap(), ..plan(0) };
    let error = trainability(&settings(), rows(), &wrong, threads, None, &()).unwrap_err();
    assert!(error.to_string().starts_with("`learning_rate` must be a finite number above 0"), "{error}");
}

fn begun(folder: &Path, fingerprint: &Fingerprint) -> FolderState {
    Unfinished::find(folder, fingerprint).unwrap()
}

/// As a kill cuts the last line.
fn cut(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    fs::write(file, &text[..text.len() - 3]).unwrap();
}

/// Lets so many questions pass.
struct StopsWhenAsked(AtomicUsize, usize);

impl Watch<Done> for StopsWhenAsked {
    fn stop(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= self.1
    }
}

/// Stopped again and again, with a line that was cut by a kill, it becomes the same landscape.
#[test]
fn what_is_trained_is_kept() {
    let (threads, folder) = (NonZeroUsize::new(2).unwrap(), tempfile::tempdir().unwrap());
    let (settings, plan, folder) = (settings(), plan(1), folder.path());
    let whole = trainability(&settings, rows(), &plan, threads, None, &()).unwrap();
    let fingerprint =
        |settings: &Settings, plan: &LandscapePlan| Fingerprint::of_trainings(settings, rows(), plan);
    let find = |settings: &Settings, plan: &LandscapePlan| begun(folder, &fingerprint(settings, plan));
    assert!(matches!(find(&settings, &plan), FolderState::New));
    let mut kept = Unfinished::new(folder, fingerprint(&settings, &plan));
    let file = folder.join("unfinished.csv");
    for most in [0, 7, 30, 50] {
        let until = StopsAfter::new(most);
        assert_eq!(
            trainability(&settings, rows(), &plan, threads, Some(&kept), &until).unwrap_err().to_string(),
            "stopped"
        );
        assert_eq!(file.exists(), most > 0, "nothing is begun before there is a cell");
        if most == 0 {
            continue;
        }
        assert!(matches!(find(&settings, &plan), FolderState::Busy));
        drop(kept);
        cut(&file);
        let FolderState::Same(again) = find(&settings, &plan) else { panic!("not the same after {most}") };
        assert!(again.trainings() + 3 >= most && again.trainings() > 0, "{} of {most}", again.trainings());
        kept = again;
    }
    let again = trainability(&settings, rows(), &plan, threads, Some(&kept), &()).unwrap();
    // By their texts, in which what is no number is equal to itself.
    assert_eq!(format!("{again:?}"), format!("{whole:?}"));
    drop(kept);
    // More cells are no other landscape; other settings, knobs or losses are.
    assert!(matches!(find(&settings, &LandscapePlan { size: 9, ..plan.clone() }), FolderState::Same(_)));
    assert!(matches!(
        find(&settings, &LandscapePlan { reach: Some(0.1), ..plan.clone() }),
        FolderState::Other
    ));
    assert!(matches!(find(&Settings { epochs: 201, ..settings }, &plan), FolderState::Other));
}

fn recipes() -> [(String, Recipe); 2] {
    let recipe = |optimizer| Settings { optimizer, learning_rate: 0.05, ..settings() }.check().unwrap();
    [("gd".to_owned(), recipe(Optimizer::GradientDescent)), ("adam".to_owned(), recipe(Optimizer::ADAM))]
}

/// Stopped after a training, and between rows.
#[test]
fn a_surface_goes_on_to_the_same_bits() {
    let (threads, folder) = (NonZeroUsize::new(2).unwrap(), tempfile::tempdir().unwrap());
    let (recipes, folder) = (recipes(), folder.path());
    let of = |directions| Fingerprint::of_surface(&recipes, rows(), directions);
    let fingerprint = of(Directions::Random(3));
    let until = |most: usize, kept: Option<&Unfinished>| {
        let stops = StopsWhenAsked(AtomicUsize::new(0), most);
        let done = surface(&recipes, rows(), Directions::Random(3), 16, threads, kept, &stops);
        (done, stops.0.into_inner())
    };
    let (whole, asked) = until(usize::MAX, None);
    assert_eq!(asked, 2 + 16);
    let mut kept = Unfinished::new(folder, fingerprint.clone());
    let file = folder.join("unfinished.csv");
    for (most, trainings) in [(0, 0), (1, 1), (6, 2), (6, 2)] {
        assert_eq!(until(most, Some(&kept)).0.unwrap_err().to_string(), "stopped");
        drop(kept);
        cut(&file);
        let FolderState::Same(again) = begun(folder, &fingerprint) else {
            panic!("not the same after {most}")
        };
        assert_eq!(again.trainings(), trainings, "after {most}");
        kept = again;
    }
    assert!(matches!(begun(folder, &fingerprint), FolderState::Busy));
    let (again, asked) = until(usize::MAX, Some(&kept));
    assert_eq!(again.unwrap(), whole.unwrap());
    assert_eq!(asked, 2 + 16 - 2 * 3, "rows that are kept are not done again");
    drop(kept);
    assert!(matches!(begun(folder, &of(Directions::Path)), FolderState::Other));
    let FolderState::Same(kept) = begun(folder, &fingerprint) else { panic!("other directions are no kill") };
    kept.finish();
    assert!(!file.exists());
}

#[test]
fn ways_lie_on_the_surface_where_it_says() {
    let recipes = recipes();
    let threads = NonZeroUsize::new(2).unwrap();
    let along = surface(&recipes, rows(), Directions::Path, 16, threads, None, &()).unwrap();
    assert_eq!(along.losses.len(), 256);
    // The first way ends at the centre, and both begin at one point.
    assert_eq!(along.paths[0].points.last(), Some(&(0.0, 0.0)));
    let begin = |k: usize| along.paths[k].points[0];
    assert!((begin(0).0 - begin(1).0).abs() + (begin(0).1 - begin(1).1).abs() < 1e-9);
    let inside = |(a, b): (f64, f64)| a > along.a.0 && a < along.a.1 && b > along.b.0 && b < along.b.1;
    assert!(along.paths.iter().flat_map(|path| &path.points).all(|&point| inside(point)));
    let random = surface(&recipes, rows(), Directions::Random(3), 16, threads, None, &()).unwrap();
    assert!(
        along.explained > 0.9 && along.explained <= 1.0 + 1e-12 && random.explained < along.explained,
        "{} {}",
        along.explained,
        random.explained
    );
    // The cell nearest to the centre costs about what the first way ends with.
    let end = *along.paths[0].losses.last().unwrap();
    let best = random.losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(best < 2.0 * end + 0.1, "{best} {end}");
    let other = Settings { hidden: vec![Hidden::relu(3)], ..settings() }.check().unwrap();
    let mixed = [recipes[0].clone(), ("other".to_owned(), other)];
    assert!(
        surface(&mixed, rows(), Directions::Path, 4, threads, None, &())
            .unwrap_err()
            .to_string()
            .contains("one shape")
    );
}
