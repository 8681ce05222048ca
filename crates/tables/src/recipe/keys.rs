//! What people call the settings themselves: a recipe understands the names that flags have, and those of other tools.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Setting;

/// Tables of a recipe whose keys may have other names; the outermost has none.
const SECTIONS: [&str; 2] = ["data", "validation"];

/// Give every key the name that it has in a recipe.
///
/// # Errors
/// Where the key is, and what is wrong with it: the same setting is there by another name.
pub(super) fn rename(root: &mut DeTable<'_>) -> Result<(), (usize, String)> {
    rename_in("", root)?;
    root.iter_mut().try_for_each(|(key, value)| match value.get_mut() {
        DeValue::Table(table) if SECTIONS.contains(&key.get_ref().as_ref()) => {
            rename_in(key.get_ref(), table)
        }
        _ => Ok(()),
    })
}

fn rename_in(section: &str, table: &mut DeTable<'_>) -> Result<(), (usize, String)> {
    let other_name = |key: &Spanned<_>| {
        let of = Setting::named(AsRef::<str>::as_ref(key.get_ref())).and_then(|setting| setting.key);
        of.filter(|(of, name)| *of == section && key.get_ref() != name).map(|(_, name)| (key.clone(), name))
    };
    let others: Vec<_> = table.keys().filter_map(other_name).collect();
    for (key, name) in others {
        if table.keys().any(|there| there.get_ref() == name) {
            let what = format!("`{}` and `{name}` are one setting; leave one of them away", key.get_ref());
            return Err((key.span().start, what));
        }
        if let Some(value) = table.remove(&key) {
            table.insert(Spanned::new(key.span(), name.into()), value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Settings;

    #[test]
    fn other_names_are_understood_and_said_once() {
        let read = |text: &str| Settings::from_toml(text, "r.toml");
        let theirs =
            read("lr = 0.1\n[data]\ndrop = [\"a\"]\n[validation]\nearly_stopping = 5\nvalidation_by = \"t\"")
                .unwrap();
        let ours =
            read("learning_rate = 0.1\n[data]\nignore = [\"a\"]\n[validation]\npatience = 5\nby = \"t\"")
                .unwrap();
        assert_eq!(theirs, ours);
        assert!(!theirs.to_toml().contains("lr ="), "{}", theirs.to_toml());
        for (text, said) in [
            ("lr = 0.1\nlearning_rate = 0.2", "line 1, column 1: `lr` and `learning_rate` are one setting"),
            ("epochs = 1\nlr = 0.1\nLR = 0.2", "are one setting; leave one of them away"),
            ("[data]\nlr = 0.1", "unknown field `lr`"),
            ("lr = \"fast\"", "line 1, column 6"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
