//! The state machine: a command in, a reply out.

use crate::clinic::{Clinic, Healed};
use crate::compare::Compared;
use crate::plan::too_large;
use crate::running::Running;
use crate::train::trained;
use crate::{Command, Event, Reply, Request, SessionError, Stop, View};

/// Numbers of a reply, of all its views.
const MOST_OF_REPLY: usize = 16_000_000;

/// One training that somebody watches.
#[derive(Default)]
pub struct Session {
    running: Option<Running>,
    clinic: Clinic,
    stop: Stop,
}

impl Session {
    /// One that ends what it has in hand when somebody says so.
    pub fn until(stop: Stop) -> Self {
        Self { stop, ..Self::default() }
    }

    /// Carry out a command, and show something after it. Where the command cannot be carried out, the only event is
    /// [`Event::Refused`], and nothing has changed; where something cannot be shown, that is the last event, and the command is done.
    pub fn answer(&mut self, command: &Command, views: &[View]) -> Reply {
        let mut reply = Reply::default();
        let done = self.carry_out(command, &mut reply).and_then(|()| self.look(views, &mut reply));
        if let Err(error) = done {
            reply.events.push(refused(&error));
        }
        reply
    }

    /// The same of a command in JSON, with its views.
    pub fn answer_json(&mut self, request: &str) -> Reply {
        match Request::from_json(request) {
            Ok(Request { command, views }) => self.answer(&command, &views),
            Err(error) => Reply { events: vec![refused(&error)], numbers: Vec::new() },
        }
    }

    fn running(&mut self) -> Result<&mut Running, SessionError> {
        self.running.as_mut().ok_or(SessionError::NotBegun)
    }

    fn carry_out(&mut self, command: &Command, reply: &mut Reply) -> Result<(), SessionError> {
        if let Some(event) = self.told(command, reply)? {
            reply.events.push(event);
            return Ok(());
        }
        match command {
            Command::Begin { plan } => {
                let running = Running::begin(plan, &self.stop)?;
                running.began(reply);
                self.running = Some(running);
            }
            Command::Step { steps } => self.running()?.live.advance(*steps),
            Command::Epoch => {
                let live = &mut self.running()?.live;
                live.advance(live.steps_of_epoch());
            }
            Command::Seek { step, most } => self.running()?.live.seek(*step, most.unwrap_or(u64::MAX)),
            Command::Set { parameter, value } => self.running()?.set(*parameter, *value)?,
            Command::Change { recipe } => self.running()?.go_on_by(recipe)?,
            _ => return self.running().map(drop),
        }
        self.stop.check()?;
        let at = self.running()?.live.at();
        reply.events.push(Event::At(at));
        Ok(())
    }

    /// The answer to what leaves the training where it stands, or has nothing to do with it.
    fn told(&mut self, command: &Command, reply: &mut Reply) -> Result<Option<Event>, SessionError> {
        let stop = &self.stop.clone();
        Ok(Some(match command {
            Command::Repeat => self.running()?.repeated(),
            Command::FindRate => Event::Rate { rate: self.running()?.found_rate()? },
            Command::Train { plan, variants, steps } => {
                let results = trained(plan, variants, *steps, stop)?;
                Event::Trained { numbers: reply.keep(results.into_iter().flatten()) }
            }
            Command::Compare { first, second } => Event::Compared(Compared::new(first, second)?),
            Command::Patient { seed, difficulty } => {
                Event::Patient(Box::new(self.clinic.case(*seed, *difficulty, stop)?.patient()))
            }
            Command::Reveal { seed, difficulty } => {
                Event::Revealed(self.clinic.case(*seed, *difficulty, stop)?.revealed())
            }
            Command::Treat { seed, difficulty, recipe, trial } => {
                Event::Treated(self.clinic.case(*seed, *difficulty, stop)?.treated(recipe, *trial, stop)?)
            }
            Command::Healed { trials } => Event::Healed(Healed::new(trials)?),
            _ => return Ok(None),
        }))
    }

    fn look(&mut self, views: &[View], reply: &mut Reply) -> Result<(), SessionError> {
        for view in views {
            self.stop.check()?;
            self.running()?.look(view, reply)?;
            too_large("numbers of a reply", MOST_OF_REPLY, reply.numbers.len())?;
        }
        Ok(())
    }
}

fn refused(error: &SessionError) -> Event {
    Event::Refused { message: nablab_data::with_causes(error, &|cause| cause.to_string()) }
}
