//! A template and its space, from the text of a recipe.

use nablab_tables::Error;
use nablab_tables::recipe::{Document, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::steps::last_step;
use super::template::{Node, Template};
use super::{Domain, Label, Parameter, Space};

impl Space {
    /// Read a recipe in which values may be ranges, `{ low = 1e-5, high = 1e-1, log = true }`, or choices,
    /// `{ choices = ["relu", "tanh"] }`, and `hidden` a number of layers, `{ layers = { low = 1, high = 3 }, units = … }`,
    /// with units drawn for each layer and all else for all layers together. Every point of the space is a recipe.
    ///
    /// ```
    /// use nablab_study::Space;
    /// let space = Space::parse("learning_rate = { low = 1e-4, high = 1e-1, log = true }", "study.toml")?;
    /// assert_eq!(space.parameters()[0].name, "learning_rate");
    /// // Classes may be called so as well.
    /// let space = Space::parse("[data]\nclass_weight = { low = 1.0, high = 2.0 }", "study.toml")?;
    /// assert_eq!(space.parameters().len(), 0);
    /// let error = Space::parse("learning_rate = { low = 0.1, high = 0.01 }", "study.toml").unwrap_err().to_string();
    /// assert!(error.starts_with("study.toml: line 1, column 25: `low` must be at most `high`, got 0.1 > 0.01"));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        Template::parse(text, name).map(|(_, space)| space)
    }
}

impl Template {
    /// Read a recipe with its ranges, as [`Space::parse`] does.
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column.
    pub fn parse(text: &str, name: &str) -> Result<(Self, Space), Error> {
        Self::of(&Document::parse(text, name)?, text, name)
    }

    /// Of what is left of a document.
    pub(crate) fn of(document: &Document<'_>, text: &str, name: &str) -> Result<(Self, Space), Error> {
        let mut reader = Reader { document, parameters: Vec::new(), when: Vec::new() };
        let root = reader.table(document.root(), "")?;
        let space = Space { parameters: reader.parameters };
        let template = Self { text: text.to_owned(), name: name.to_owned(), root };
        template.check(&space)?;
        Ok((template, space))
    }
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    parameters: Vec<Parameter>,
    /// Of what is being read.
    when: Vec<(String, Vec<f64>)>,
}

impl Reader<'_, '_> {
    fn table(&mut self, table: &DeTable<'_>, path: &str) -> Result<Node, Error> {
        let mut nodes = Vec::new();
        for (key, value) in table {
            let key = key.get_ref().as_ref();
            let inner = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            nodes.push((key.to_owned(), self.value(value, &inner)?));
        }
        nodes.retain(|(_, node)| !matches!(node, Node::Fixed));
        Ok(if nodes.is_empty() { Node::Fixed } else { Node::Table(nodes) })
    }

    fn value(&mut self, value: &Value<'_>, path: &str) -> Result<Node, Error> {
        match value.get_ref() {
            DeValue::Table(table) if table.contains_key("choices") => self.choice(value, table, path),
            DeValue::Table(table) if OF_NAMES.contains(&path) => self.table(table, path),
            DeValue::Table(table) if ["low", "high"].iter().any(|key| table.contains_key(*key)) => {
                let domain = self.range(value, table)?;
                Ok(Node::Number(self.parameter(path, domain, value)?))
            }
            DeValue::Table(table) if path == "hidden" => self.layers(value, table),
            DeValue::Table(table) => self.table(table, path),
            DeValue::Array(array) => {
                let item = |(i, value)| self.value(value, &format!("{path}[{i}]"));
                Ok(Node::Array(array.iter().enumerate().map(item).collect::<Result<_, _>>()?))
            }
            _ => Ok(Node::Fixed),
        }
    }

    fn parameter(&mut self, name: &str, domain: Domain, value: &Value<'_>) -> Result<usize, Error> {
        if let Some(number) = self.parameters.iter().position(|parameter| parameter.name == name) {
            // The layers of a network share it.
            let known = &mut self.parameters[number];
            return match known.domain == domain && name.starts_with("hidden.") {
                true => Ok(number),
                false => Err(self.document.error(value.span().start, format!("{name} is a range twice"))),
            };
        }
        if decides_judging(name) {
            let what = format!("{name} cannot be a range: what is judged differently cannot be compared");
            return Err(self.document.error(value.span().start, what));
        }
        let when = self.when.clone();
        self.parameters.push(Parameter { name: name.to_owned(), domain, when });
        Ok(self.parameters.len() - 1)
    }

