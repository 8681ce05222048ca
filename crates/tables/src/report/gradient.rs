//! A gradient check in words.

use nablab_engine::gradcheck::{Report, Verdict};
use nablab_engine::{Activation, Hidden, Network, Penalty};
use nablab_report::number;
use serde_json::json;

/// What gives a cost corners.
#[derive(Clone, Copy)]
struct Corners {
    units: bool,
    l1: bool,
}

impl Corners {
    fn of(network: &Network, penalty: Penalty) -> Self {
        let has_corner = |l: &Hidden| matches!(l.activation, Activation::Relu | Activation::LeakyRelu { .. });
        Self { units: network.hidden().iter().any(has_corner), l1: penalty.l1 > 0.0 }
    }

    fn what(self) -> &'static str {
        match (self.units, self.l1) {
            (true, true) => "a relu unit or the L1 penalty",
            (false, true) => "the L1 penalty",
            _ => "a relu unit",
        }
    }

    fn at_zero(self) -> &'static str {
        match (self.units, self.l1) {
            (true, true) => "every relu unit, and the L1 penalty, is at its corner",
            (false, true) => "the L1 penalty is at its corner",
            _ => "every relu unit is at its corner",
        }
    }
}

/// A line per slot, then the findings and the verdict: of a network under this penalty.
pub fn gradient(report: &Report, network: &Network, penalty: Penalty) -> String {
    let (layout, corners) = (network.layout(), Corners::of(network, penalty));
    let mut out = format!(
        "{:<10}{:>9}{:>9}{:>11}{:>7}{:>7}\n",
        "slot", "entries", "agree", "round-off", "kink", "wrong"
    );
    for slot in layout.slots() {
        let entries = &report.components[slot.range.clone()];
        let count = |verdict| entries.iter().filter(|c| c.verdict == verdict).count();
        out += &format!(
            "{:<10}{:>9}{:>9}{:>11}{:>7}{:>7}\n",
            slot.name,
            entries.len(),
            count(Verdict::Agrees),
            count(Verdict::RoundOff),
            count(Verdict::Kink),
            count(Verdict::Wrong)
        );
    }
    for finding in &report.findings {
        out += &format!("{finding}\n");
    }
    let (unchecked, all) = (report.count(Verdict::Kink), report.components.len());
    if unchecked > 0 {
        out += &format!(
            "kink: {} has a corner there, and a difference across it says nothing\n",
            corners.what()
        );
    }
    if report.count(Verdict::RoundOff) > 0 {
        out += "round-off: apart by no more than floating-point numbers are uncertain\n";
    }
    let verdict = match (report.is_correct(), unchecked) {
        (false, _) => "the gradient is wrong".to_owned(),
        (true, 0) => "the gradient is correct".to_owned(),
        (true, _) => format!(
            "nothing wrong, but {unchecked} of {all} entries could not be checked\n\
             hint: at weights of 0 {}; check with random ones, as init = \"he\"",
            corners.at_zero()
        ),
    };
    out + &format!(
        "cost {}, relative difference {}: {verdict}\n",
        number(report.value, 6),
        number(report.difference, 3)
    )
}

/// The same as JSON.
///
/// ```
/// use nablab_tables::RecipeWithData;
/// let text = "hidden = []\n[data]\nsource = \"moons\"\nsamples = 9";
/// let recipe = RecipeWithData::parse(text, "recipe.toml", "".as_ref())?;
/// let json = nablab_tables::report::gradient_json(&recipe.check_gradient(9)?.0);
/// assert!(json.contains("\"correct\": true") && json.contains("\"schema\": \"nablab.check/1\""), "{json}");
/// # Ok::<(), nablab_tables::Error>(())
/// ```
pub fn gradient_json(report: &Report) -> String {
    let correct = report.is_correct();
    format!("{:#}\n", json!({ "schema": "nablab.check/1", "correct": correct, "report": report }))
}
