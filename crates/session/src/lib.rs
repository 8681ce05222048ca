//! One training that somebody watches: commands in, events out, all plain data.
//!
//! ```text
//! Command ──► Session ──► Reply { events, numbers }
//!               │
//!               Plan (data, recipe, changes on the way) ── Live (the engine's trainer, checkpoints, curves)
//! ```
//!
//! A session knows no transport: a page speaks to it in its own process by WebAssembly, or over a socket. It reads no clock and no
//! file. Whoever sends the same commands gets the same events, to the bit, wherever it runs.
//!
//! ```
//! use nablab_session::{Command, Event, Session};
//! let mut session = Session::default();
//! let begin = r#"{"do": "begin", "plan": {
//!     "data": {"source": "moons", "samples": 100, "noise": 0.2, "seed": 3},
//!     "recipe": {"hidden": [{"units": 4}], "epochs": 50, "batch_size": 16, "learning_rate": 0.05}
//! }}"#;
//! session.answer_json(begin);
//! let reply = session.answer(&Command::Step { steps: 7 }, &[]);
//! let Event::At(at) = &reply.events[0] else { panic!() };
//! assert_eq!((at.step, at.epoch, at.batch), (7, 1, 1)); // six batches of up to 16 are an epoch of 90 rows
//! ```
#![forbid(unsafe_code)]

mod advice;
mod by_hand;
mod change;
mod checkpoints;
mod clinic;
mod command;
mod compare;
mod curve;
mod diagnosis;
mod error;
mod event;
mod gradient_check;
mod grid;
mod live;
mod observed;
mod outputs;
mod plan;
mod running;
mod session;
mod stop;
mod train;
mod unit;

pub use clinic::{Difficulty, Healed, Patient, Planted, Revealed, Treated, Within};
pub use command::{Command, Language, Request, View};
pub use compare::Compared;
pub use diagnosis::{Advised, AllClear, Diagnosed, Found, Question};
pub use error::SessionError;
pub use event::{At, Began, Ended, Event, Layer, Numbers, Reply};
pub use gradient_check::{Bug, GradientCheck, Plantable};
pub use plan::{Change, Plan, Source};
pub use session::Session;
pub use stop::Stop;
pub use unit::{Back, Incoming, Kept, Parameter, Unit};
