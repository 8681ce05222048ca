//! A run folder from its beginning: made, given up, gone on with.

use std::fs;

use nablab_data::table::{Table, csv};
use nablab_tables::run::{FolderProblem, NewLength, Record, Run, Status};
use nablab_tables::{Error, Model, Options, Settings, Tables};

fn table() -> Table {
    let rows: String = (0..40).map(|i| format!("{i},{}\n", 3 * i)).collect();
    csv::read(format!("x,y\n{rows}").as_bytes(), "line.csv").unwrap()
}

fn settings(more: &str) -> Settings {
    Settings::from_toml(&format!("epochs = 3\n{more}\n[data]\ntarget = [\"y\"]"), "recipe").unwrap()
}

#[test]
fn a_new_run_goes_unless_it_learns() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("runs/line");
    let other = csv::read(b"x,z\n1,2\n2,3\n", "other.csv").unwrap();
    let run = Run::create(&folder, settings("")).unwrap();
    let error = run.train(Tables::from(other), Options::default(), &()).unwrap_err();
    assert!(error.to_string().starts_with("other.csv: columns: expected one named y"), "{error}");
    assert!(folder.is_dir());
    drop(run);
    assert!(!place.path().join("runs").exists());

    // What somebody has put there meanwhile is not a run's to remove.
    let run = Run::create(&folder, settings("")).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    drop(run);
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["notes.txt"]);
    fs::remove_file(folder.join("notes.txt")).unwrap();

    let run = Run::create(&folder, settings("")).unwrap();
    run.train(Tables::from(table()), Options::default(), &()).unwrap();
    drop(run);
    assert!(folder.join("model.safetensors").is_file());
    // A run that diverges before its first checkpoint has something to tell, too.
    let steep = place.path().join("runs/steep");
    let settings = settings("learning_rate = 1e30\noptimizer = \"gradient-descent\"");
    let run = Run::create(&steep, settings).unwrap();
    let fitted = run.train(Tables::from(table()), Options::default(), &()).unwrap();
    assert_eq!(fitted.record.summary.ended, Status::Diverged);
    drop(run);
    assert!(steep.join("metrics.json").is_file() && !steep.join("checkpoint.safetensors").exists());

    // What is opened stays, whatever comes of it.
    drop(Run::open(&folder).unwrap());
    assert!(folder.join("recipe.toml").is_file());
}

#[test]
fn a_run_takes_no_folder_that_something_is_in() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let error = Run::create(folder.path(), settings("")).unwrap_err();
    assert!(matches!(&error, Error::NotEmpty { folder: named } if named == folder.path()), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_run_goes_on_by_what_it_began_with_and_longer() {
    for (schedule, is_same) in [("", true), ("schedule = \"cosine\"", false)] {
        let folder = tempfile::tempdir().unwrap();
        let train = |run: &Run| run.train(Tables::from(table()), Options::default(), &()).unwrap();
        train(&Run::create(folder.path(), settings(schedule)).unwrap());
        let mut run = Run::open(folder.path()).unwrap();
        let mut asked = settings(schedule);
        asked.data.file = Some("elsewhere.csv".into());
        assert_eq!(run.go_on_as(&asked).unwrap(), None);
        asked.training.learning_rate = 0.5;
        match run.go_on_as(&asked) {
            Err(Error::OtherSettings { difference, .. }) => assert_eq!(difference.key, "learning_rate"),
            other => panic!("{other:?}"),
        }
        let mut longer = settings(schedule);
        longer.training.epochs = 5;
        let length = NewLength { before: 3, epochs: 5, is_same };
        assert_eq!(run.go_on_as(&longer).unwrap(), Some(length));
        assert_eq!(train(&run).record.summary.epochs, 5);
    }
}

#[test]
fn what_is_wrong_with_a_folder_is_told_apart() {
    let place = tempfile::tempdir().unwrap();
    let problem = |error: Error| match error {
        Error::Folder { problem, .. } => problem,
        other => panic!("{other}"),
    };
    let folder = place.path().join("r");
    assert_eq!(problem(Run::open(&folder).unwrap_err()), FolderProblem::NoRun);
    assert_eq!(problem(Model::load(&folder).unwrap_err()), FolderProblem::NoModel);
    let first = folder.join("fold-1");
    fs::create_dir_all(&first).unwrap();
    assert_eq!(
        problem(Run::open(&folder).unwrap_err()),
        FolderProblem::CrossValidation { first: first.clone() }
    );

    let run = Run::create(&first, settings("")).unwrap();
    assert_eq!(problem(Run::open(&first).unwrap_err()), FolderProblem::InUse);
    let unfinished = FolderProblem::Unfinished { file: "metrics.json" };
    assert_eq!(problem(Record::read(&first).unwrap_err()), unfinished);
    run.train(Tables::from(table()), Options::default(), &()).unwrap();
    drop(run);

    let mut run = Run::open(&first).unwrap();
    let mut shorter = settings("");
    shorter.training.epochs = 2;
    assert_eq!(problem(run.go_on_as(&shorter).unwrap_err()), FolderProblem::Shorter { done: 3, asked: 2 });
    let other = csv::read(b"x,y\n1,2\n2,3\n3,4\n", "other.csv").unwrap();
    let error = run.train(Tables::from(other), Options::default(), &()).unwrap_err();
    assert!(matches!(problem(error), FolderProblem::OtherData { .. }));
    drop(run);

    let recipe = first.join("recipe.toml");
    let text = fs::read_to_string(&recipe).unwrap();
    fs::write(&recipe, text.replace("epochs = 3", "epochs = 4")).unwrap();
    let differences = "epochs = 3, now 4".into();
    assert_eq!(problem(Run::open(&first).unwrap_err()), FolderProblem::ChangedRecipe { differences });
}
