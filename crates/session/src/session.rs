//! The state machine: a command in, a reply out.

use nablab_data::prepare::Target;
use nablab_engine::{Activation, Hidden, in_precision};
use nablab_tables::{Settings, Tables};

use crate::grid::Plane;
use crate::live::{Described, Live, Training};
use crate::{Began, Change, Command, Event, Layer, Plan, Reply, SessionError, View};

/// One training that somebody watches.
#[derive(Default)]
pub struct Session(Option<Running>);

struct Running {
    plan: Plan,
    settings: Settings,
    plane: Option<Plane>,
    live: Box<dyn Live + Send>,
}

impl Session {
    /// Carry out a command. Where that cannot be, the only event is [`Event::Refused`], and nothing has changed.
    pub fn answer(&mut self, command: &Command) -> Reply {
        self.carried_out(command).unwrap_or_else(|error| refused(&error))
    }

    /// The same of a command in JSON.
    pub fn answer_json(&mut self, command: &str) -> Reply {
        match Command::from_json(command) {
            Ok(command) => self.answer(&command),
            Err(error) => refused(&error),
        }
    }

    fn carried_out(&mut self, command: &Command) -> Result<Reply, SessionError> {
        let mut reply = Reply::default();
        if let Command::Begin { plan } = command {
            let running = self.0.insert(Running::begin(plan)?);
            running.began(&mut reply);
            running.at(&mut reply);
            return Ok(reply);
        }
        let running = self.0.as_mut().ok_or(SessionError::NotBegun)?;
        match command {
            Command::Begin { .. } => {}
            Command::Step { steps } => running.live.advance(*steps),
            Command::Epoch => running.live.advance(running.live.steps_of_epoch()),
            Command::Seek { step } => running.live.seek(*step),
            Command::Set { parameter, value } => running.change(Some((*parameter, *value)), None)?,
            Command::Change { recipe } => running.change(None, Some(recipe.clone()))?,
            Command::Look { views } => {
                for view in views {
                    running.look(view, &mut reply)?;
                }
                return Ok(reply);
            }
            Command::Repeat => {
                reply.events.push(Event::Repeat {
                    plan: running.plan.clone(),
                    recipe: running.settings.to_toml(),
                    commands: running.plan.commands(),
                });
                return Ok(reply);
            }
        }
        running.at(&mut reply);
        Ok(reply)
    }
}

impl Running {
    /// From the start of the plan to the instant of its last change.
    fn begin(plan: &Plan) -> Result<Self, SessionError> {
        let settings = plan.settings(&plan.recipe)?;
        let tables = Tables::from(plan.table(&settings)?);
        let live: Box<dyn Live + Send> = in_precision!(settings.training.precision, F => {
            Box::new(Training::<F>::new(&settings, &tables)?)
        });
        let plane = Plane::new(&tables.table, live.described().inputs);
        let mut running = Self { plan: Plan { changes: Vec::new(), ..plan.clone() }, settings, plane, live };
        for change in &plan.changes {
            running.live.seek(change.step);
            running.change(change.set, change.recipe.clone())?;
        }
        Ok(running)
    }

    /// Change it here; what was after this instant is forgotten.
    fn change(
        &mut self,
        set: Option<(usize, f64)>,
        recipe: Option<serde_json::Value>,
    ) -> Result<(), SessionError> {
        let settings = recipe.as_ref().map(|recipe| self.plan.settings(recipe)).transpose()?;
        let change = Change { step: self.live.step(), set, recipe };
        self.live.change(&change, settings.as_ref())?;
        self.plan.changes.retain(|earlier| earlier.step <= change.step);
        self.plan.changes.push(change);
        if let Some(settings) = settings {
            self.settings = settings;
        }
        Ok(())
    }

    fn at(&mut self, reply: &mut Reply) {
        reply.events.push(Event::At(self.live.at()));
    }

    fn began(&self, reply: &mut Reply) {
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
    fn look(&self, view: &View, reply: &mut Reply) -> Result<(), SessionError> {
        let event = match (view, &self.plane) {
            (View::Boundary { .. } | View::Units { .. }, None) => return Ok(()),
            (&View::Boundary { cells }, Some(plane)) => {
                Event::Boundary { cells, numbers: reply.keep(self.live.boundary(plane, cells)?) }
            }
            (&View::Units { cells }, Some(plane)) => {
                Event::Units { cells, numbers: reply.keep(self.live.units(plane, cells)?) }
            }
            (View::Parameters, _) => Event::Parameters { numbers: reply.keep(self.live.parameters()) },
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

fn refused(error: &SessionError) -> Reply {
    let message = nablab_data::with_causes(error, &|cause| cause.to_string());
    Reply { events: vec![Event::Refused { message }], numbers: Vec::new() }
}
