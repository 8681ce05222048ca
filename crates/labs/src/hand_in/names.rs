//! Which quantity a name means.

use super::formulas::Quantity;

/// Words around a name that say only where it is kept, or of what it is one: `grads/dW1`, `parameters["W1"]`, `mini_batch_X1`.
const AROUND: [&str; 13] = [
    "grads",
    "grad",
    "gradients",
    "gradient",
    "parameters",
    "params",
    "cache",
    "updates",
    "self",
    "model",
    "mini",
    "batch",
    "minibatch",
];
/// Those that make of W1 its gradient: `grads["W1"]`, `W1_grad`.
const OF_A_GRADIENT: [&str; 4] = ["grads", "grad", "gradients", "gradient"];
/// What is derived: the numerator of `dJ/dW1`.
const NUMERATORS: [&str; 6] = ["d", "dj", "dl", "dc", "dcost", "dloss"];

/// The index of the quantity that a name means, whatever its case, and what is known to stand around it. Before any other word the name
/// means something else: `old_W1` is not W1, and `v_dW1` not dW1.
pub(super) fn find(name: &str, quantities: &[Quantity]) -> Option<usize> {
    let tokens: Vec<String> = name
        .replace('∂', "d")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|token| !token.is_empty())
        .map(str::to_lowercase)
        .collect();
    let known = |wanted: &str| {
        let is = |name: &String| plain(name) == wanted;
        quantities.iter().position(|quantity| is(&quantity.name) || quantity.aliases.iter().any(is))
    };
    let inner: Vec<&str> =
        tokens.iter().map(String::as_str).filter(|token| !AROUND.contains(token)).collect();
    let derivative = |name: &str| name.starts_with('d').then(|| known(name)).flatten();
    let denominator = match inner[..] {
        [first, ref rest @ ..] if NUMERATORS.contains(&first) => derivative(&rest.concat()),
        _ => None,
    };
    let inner = inner.concat();
    let whole = match tokens.iter().any(|token| OF_A_GRADIENT.contains(&token.as_str())) {
        true => derivative(&format!("d{inner}")).or_else(|| derivative(&inner)),
        false => known(&inner),
    };
    known(&tokens.concat()).or(whole).or(denominator)
}

/// A name without case and separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The name that is most like this one, if any is like it at all: by its letters, or because it is what this one ends with.
pub(super) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(name);
    let far = |known: &&str| edits(&wanted, &plain(known));
    let is_near = |known: &&str| far(known) <= wanted.chars().count().min(3) / 2 + 1;
    names.min_by_key(far).filter(|known| is_near(known) || wanted.ends_with(&plain(known)))
}

/// Levenshtein's distance: letters to change, add or leave out.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &d) in b.iter().enumerate() {
            let changed = diagonal + usize::from(c != d);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_many_spellings() {
        let quantities = ["dW1", "db1", "dW2", "A2"].map(Quantity::required);
        let quantities = [quantities.to_vec(), vec![Quantity::required("s_dW1").or("s/dW1")]].concat();
        for (name, index) in [
            ("dw1", 0),
            ("dW_1", 0),
            ("grads/dW1", 0),
            ("grads['W1']", 0),
            ("W1_grad", 0),
            ("dL/dW2", 2),
            ("∂J/∂b1", 1),
            ("cache.a2", 3),
            ("s[\"dW1\"]", 4),
            ("grads.dW1", 0),
            ("gradients/W1", 0),
            ("d_W1", 0),
            ("dJ_dW1", 0),
        ] {
            assert_eq!(find(name, &quantities), Some(index), "{name}");
        }
        assert_eq!(find("W1", &quantities), None);
        for other in ["v_dW1", "old_W1", "old_dW1", "grads/A2", "dL/A2", "W1_grad_before", "v/db1", "d"] {
            assert_eq!(find(other, &quantities), None, "{other}");
        }
        assert_eq!(nearest("v_dW1", ["db1", "dW1"].into_iter()), Some("dW1"));
        assert_eq!(nearest("previous_dW1", ["db1", "dW1"].into_iter()), Some("dW1"));
        assert_eq!(nearest("dw11", ["db1", "dW1"].into_iter()), Some("dW1"));
        assert_eq!(nearest("temperature", ["db1", "dW1"].into_iter()), None);
    }
}
