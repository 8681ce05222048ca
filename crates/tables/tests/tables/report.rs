//! A report has the numbers of its run, says only what they show, and says it in the language asked for.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use nablab_data::table;
use nablab_diagnosis::Finding;
use nablab_report::{Block, Cell, Document, Figure, Lang, Layer, Section, html};
use nablab_statistics::wilson;
use nablab_tables::metrics::Metrics;
use nablab_tables::report::document;
use nablab_tables::run::{Record, Run, Status};
use nablab_tables::{Epoch, Model, Options, Settings, Tables};
use tempfile::TempDir;

use super::comparison::comparison;

/// A hundred rows in which `a` and `b` tell something of the target; `kind` has levels, `a` a missing value.
pub(super) fn csv(target: impl Fn(usize) -> String) -> String {
    let row = |i: usize| {
        let a = if i == 7 { String::new() } else { ((i * 37 % 100) as f64 / 10.0).to_string() };
        format!("{a},{},{},{}\n", (i * 53 % 97) as f64, ["red", "green"][i % 2], target(i))
    };
    "a,b,kind,target\n".to_owned() + &(0..100).map(row).collect::<String>()
}

/// Half of it is noise, to be learned by heart.
pub(super) fn number(i: usize) -> String {
    ((i * 37 % 100) as f64 / 10.0 + (i * i * 7919 % 41) as f64 / 2.0).to_string()
}

pub(super) fn class(i: usize) -> String {
    ["small", "middle", "large"][(i * 37 % 100 + i * 71 % 40) / 47].to_owned()
}

pub(super) fn train(folder: &Path, text: &str, recipe: &str) -> (Record, Model) {
    let file = folder.with_extension("csv");
    fs::write(&file, text).unwrap();
    let mut settings = Settings::from_toml(recipe, "recipe").unwrap();
    if settings.data.target.is_empty() {
        settings.data.target = vec!["target".into()];
    }
    settings.data.file = Some("my table.csv".into());
    let table = table::load(&file, &settings.reading(), &mut |_, _| {}).unwrap();
    let options =
        Options { threads: NonZeroUsize::MIN, checkpoint_every: Duration::from_secs(60), signals: true };
    let run = Run::create(folder, settings).unwrap();
    run.train(Tables::from(&table), options, &()).unwrap();
    (Record::read(folder).unwrap(), Model::load(folder).unwrap())
}

/// Enough to learn the training rows by heart.
pub(super) const OVERFIT: &str = "epochs = 200\nhidden = [{ units = 64 }]\nlearning_rate = 0.01\npenalty = { l2 = 0 }\n\
                       [validation]\nshare = 0.3\n";

fn blocks(sections: &[Section]) -> Vec<&Block> {
    fn with_inner(block: &Block) -> Vec<&Block> {
        let inner = match block {
            Block::Details { blocks, .. } => blocks.as_slice(),
            _ => &[],
        };
        [block].into_iter().chain(inner.iter().flat_map(with_inner)).collect()
    }
    sections.iter().flat_map(|section| &section.blocks).flat_map(with_inner).collect()
}

/// Everything a reader reads but the recipe, as separate texts.
pub(super) fn texts(document: &Document) -> Vec<String> {
    let mut texts = vec![document.subtitle.clone()];
    texts.extend(document.sections.iter().map(|section| section.title.clone()));
    for block in blocks(&document.sections) {
        match block {
            Block::Paragraph(text) => texts.push(text.clone()),
            Block::List(items) => texts.extend(items.clone()),
            Block::Note { title, text, .. } => texts.extend([title.clone(), text.clone()]),
            Block::Details { summary, .. } => texts.push(summary.clone()),
            Block::Code(_) | Block::Formulas(_) | Block::Space(_) | Block::Check(_) => {}
            Block::Table(table) => {
                texts.push(table.caption.clone());
                texts.extend(table.columns.clone());
                texts.extend(table.rows.iter().flatten().map(Cell::plain));
            }
            Block::Figures(figures) => texts.extend(figures.iter().flat_map(|figure| {
                let labels = [&figure.x.label, &figure.y.label].into_iter().flatten().cloned();
                labels.chain(legend(figure)).chain([figure.caption.clone()])
            })),
        }
    }
    texts
}

pub(super) fn legend(figure: &Figure) -> Vec<String> {
    let label = |layer: &Layer| match layer {
        Layer::Line { label, .. } | Layer::Dots { label, .. } => label.clone(),
        Layer::Mark { label, .. } => Some(label.clone()),
        _ => None,
    };
    figure.layers.iter().filter_map(label).collect()
}

