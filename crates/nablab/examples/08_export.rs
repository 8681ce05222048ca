//! A trained network for other tools: ONNX, NumPy, safetensors.
//!
//!     cargo run -p nablab --example 08_export
#![allow(missing_docs, clippy::print_stdout)]

use nablab::prelude::*;
use nablab::tables::export;

pub fn main() -> Result<(), Error> {
    let rows: String =
        (0..60).map(|i| format!("{},{},{}\n", i, ["red", "blue"][i % 2], 2 * i + i % 2)).collect();
    let table = csv::read(format!("size,colour,price\n{rows}").as_bytes(), "t.csv")?;
    let settings = Settings::from_toml("epochs = 5\n[data]\ntarget = [\"price\"]", "recipe.toml")?;
    let model = settings.fit(&table, Options::default(), &())?.model;
    for (name, bytes) in [
        ("model.onnx", export::onnx(&model)?),
        ("model.npz", export::npz(&model)),
        ("model.safetensors", model.to_bytes()),
    ] {
        println!("{name}: {} bytes", bytes.len());
        assert!(bytes.len() > 1000);
    }
    Ok(())
}
