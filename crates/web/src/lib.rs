//! A session for a page in the browser: commands and events as JSON, numbers as they lie in memory.

use nablab::engine::Isa;
use nablab::session::{Reply, Session};
use wasm_bindgen::prelude::wasm_bindgen;

/// A session, and its last reply.
#[wasm_bindgen(js_name = Session)]
#[derive(Default)]
pub struct Door {
    session: Session,
    reply: Reply,
}

#[wasm_bindgen(js_class = Session)]
impl Door {
    /// Without a training.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Carry out a command in JSON; the events of its reply, in JSON.
    pub fn answer(&mut self, command: &str) -> String {
        self.reply = self.session.answer_json(command);
        serde_json::to_string(&self.reply.events).expect("events are plain data")
    }

    /// The numbers of the last reply, which its events speak of. It has them no more.
    pub fn numbers(&mut self) -> Vec<f32> {
        std::mem::take(&mut self.reply.numbers)
    }
}

/// What it computes with here: `relaxed-simd128` is the fast one.
#[wasm_bindgen(js_name = instructionSet)]
pub fn instruction_set() -> String {
    Isa::best().to_string()
}
