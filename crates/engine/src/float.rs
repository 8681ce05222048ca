//! Types of numbers, and what of the engine is compiled once for each.
//!
//! A generic function is compiled again in every crate that calls it, with the optimisation of that crate, and a training is
//! large. Methods of a trait that is implemented for `f32` and `f64` are compiled here alone, as
//! [`nablab_kernel::Kernels`] are: a generic method of the same name calls each, and has the words for it.

use std::num::NonZeroUsize;

use crate::signals::{Probe, Signals};
use crate::{
    Divergence, EngineError, Evaluation, MatRef, Network, Observer, Penalty, Recipe, State, Survey, Trained,
    Trainer, YRef,
};

/// Makes methods of generic functions.
macro_rules! compiled {
    ($(fn $name:ident($($arg:ident: $ty:ty),+ $(,)?) -> $out:ty = $function:expr;)+) => {
        /// A type of number that networks are trained in: `f32` or `f64`.
        pub trait Float: nablab_kernel::Float {
            $(#[doc(hidden)] fn $name($($arg: $ty),+) -> $out;)+
        }
        impl Float for f32 {
            $(#[inline(never)] fn $name($($arg: $ty),+) -> $out { $function($($arg),+) })+
        }
        impl Float for f64 {
            $(#[inline(never)] fn $name($($arg: $ty),+) -> $out { $function($($arg),+) })+
        }
    };
}

compiled! {
    fn trainer(
        recipe: &Recipe,
        x: MatRef<'_, Self>,
        y: YRef<'_, Self>,
        weights: &[f64],
    ) -> Result<Trainer<Self>, EngineError> = Trainer::begin;
    fn trainer_with_threads(
        trainer: Trainer<Self>,
        count: NonZeroUsize,
    ) -> Trainer<Self> = Trainer::on_threads;
    fn resume(trainer: &mut Trainer<Self>, state: State<Self>) -> Result<(), EngineError> = Trainer::restart;
    fn run(trainer: &mut Trainer<Self>, observer: &mut (dyn Observer<Self> + Send)) -> Trained<Self> =
        Trainer::run_watched;
    fn epoch(
        trainer: &mut Trainer<Self>,
        observer: &mut (dyn Observer<Self> + Send),
    ) -> Result<(), Divergence> = Trainer::epoch_watched;
    fn steps(
        trainer: &mut Trainer<Self>,
        count: u64,
        observer: &mut (dyn Observer<Self> + Send),
    ) -> Result<u64, Divergence> = Trainer::steps_watched;

    fn cost_and_gradient(trainer: &mut Trainer<Self>, params: &[Self], gradient: &mut [Self]) -> Self =
        Trainer::objective_at;

    fn predict(network: &Network, params: &[Self], x: MatRef<'_, Self>) -> Vec<Self> = Network::predictions;
    fn losses(
        network: &Network,
        params: &[Self],
        x: MatRef<'_, Self>,
        y: YRef<'_, Self>,
    ) -> Vec<f64> = Network::losses_of_examples;
    fn survey(
        trainer: &Trainer<Self>,
        params: &[Self],
        x: MatRef<'_, Self>,
        y: YRef<'_, Self>,
    ) -> Survey<Self> = Trainer::survey_of;
    fn evaluation(
        network: &Network,
        x: MatRef<'_, Self>,
        y: YRef<'_, Self>,
        weights: &[f64],
    ) -> Result<Evaluation<Self>, EngineError> = Evaluation::lay_out;
    fn evaluate(evaluation: &mut Evaluation<Self>, network: &Network, params: &[Self]) -> f64 = Evaluation::pass;
    fn probe(
        network: &Network,
        x: MatRef<'_, Self>,
        y: YRef<'_, Self>,
        weights: &[f64],
        initial: &[Self],
    ) -> Result<Probe<Self>, EngineError> = Probe::lay_out;
    fn measure(probe: &mut Probe<Self>, params: &[Self], penalty: &Penalty, penalty_examples: f64) -> Signals = Probe::signals;
}
