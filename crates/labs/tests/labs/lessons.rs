//! Every item is a lesson, and what a lesson points to is there.

use std::fs;
use std::path::Path;

use nablab_labs::{Lab, Options};
use nablab_report::Lang;

use crate::all_threads;
use crate::words::trained;

#[test]
fn every_item_is_a_lesson() {
    let knobs = nablab_labs::Knobs { epochs: Some(3), ..Default::default() };
    let labs = trained(&Options { labs: Lab::ALL.to_vec(), knobs, ..Options::default() });
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut items = 0;
    for lang in [Lang::En, Lang::Zh] {
        for item in labs.records(lang, all_threads()).iter().flat_map(|record| &record.items) {
            items += 1;
            let (lesson, id) = (&item.lesson, &item.id);
            assert!(!lesson.question.is_empty() && !lesson.look_at.is_empty(), "{id} teaches nothing");
            for wrong in &lesson.if_wrong {
                assert!((wrong.right - wrong.wrong).abs() > 1e-9, "{id}: {} changes nothing", wrong.mistake);
            }
            if let Some(code) = lesson.code {
                let text = fs::read_to_string(root.join(code.file)).unwrap();
                assert!(text.contains(&format!("fn {}", code.function)), "{id}: {}", code.function);
            }
            if let Some(page) = lesson.maths {
                let file = format!("docs/maths/{page}{}.md", lang.choose("", ".zh"));
                assert!(root.join(&file).is_file(), "{id}: {file}");
            }
        }
    }
    assert_eq!(items, 2 * 34);
}
