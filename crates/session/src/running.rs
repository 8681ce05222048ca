//! A training that has begun, with the plan it follows.

use std::num::NonZeroUsize;

use nablab_data::prepare::Target;
use nablab_engine::{Activation, Hidden, in_precision};
use nablab_tables::{Prepared, Settings, Tables};
use serde_json::Value;

use crate::diagnosis::Diagnosed;
use crate::gradient_check::GradientCheck;
use crate::grid::Plane;
use crate::live::{Described, Kept, Live, Training};
use crate::unit::Unit;
use crate::{Began, Change, Event, Layer, Plan, Reply, SessionError, Stop, View};

/// A training that has begun.
pub(crate) struct Running {
    plan: Plan,
    settings: Settings,
    plane: Option<Plane>,
    pub(crate) live: Box<dyn Live + Send>,
}

impl Running {
    /// From the start of the plan to the instant of its last change.
    pub(crate) fn begin(plan: &Plan, stop: &Stop) -> Result<Self, SessionError> {
        let settings = plan.settings(&plan.recipe)?;
        let tables = Tables::from(plan.table(&settings)?);
        let live: Box<dyn Live + Send> = in_precision!(settings.training.precision, F => {
            let prepared = Prepared::new(&settings, &tables, NonZeroUsize::MIN)?;
            Box::new(Training::<F>::new(prepared, &settings, Kept::Way, stop)?)
        });
        let plane = Plane::new(&tables.table, live.described().inputs);
        let mut running = Self { plan: Plan { changes: Vec::new(), ..plan.clone() }, settings, plane, live };
        for change in &plan.changes {
            running.live.seek(change.step, u64::MAX);
            stop.check()?;
            running.change(change.clone())?;
        }
        Ok(running)
    }

    /// Set a parameter by hand.
    pub(crate) fn set(&mut self, parameter: usize, value: f64) -> Result<(), SessionError> {
        self.change(Change { step: self.live.step(), set: Some((parameter, value)), recipe: None })
    }

    /// Go on by another recipe.
    pub(crate) fn go_on_by(&mut self, recipe: &Value) -> Result<(), SessionError> {
        self.change(Change { step: self.live.step(), set: None, recipe: Some(recipe.clone()) })
    }

    /// Change it here; what was after this instant is forgotten.
    fn change(&mut self, change: Change) -> Result<(), SessionError> {
        let settings = change.recipe.as_ref().map(|recipe| self.plan.settings(recipe)).transpose()?;
        self.live.change(&change, settings.as_ref())?;
        let changes = &mut self.plan.changes;
        changes.retain(|earlier| earlier.step <= change.step);
        // A weight that is dragged is set many times; the last one counts.
        let place = |change: &Change| (change.step, change.set.map(|(parameter, _)| parameter));
        if change.set.is_some() && changes.last().is_some_and(|last| place(last) == place(&change)) {
            changes.pop();
        }
        changes.push(change);
        if let Some(settings) = settings {
            self.settings = settings;
        }
        Ok(())
    }

    /// A learning rate that a range test finds.
    pub(crate) fn found_rate(&self) -> Result<f64, SessionError> {
        let settings = self.live.settings();
        let tables = Tables::from(self.plan.table(settings)?);
        Ok(settings.range_test(&tables, &())?.suggestion)
    }

    /// How to make it again.
    pub(crate) fn repeated(&self) -> Event {
        let (plan, recipe) = (self.plan.clone(), self.settings.to_toml());
        Event::Repeat { commands: plan.commands(), plan, recipe }
    }

    /// What a page has to know of it.
    pub(crate) fn began(&self, reply: &mut Reply) {
        let Described { inputs, target, recipe, layout, rows, batches } = self.live.described();
        let output = match target {
            Target::Numbers { .. } => Activation::Identity,
            _ => Activation::Sigmoid,
        };
        let layer = |hidden: &Hidden| Layer {
            units: hidden.units,
            activation: hidden.activation,
            dropout: hidden.dropout,
            batch_norm: hidden.batch_norm,
        };
        let output = Hidden { units: target.outputs(), activation: output, dropout: 0.0, batch_norm: false };
        let count = [rows[0].len(), rows[1].len()];
        let points = self.plane.as_ref().map(|plane| {
            let point = |&(row, target): &(usize, f64)| {
                let [x, y] = plane.points[row];
                [x as f32, y as f32, target as f32]
            };
            reply.keep(rows.iter().flatten().flat_map(point))
        });
        let place = |slots: &[nablab_engine::Slot]| {
            let start = |at: usize| slots.get(at).map_or(0, |slot| slot.range.start);
            [start(0), start(1)]
        };
        reply.events.push(Event::Began(Box::new(Began {
            features: inputs.names(),
            layers: recipe.hidden.iter().chain([&output]).map(layer).collect(),
            parameters: layout.len(),
            targets: match target {
                Target::Classes { levels, .. } => levels.clone(),
                target => target.names().to_vec(),
            },
            is_classification: !matches!(target, Target::Numbers { .. }),
            rows: count,
            steps: [batches, batches.saturating_mul(recipe.epochs)],
            plane: self.plane.as_ref().map(|plane| plane.edges),
            points,
            places: layout.by_layer().map(place).collect(),
        })));
    }

    /// Show something. Without a plane there are no maps, and no event for them.
    pub(crate) fn look(&mut self, view: &View, reply: &mut Reply) -> Result<(), SessionError> {
        let event = match (view, &self.plane) {
            (View::Boundary { .. } | View::Units { .. }, None) => return Ok(()),
            (&View::Boundary { cells }, Some(plane)) => {
                Event::Boundary { cells, numbers: reply.keep(self.live.boundary(plane, cells)?) }
            }
            (&View::Units { cells }, Some(plane)) => {
                Event::Units { cells, numbers: reply.keep(self.live.units(plane, cells)?) }
            }
            (&View::Diagnosis { language }, _) => {
                let evidence = self.live.evidence();
                Event::Diagnosis(Box::new(Diagnosed::new(&evidence, self.live.settings(), language.into())))
            }
            (View::Parameters, _) => Event::Parameters { numbers: reply.keep(self.live.parameters()) },
            (View::Predictions, _) => Event::Predictions { numbers: reply.keep(self.live.predictions()) },
            (&View::Unit { layer, unit, example }, _) => {
                Event::Unit(Box::new(Unit::new(&self.live.followed()?, layer, unit, example)?))
            }
            (View::GradientCheck { bugs, language }, _) => {
                let followed = self.live.followed()?;
                Event::GradientCheck(Box::new(GradientCheck::new(&followed, bugs, (*language).into())?))
            }
            (&View::Curve { from }, _) => {
                let points = self.live.curve(from).iter();
                let numbers = points.flat_map(|point| {
                    let ([train, train_share], [held_out, held_out_share]) = (point.train, point.held_out);
                    [point.step as f64, train, train_share, held_out, held_out_share]
                });
                Event::Curve { numbers: reply.keep(numbers.map(|number| number as f32)) }
            }
        };
        reply.events.push(event);
        Ok(())
    }
}
