//! Recipes: what is read and written again says the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nablab_tables::Settings;
use nablab_fuzz::within;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(settings) = within(text.len(), || Settings::from_toml(text, "r.toml")) else { return };
    let written = settings.to_toml();
    let again = Settings::from_toml(&written, "again").unwrap();
    // What is not a number does not equal itself; its text does.
    assert!(again == settings || again.to_toml() == written, "{text}\n{written}");
});
