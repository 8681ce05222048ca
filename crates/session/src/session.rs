//! The state machine: a command in, a reply out.

use crate::clinic::{Case, Healed};
use crate::compare::Compared;
use crate::running::Running;
use crate::train::trained;
use crate::{Command, Event, Reply, Request, SessionError, Stop, View};

/// One training that somebody watches.
#[derive(Default)]
pub struct Session {
    running: Option<Running>,
    stop: Stop,
}

impl Session {
    /// One that ends what it has in hand when somebody says so.
    pub fn until(stop: Stop) -> Self {
        Self { running: None, stop }
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
            Command::Look => {
                self.running()?;
                return Ok(());
            }
            Command::Repeat => {
                let repeated = self.running()?.repeated();
                reply.events.push(repeated);
                return Ok(());
            }
            Command::Train { plan, variants, steps } => {
                let results = trained(plan, variants, *steps, &self.stop)?;
                let numbers = reply.keep(results.into_iter().flatten());
                reply.events.push(Event::Trained { numbers });
                return Ok(());
            }
            Command::FindRate => {
                let rate = self.running()?.found_rate()?;
                reply.events.push(Event::Rate { rate });
                return Ok(());
            }
            Command::Patient { seed, difficulty } => {
                let patient = Case::new(*seed, *difficulty)?.patient();
                reply.events.push(Event::Patient(Box::new(patient)));
                return Ok(());
            }
            Command::Reveal { seed, difficulty } => {
                let revealed = Case::new(*seed, *difficulty)?.revealed();
                reply.events.push(Event::Revealed(revealed));
                return Ok(());
            }
            Command::Treat { seed, difficulty, recipe, trial } => {
                let treated = Case::new(*seed, *difficulty)?.treated(recipe, u64::from(*trial))?;
                reply.events.push(Event::Treated(treated));
                return Ok(());
            }
            Command::Healed { trials } => {
                reply.events.push(Event::Healed(Healed::new(trials)?));
                return Ok(());
            }
            Command::Compare { first, second } => {
                reply.events.push(Event::Compared(Compared::new(first, second)?));
                return Ok(());
            }
        }
        self.stop.check()?;
        let at = self.running()?.live.at();
        reply.events.push(Event::At(at));
        Ok(())
    }

    fn look(&mut self, views: &[View], reply: &mut Reply) -> Result<(), SessionError> {
        views.iter().try_for_each(|view| self.running()?.look(view, reply))
    }
}

fn refused(error: &SessionError) -> Event {
    Event::Refused { message: nablab_data::with_causes(error, &|cause| cause.to_string()) }
}