    fn range(&self, value: &Value<'_>, table: &DeTable<'_>) -> Result<Domain, Error> {
        let wrong = |at: usize, what: String| Err(self.document.error(at, what));
        if let Some((key, _)) =
            table.iter().find(|(key, _)| !["low", "high", "log", "step"].contains(&key.get_ref().as_ref()))
        {
            let what =
                format!("unknown field `{}` of a range, expected low, high, log or step", key.get_ref());
            return wrong(key.span().start, what);
        }
        let at = |key: &str| table.get(key).map_or(value.span().start, |value| value.span().start);
        let number = |key: &str| match table.get(key).map(|value| (number(value.get_ref()), value)) {
            Some((Some(number), _)) => Ok(Some(number)),
            Some((None, value)) => {
                let what = format!("`{key}` must be a finite number, got {}", value.get_ref().type_str());
                Err(self.document.error(value.span().start, what))
            }
            None => Ok(None),
        };
        let log = match table.get("log").map(|value| value.get_ref().as_bool()) {
            None => false,
            Some(Some(log)) => log,
            Some(None) => return wrong(at("log"), "`log` must be true or false".into()),
        };
        let (Some((low, low_whole)), Some((high, high_whole))) = (number("low")?, number("high")?) else {
            return wrong(value.span().start, "a range needs both `low` and `high`".into());
        };
        let is_whole = low_whole && high_whole;
        if is_whole && low.abs().max(high.abs()) > LARGEST_WHOLE {
            return wrong(
                value.span().start,
                format!("whole numbers of a range must lie within ±{LARGEST_WHOLE}"),
            );
        }
        if low > high {
            return wrong(at("low"), format!("`low` must be at most `high`, got {low} > {high}"));
        }
        if log && low <= 0.0 {
            return wrong(at("low"), format!("`low` must be above 0 where `log` is true, got {low}"));
        }
        let step = number("step")?;
        if let Some((step, _)) = step
            && (step <= 0.0 || log)
        {
            let what = match log {
                true => "`step` and `log = true` exclude each other".into(),
                false => format!("`step` must be above 0, got {step}"),
            };
            return wrong(at("step"), what);
        }
        if is_whole && step.is_none_or(|(_, whole)| whole) {
            let (low, high, step) = (low as i64, high as i64, step.map(|(step, _)| step as i64));
            let high = step.map_or(high, |step| high - (high - low) % step);
            return Ok(Domain::Integer { low, high, log, step });
        }
        let step = step.map(|(step, _)| step);
        let high = step.map_or(high, |step| last_step(low, high, step));
        Ok(Domain::Float { low, high, log, step })
    }

    fn choice(&mut self, value: &Value<'_>, table: &DeTable<'_>, path: &str) -> Result<Node, Error> {
        if let Some((key, _)) = table.iter().find(|(key, _)| key.get_ref() != "choices") {
            let what = format!("unknown field `{}` beside `choices`", key.get_ref());
            return Err(self.document.error(key.span().start, what));
        }
        let choices = table["choices"].get_ref().as_array().filter(|array| !array.is_empty());
        let Some(choices) = choices else {
            let what = "`choices` must be a list of at least one value".into();
            return Err(self.document.error(table["choices"].span().start, what));
        };
        if choices.len() > MOST_CHOICES {
            let what = format!("`choices` must be at most {MOST_CHOICES} values, got {}", choices.len());
            return Err(self.document.error(table["choices"].span().start, what));
        }
        let mut labels: Vec<Label> = Vec::new();
        for choice in choices.iter() {
            let label = label(choice);
            if labels.contains(&label) {
                return Err(self.document.error(choice.span().start, format!("{label} is a choice twice")));
            }
            labels.push(label);
        }
        let number = self.parameter(path, Domain::Choice(labels), value)?;
        let mut options = Vec::new();
        for (i, choice) in choices.iter().enumerate() {
            self.when.push((path.to_owned(), vec![i as f64]));
            options.push(self.value(choice, path));
            self.when.pop();
        }
        Ok(Node::Choice(number, options.into_iter().collect::<Result<_, _>>()?))
    }

