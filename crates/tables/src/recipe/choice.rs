//! Single values written as in a recipe: a name, or a table such as `{ adam = { beta1 = 0.95 } }`.

use nablab_engine::{Activation, Clip, Init, Optimizer, Schedule, Settings};

use super::Document;
use crate::Error;

/// Settings in which one field has such a value.
fn training(key: &str, value: &str) -> Result<Settings, Error> {
    Document::parse(&format!("{key} = {}", quoted(value)), key)?.training()
}

/// A name gets quotes; a table is written as it is.
fn quoted(value: &str) -> String {
    if value.trim_start().starts_with('{') { value.to_owned() } else { format!("{value:?}") }
}

/// Initial weights.
///
/// # Errors
/// [`Error::Recipe`] for what is none, as for all of these.
pub fn init(value: &str) -> Result<Init, Error> {
    Ok(training("init", value)?.init)
}

/// An update rule.
///
/// ```
/// use nablab_engine::Optimizer;
/// use nablab_tables::recipe::choice;
/// assert_eq!(choice::optimizer("sgd")?, Optimizer::GradientDescent);
/// assert_eq!(choice::optimizer("{ momentum = { beta = 0.5 } }")?, Optimizer::Momentum { beta: 0.5 });
/// assert!(choice::optimizer("adem").unwrap_err().to_string().contains("did you mean `adam`"));
/// # Ok::<(), nablab_tables::Error>(())
/// ```
///
/// # Errors
/// [`Error::Recipe`].
pub fn optimizer(value: &str) -> Result<Optimizer, Error> {
    Ok(training("optimizer", value)?.optimizer)
}

/// A schedule of the learning rate.
///
/// # Errors
/// [`Error::Recipe`].
pub fn schedule(value: &str) -> Result<Schedule, Error> {
    Ok(training("schedule", value)?.schedule)
}

/// A limit on the gradient.
///
/// # Errors
/// [`Error::Recipe`].
pub fn clip(value: &str) -> Result<Clip, Error> {
    Ok(training("clip", value)?.clip)
}

/// An activation.
///
/// # Errors
/// [`Error::Recipe`].
pub fn activation(value: &str) -> Result<Activation, Error> {
    let text = format!("hidden = [{{ units = 1, activation = {} }}]", quoted(value));
    let settings = Document::parse(&text, "activation")?.training()?;
    Ok(settings.hidden.first().expect("it was written").activation)
}