pub(super) fn figures(document: &Document) -> Vec<&Figure> {
    let figures = |block: &'_ Block| matches!(block, Block::Figures(_));
    let mut all = Vec::new();
    for block in document.sections.iter().flat_map(|section| &section.blocks).filter(|b| figures(b)) {
        if let Block::Figures(figures) = block {
            all.extend(figures);
        }
    }
    all
}

/// The cells of the row that begins so.
pub(super) fn row(document: &Document, name: &str) -> Vec<Cell> {
    let rows = blocks(&document.sections).into_iter().filter_map(|block| match block {
        Block::Table(table) => Some(&table.rows),
        _ => None,
    });
    rows.flatten().find(|row| row[0].plain() == name).cloned().unwrap_or_default()
}

fn says(record: &Record, model: &Model, words: &str) -> bool {
    texts(&document("run", record, model, Lang::En)).iter().any(|text| text.contains(words))
}

/// A record whose validation loss follows a curve, the training loss another.
fn with_losses(record: &Record, loss: impl Fn(f64) -> (f64, f64)) -> Record {
    let mut record = record.clone();
    let epoch = |i: u64| {
        let (train_loss, validation_loss) = loss(i as f64 / 100.0);
        Epoch { epoch: i, cost: train_loss, train_loss, validation_loss, ..record.history[0] }
    };
    record.history = (1..=100).map(epoch).collect();
    record.summary.epochs = 100;
    record
}

#[test]
fn the_page_has_the_numbers_of_the_run() {
    let folder = TempDir::new().unwrap();
    let (record, model) = train(&folder.path().join("r"), &csv(class), OVERFIT);
    let page = document("r", &record, &model, Lang::En);
    let (Metrics::Classification(train), Some(Metrics::Classification(validation))) =
        (&record.summary.train, &record.summary.validation)
    else {
        panic!("{:?}", record.summary)
    };
    let cells = |name| row(&page, name)[1..].to_vec();
    let number = |v| Cell::Number(v, 4);
    assert_eq!(cells("accuracy"), [number(train.accuracy), number(validation.accuracy)]);
    assert_eq!(cells("log-loss"), [number(train.log_loss), number(validation.log_loss)]);
    // Class by class: in the confusion matrix, which comes first, and against the rest.
    let confusion: Vec<f64> = cells("`large`").iter().map(|c| c.plain().parse().unwrap_or(0.0)).collect();
    assert_eq!(confusion, validation.confusion[0]);
    assert_eq!(cells("`kind`")[0], Cell::Number(2.0, 17));
    assert!(cells("`a`")[4].plain().starts_with("filled with "), "{:?}", cells("`a`"));
    assert_eq!(cells("`b`")[4].plain(), "none");
    assert_eq!(cells("**parameters**")[0].plain(), record.summary.parameters.to_string());
    let (low, high) = wilson(validation.accuracy, validation.examples as f64).unwrap();
    let between = |v| nablab_report::number(v, 4);
    assert!(says(&record, &model, &format!("between **{}** and **{}**", between(low), between(high))));
    // The recipe can be copied, and is the one of the run.
    let code: Vec<_> = blocks(&page.sections)
        .into_iter()
        .filter_map(|block| if let Block::Code(text) = block { Some(text.as_str()) } else { None })
        .collect();
    assert!(code.contains(&"nablab train 'my table.csv' --recipe recipe.toml"), "{code:?}");
    assert!(code.iter().any(|text| Settings::from_toml(text, "copy").ok() == Some(record.settings.clone())));
    // The file in the folder is this page, and needs nothing else.
    let written = fs::read_to_string(folder.path().join("r/report.html")).unwrap();
    assert_eq!(written, html(&page));
    for elsewhere in ["http://", "https://", "src=", "@import", "url(h"] {
        assert!(!written.replace("http://www.w3.org/2000/svg", "").contains(elsewhere), "{elsewhere}");
    }
}

#[test]
fn regression_is_told_target_by_target() {
    let folder = TempDir::new().unwrap();
    let recipe = format!("{OVERFIT}[data]\ntarget = [\"target\", \"b\"]\ntask = \"regression\"\n");
    let (record, model) = train(&folder.path().join("r"), &csv(number), &recipe);
    let page = document("r", &record, &model, Lang::En);
    let Some(Metrics::Regression(validation)) = &record.summary.validation else { panic!() };
    let rows: Vec<_> = blocks(&page.sections)
        .into_iter()
        .filter_map(|b| if let Block::Table(table) = b { Some(table) } else { None })
        .filter(|table| table.caption.contains("unit of the target"))
        .flat_map(|table| table.rows.clone())
        .collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(
        rows[3][2..4],
        [validation.per_target[1].r2.unwrap(), validation.per_target[1].rmse].map(|v| Cell::Number(v, 4))
    );
    assert!(says(&record, &model, "No confidence interval is given for R²"));
}

