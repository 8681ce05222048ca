//! Every kind of finding has a name, words in both languages, and a place in the handbook.

use nablab_diagnosis::{Finding, Thresholds};
use nablab_report::Lang;
use nablab_testing::samples;

#[test]
fn names_are_those_of_the_json() {
    let samples = samples();
    let codes: Vec<_> = samples.iter().map(Finding::code).collect();
    assert_eq!(codes[..Finding::CODES.len()], *Finding::CODES);
    for finding in samples {
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!(json["code"], finding.code());
        let again: Finding = serde_json::from_value(json).unwrap();
        // Not-a-number is not equal to itself.
        assert_eq!(format!("{again:?}"), format!("{finding:?}"));
    }
}

#[test]
fn words_are_whole() {
    for finding in samples() {
        let [en, zh] = [Lang::En, Lang::Zh].map(|lang| finding.sentence(lang));
        let is_chinese = |text: &str| text.chars().any(|c| ('一'..='鿿').contains(&c));
        assert!(en.ends_with(['.', '?']) && !is_chinese(&en), "{en}");
        assert!(zh.ends_with(['。', '？']) && is_chinese(&zh), "{zh}");
        assert!(!finding.source().is_empty());
    }
}

fn page(name: &str) -> String {
    let path = format!("{}/../../docs/handbook/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_handbook_explains_each() {
    for (lang, name) in [(Lang::En, "diagnosis.md"), (Lang::Zh, "diagnosis.zh.md")] {
        let text = page(name);
        for finding in samples() {
            let code = finding.code();
            assert!(text.contains(&format!("\n### {code}\n")), "{name} does not explain {code}");
            assert!(finding.page(lang).ends_with(&format!("{name}#{code}")));
        }
        for threshold in Thresholds::NAMES {
            assert!(text.contains(&format!("\n| `{threshold}` |")), "{name} does not weigh {threshold}");
        }
    }
}