    /// `hidden` as a table: how many layers, and what each is.
    fn layers(&mut self, value: &Value<'_>, table: &DeTable<'_>) -> Result<Node, Error> {
        let Some(count) = table.get("layers") else {
            let what = "a table in place of a list of layers needs `layers`, how many there are";
            return Err(self.document.error(value.span().start, what.into()));
        };
        let domain = match count.get_ref().as_table() {
            Some(range) => self.range(count, range)?,
            None => match number(count.get_ref()) {
                Some((n, true)) => Domain::Integer { low: n as i64, high: n as i64, log: false, step: None },
                _ => return Err(self.document.error(count.span().start, COUNT.into())),
            },
        };
        let Domain::Integer { low: 0.., high: high @ ..=100, .. } = domain else {
            return Err(self.document.error(count.span().start, COUNT.into()));
        };
        let counts = domain.values(101).unwrap_or_default();
        let number = self.parameter(LAYERS, domain, count)?;
        let mut layers = Vec::new();
        for i in 0..high {
            let mut fields = Vec::new();
            for (key, field) in table.iter().filter(|(key, _)| key.get_ref() != "layers") {
                let key = key.get_ref().as_ref();
                // What all layers share is there where there is a first one.
                let (path, least) = match key {
                    "units" => (format!("hidden[{i}].units"), i),
                    _ => (format!("hidden.{key}"), 0),
                };
                let with = counts.iter().copied().filter(|&count| count > least as f64).collect();
                self.when.push((LAYERS.to_owned(), with));
                let node = self.value(field, &path);
                self.when.pop();
                fields.push((key.to_owned(), node?));
            }
            layers.push(Node::Table(fields));
        }
        Ok(Node::Layers(number, layers))
    }
}

/// Up to here every whole number is one of double precision.
pub(super) const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;
/// More are a typing error, or a range.
pub(super) const MOST_CHOICES: usize = 1000;
/// Tables whose keys are names of the user's table, which may well be `low` and `high`.
const OF_NAMES: [&str; 2] = ["data.types", "data.class_weight"];
/// How many layers there are.
pub(super) const LAYERS: &str = "hidden.layers";
const COUNT: &str = "`layers` must be a whole number from 0 to 100, or a range of such";

/// This setting decides how a network is judged, so trials in which it differs could not be compared.
fn decides_judging(name: &str) -> bool {
    let of_data = ["data.file", "data.target", "data.task", "data.weight"];
    of_data.iter().any(|of| name.starts_with(of))
        || (name.starts_with("validation.") && name != "validation.patience")
}

/// A number, and whether it is a whole one.
fn number(value: &DeValue<'_>) -> Option<(f64, bool)> {
    match value {
        DeValue::Integer(text) => {
            i64::from_str_radix(text.as_str(), text.radix()).ok().map(|number| (number as f64, true))
        }
        DeValue::Float(text) => {
            text.as_str().parse().ok().filter(|n: &f64| n.is_finite()).map(|n| (n, false))
        }
        _ => None,
    }
}

/// What a choice is called.
fn label(value: &Value<'_>) -> Label {
    match (value.get_ref(), number(value.get_ref())) {
        (_, Some((number, true))) => Label::Integer(number as i64),
        (_, Some((number, false))) => Label::Float(number),
        (DeValue::Boolean(value), _) => Label::Bool(*value),
        (DeValue::String(text), _) => Label::Text(text.to_string()),
        (DeValue::Table(table), _) if table.len() == 1 && has_ranges(value.get_ref()) => {
            Label::Text(table.keys().map(|key| key.get_ref().to_string()).collect())
        }
        _ => Label::Text(written(value.get_ref())),
    }
}

fn has_ranges(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(table) => {
            ["low", "high", "choices"].iter().any(|key| table.contains_key(*key))
                || table.values().any(|value| has_ranges(value.get_ref()))
        }
        DeValue::Array(array) => array.iter().any(|value| has_ranges(value.get_ref())),
        _ => false,
    }
}

/// As it stands in a recipe.
fn written(value: &DeValue<'_>) -> String {
    let join = |parts: Vec<String>| parts.join(", ");
    match value {
        DeValue::Table(table) => {
            let field = |(key, value): (&Spanned<_>, &Value<'_>)| {
                format!("{} = {}", key.get_ref(), written(value.get_ref()))
            };
            format!("{{ {} }}", join(table.iter().map(field).collect()))
        }
        DeValue::Array(array) => {
            format!("[{}]", join(array.iter().map(|value| written(value.get_ref())).collect()))
        }
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => value.to_string(),
    }
}