/// What the page says of early stopping is what early stopping does.
#[test]
fn the_patience_advised_keeps_the_epoch_named() {
    let folder = TempDir::new().unwrap();
    let text = csv(number);
    let (record, model) = train(&folder.path().join("r"), &text, OVERFIT);
    let page = document("r", &record, &model, Lang::En);
    let advice = texts(&page).into_iter().find(|text| text.contains("--early-stopping")).unwrap();
    let after = |words: &str| -> u64 {
        let rest = advice.split(words).nth(1).unwrap_or_else(|| panic!("{words}: {advice}"));
        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    let (patience, best) = (after("--early-stopping "), after("lowest after epoch "));

    let stopped = format!("{OVERFIT}patience = {patience}\n");
    let (record, model) = train(&folder.path().join("stopped"), &text, &stopped);
    assert_eq!(record.summary.ended, Status::StoppedEarly);
    assert_eq!((record.summary.best_epoch, record.summary.epochs), (Some(best), best + patience));
    let page = document("r", &record, &model, Lang::En);
    assert!(says(&record, &model, &format!("The parameters of epoch {best} are kept")));
    assert!(legend(figures(&page)[0]).contains(&format!("kept: epoch {best}")));
}

/// A few rows speak for few: what is drawn of them says so.
#[test]
fn curves_of_a_small_sample_say_how_little_it_tells() {
    let folder = TempDir::new().unwrap();
    let (mut record, model) = train(&folder.path().join("r"), &csv(class), OVERFIT);
    record.settings.data.weight = None;
    let (train, validation) = (record.summary.train_rows, record.summary.validation_rows);
    assert!(validation < train, "{validation} of {train}");
    let page = document("r", &record, &model, Lang::En);
    let [loss, metric] = figures(&page)[..2] else { panic!("two figures") };
    // What is minimised is a mean over all rows, and no sample.
    let Layer::Line { points, label, .. } = &loss.layers[0] else { panic!("{:?}", loss.layers[0]) };
    assert_eq!((label.as_deref(), points[0].1), (Some("training, all rows"), record.history[0].cost));
    let few = format!("{validation} rows");
    assert!(legend(metric).iter().filter(|label| label.contains(&few)).count() == 2, "{:?}", legend(metric));
    let Layer::Band { points, .. } = &metric.layers[1] else { panic!("{:?}", metric.layers[1]) };
    let (epoch, low, high) = points[0];
    let first = record.history[0];
    assert_eq!((epoch, wilson(first.validation_metric, validation as f64)), (1.0, Some((low, high))));
    let Metrics::Classification(all) = &record.summary.train else { panic!("classes") };
    let point = metric.layers.iter().find_map(|layer| match layer {
        Layer::Dots { points, label: Some(label), .. } if label.contains("all ") => Some(points[0]),
        _ => None,
    });
    assert_eq!(point, Some((record.summary.epochs as f64, all.accuracy)));

    // The last parameters are kept, not those of the lowest validation loss: both are named.
    let marks: Vec<_> = loss.layers.iter().filter(|layer| matches!(layer, Layer::Mark { .. })).collect();
    assert_eq!(marks.len(), 2, "{marks:?}");
    assert!(legend(loss).contains(&format!("kept: epoch {}", record.summary.epochs)));
    assert!(legend(loss).iter().any(|label| label.starts_with("lowest validation loss: epoch ")));
    // Half of the rows and more: a sample as good as all.
    record.summary.validation_rows = train;
    let page = document("r", &record, &model, Lang::En);
    assert!(legend(figures(&page)[0]).contains(&"training".to_owned()));
}

#[test]
fn confidence_is_not_claimed_where_rows_are_not_alike() {
    let folder = TempDir::new().unwrap();
    let (record, model) = train(&folder.path().join("r"), &csv(class), OVERFIT);
    let mut weighted = record.clone();
    weighted.settings.data.weight = Some("w".into());
    assert!(says(&weighted, &model, "the rows do not count the same") && !says(&weighted, &model, "Wilson"));
    weighted.settings.data.weight = None;
    weighted.settings.validation.group = Some("g".into());
    assert!(says(&weighted, &model, "rows of one group are not independent"));
    let mut diverged = record;
    diverged.summary.ended = Status::Diverged;
    assert!(says(&diverged, &model, "Diverged after"));
}

#[test]
fn axes_suit_the_curves_and_long_ones_keep_their_spikes() {
    let folder = TempDir::new().unwrap();
    let recipe = format!("schedule = {{ cosine = {{ warmup = 3 }} }}\n{OVERFIT}");
    let (record, model) = train(&folder.path().join("r"), &csv(number), &recipe);
    let page = document("r", &record, &model, Lang::En);
    let names: Vec<_> = figures(&page).iter().map(|figure| figure.name.clone()).collect();
    let curves = ["loss", "metric", "learning-rate"];
    // The size of a step is known of the last one alone, which is no curve.
    let inside = ["spread", "gradient", "moved", "idle", "always-on"];
    assert_eq!(names, [&curves[..], &inside].concat());
    // Of each of the two layers its outputs, weights and their gradient, folded away.
    let folded = blocks(&page.sections).into_iter().find_map(|block| match block {
        Block::Details { blocks, .. } => match &blocks[..] {
            [Block::Figures(figures)] => Some(figures.len()),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(folded, Some(6));
    let (constant, model) = train(&folder.path().join("constant"), &csv(number), OVERFIT);
    let wide = with_losses(&constant, |t| ((-9.0 * t).exp(), 1.0));
    let narrow = with_losses(&constant, |t| ((-t).exp(), 1.0));
    let log = |record: &Record| figures(&document("r", record, &model, Lang::En))[0].y.log;
    assert!(log(&wide) && !log(&narrow));
    let without_rate = curves.len() - 1 + inside.len();
    assert_eq!(figures(&document("r", &wide, &model, Lang::En)).len(), without_rate);

    let mut long = wide.clone();
    let epoch = |i: u64| Epoch { epoch: i, cost: if i == 7777 { 50.0 } else { 1.0 }, ..wide.history[0] };
    long.history = (1..=20_000).map(epoch).collect();
    long.summary.epochs = 20_000;
    let page = document("r", &long, &model, Lang::En);
    let Layer::Line { points, .. } = &figures(&page)[0].layers[0] else { panic!() };
    assert!(points.len() <= 400 && points.contains(&(7777.0, 50.0)), "{}", points.len());
    // Epochs after those that the summary speaks of are another attempt's.
    long.summary.epochs = 100;
    let page = document("r", &long, &model, Lang::En);
    let Layer::Line { points, .. } = &figures(&page)[0].layers[0] else { panic!() };
    assert_eq!(points.last().unwrap().0, 100.0);
    // One epoch is no curve.
    (long.summary.epochs, long.evidence) = (1, None);
    assert!(figures(&document("r", &long, &model, Lang::En)).is_empty());
}

/// Whatever is no name in backticks, number or term of the field is Chinese.
#[test]
fn the_chinese_pages_are_chinese() {
    let folder = TempDir::new().unwrap();
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let terms = ["ROC AUC", "R²", "F1", "RMSE", "MAE", "dropout", "softmax", "sigmoid", "identity", "relu"];
    let outside_code = |text: &str| text.split('`').step_by(2).collect::<String>();
    let check = |english: Document, chinese: Document| {
        assert_eq!(chinese.lang, Lang::Zh);
        for block in blocks(&chinese.sections) {
            let Block::Figures(figures) = block else { continue };
            let missing: String = figures.iter().map(Figure::missing_characters).collect();
            assert_eq!(missing, "", "add them to the font of the report's figures");
        }
        let (english, chinese) = (texts(&english), texts(&chinese));
        assert_eq!(english.len(), chinese.len());
        for (en, zh) in english.iter().zip(&chinese) {
            assert!(!is_chinese(en), "{en}");
            // The name of a finding stays, behind its Chinese one.
            let words = Finding::CODES.iter().fold(outside_code(zh), |text, code| text.replace(code, ""));
            let words = words.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
            let count = words.filter(|word| !terms.iter().any(|term| term.contains(word))).count();
            // A name may be among them (Wilson, Student), and an update rule with its parameters is the same in both.
            let rule = en == zh && (en.starts_with("adam (") || en.starts_with("momentum ("));
            assert!(
                count == 0 || is_chinese(zh) && count <= 1 || rule || en == zh && !en.contains(' '),
                "{zh}"
            );
        }
    };
    let stopped = format!("{OVERFIT}patience = 10\n");
    let multilabel = "[data]\ntarget = [\"kind\", \"target\"]\ntask = \"multilabel\"\n";
    let unjudged = "epochs = 30\n[validation]\nshare = 0\n";
    let yes = |i: usize| ["no", "yes"][i % 3 / 2].to_owned();
    for (name, text, recipe) in [
        ("classes", csv(class), OVERFIT.to_owned()),
        ("stopped", csv(class), stopped),
        ("numbers", csv(number), OVERFIT.to_owned()),
        ("labels", csv(yes), format!("{OVERFIT}{multilabel}")),
        ("unjudged", csv(class), unjudged.to_owned()),
    ] {
        let (record, model) = train(&folder.path().join(name), &text, &recipe);
        check(document(name, &record, &model, Lang::En), document(name, &record, &model, Lang::Zh));
    }
    let comparison = comparison(folder.path());
    check(comparison.document(Lang::En), comparison.document(Lang::Zh));
}
