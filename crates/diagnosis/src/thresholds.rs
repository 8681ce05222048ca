//! Every number that decides whether something is a finding, with its reason. A threshold is named after its finding; those
//! without the name of one serve several. `docs/handbook/diagnosis.md` has a table of what each costs: the sicknesses found
//! and the false findings where it is a quarter as large, half, twice and four times.

/// Defines the numbers once, so that whoever weighs them can go through them by name.
macro_rules! thresholds {
    ($($(#[doc = $reason:literal])+ $name:ident = $value:literal;)+) => {
        /// What decides; the default is what `nablab diagnose` takes.
        ///
        /// ```
        /// use nablab_diagnosis::{Evidence, Thresholds, diagnose_by};
        /// let mut strict = Thresholds::default();
        /// *strict.named("stopped_too_early_fall").unwrap() /= 2.0;
        /// assert!(diagnose_by(&Evidence::default(), &strict).is_empty());
        /// ```
        #[derive(Clone, Debug, PartialEq)]
        pub struct Thresholds {
            $($(#[doc = $reason])+ pub $name: f64,)+
        }

        impl Default for Thresholds {
            fn default() -> Self {
                Self { $($name: $value,)+ }
            }
        }

        impl Thresholds {
            /// Their names.
            pub const NAMES: &[&str] = &[$(stringify!($name),)+];

            /// The one of this name.
            pub fn named(&mut self, name: &str) -> Option<&mut f64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

thresholds! {
    /// The first loss of a network that knows nothing may be so many times the expected one, of classes: He's
    /// initialisation gives up to 3 on standardised features, and up to 5 where one class has nearly all rows.
    initial_loss_of_classes = 6.0;
    /// The same of numbers: He's initialisation gives up to 12.
    initial_loss_of_numbers = 25.0;
    /// Share of examples of which an untrained network may be certain. Of networks started well it is 0.
    saturated_output_share = 0.2;
    /// What a layer multiplies its signals by, at the start: √2 by He, 1 by Xavier and LeCun.
    large_weights_gain = 4.0;
    /// Errors may shrink so much from the last hidden layer to the first.
    vanishing_gradients_in_all = 0.02;
    /// And, on average, from one layer to the one before.
    vanishing_gradients_per_layer = 0.45;
    /// Errors may grow so much from the last hidden layer to the first.
    exploding_gradients_in_all = 50.0;
    /// And, on average, from one layer to the one before.
    exploding_gradients_per_layer = 2.2;
    /// Share of a layer's units that may be dead at the end; networks under a penalty lose some on the way.
    dead_units_share = 0.6;
    /// Share of a layer's units that may be saturated.
    saturated_units_share = 0.5;
    /// The mean loss of the last tenth may lie so much above the lowest tenth's.
    learning_rate_too_high_rise = 1.5;
    /// And above the loss before the first step, or that of a network that knows nothing, so much: it leapt, and has never
    /// come back.
    learning_rate_too_high_above_start = 1.2;
    /// How much a loss may jump from epoch to epoch at the end, as a share of how far it has come down.
    learning_rate_too_high_jumps = 0.15;
    /// And as a share of itself.
    learning_rate_too_high_jumps_of_itself = 0.1;
    /// What is a smaller share of the loss of a network that knows nothing is no rise and no descent.
    least_descent = 0.05;
    /// Weights that have moved by so many times their initial size were thrown, not led.
    learning_rate_too_high_thrown = 4.0;
    /// The last step may change a layer's weights by so much of their size: about 0.001 is usual (Karpathy), and the
    /// healthy trainings of the corpus have up to 0.011.
    learning_rate_too_high_stride = 0.04;
    /// A loss that falls by less over a tenth of the training is falling no more.
    stopped_too_early_fall = 0.03;
    /// Over the last half of the training, by less: it has come to a plateau.
    plateau_change = 0.01;
    /// Of a training that goes on, a loss that has fallen by more over the last half does not crawl.
    under_way_fall = 0.1;
    /// Plain descent with less than this share of 2 / curvature crawls.
    learning_rate_too_low_of_edge = 0.02;
    /// Adam's and RMSProp's steps move a weight by about the rate: if all of them together are a smaller share of the
    /// weights' size, they cannot have got anywhere.
    learning_rate_too_low_moved = 0.5;
    /// Standard errors between the losses of rows learned from and rows held out: less is chance. Of many rows; of few it
    /// takes more, as Student's distribution says.
    overfitting_loss_gap = 2.0;
    /// Or so few right answers on the rows held out are no more probable than this, were they like the rows learned from:
    /// on scikit-learn's wine, 16 of 18 beside 160 of 160 have 0.01 by chance.
    overfitting_chance = 0.005;
    /// Points of accuracy that the network may be better on the rows it learned from.
    overfitting_accuracy_gap = 0.03;
    /// The same of R².
    overfitting_r2_gap = 0.1;
    /// A validation loss that has risen by less has not.
    rising_validation_loss_rise = 0.02;
    /// A loss above this share of that of a constant answer has learned next to nothing.
    no_skill_loss = 0.9;
    /// A network that is right so often has learned something whatever its loss says: a few answers that are certain and
    /// wrong make a mean loss large.
    underfitting_accuracy = 0.75;
    /// The same of R².
    underfitting_r2 = 0.25;
    /// A penalty or dropout is too strong if it is there and the loss stays above this share of a constant answer's.
    too_strong_loss = 0.7;
    /// A step that takes more than so many times a weight's own size off it carries the weight beyond 0 to where it is
    /// larger than before.
    penalty_overshoots_step = 2.0;
    /// A penalty is strong if it pulls a weight so much of its own size a step, times the rate: λ / m.
    penalty_too_strong_pull = 0.025;
    /// The same of AdamW's pull, beside steps whose size is the rate: weights stay below its inverse.
    penalty_too_strong_decay = 2.0;
    /// Such a pull shows: a layer's weights are a smaller share of what they were.
    penalty_too_strong_shrunk = 0.3;
    /// A penalty whose gradient is a smaller share of the whole, in every layer and whenever it was looked at, does nothing.
    penalty_without_effect_share = 0.001;
    /// Share of units whose silence is no longer what one would try first.
    dropout_too_strong_rate = 0.6;
    /// Dropout that silences fewer units of a layer, on average, does nothing.
    dropout_without_effect_units = 0.5;
    /// A loss below this share of a constant answer's has come down, however slowly it goes on.
    come_down = 0.4;
    /// A class whose rows are found in this share only has collapsed.
    class_collapse_recall = 0.02;
    /// While another is found in this share at least.
    class_found = 0.5;
    /// Rows of a class that are needed to say so.
    class_fewest_rows = 5.0;
    /// A class with a smaller part of its even share is rare.
    class_imbalance_rare = 0.3;
    /// And missed if it is found so much less often than the others.
    class_imbalance_missed = 0.25;
    /// Features may be so many times larger than 1.
    unscaled_inputs_size = 30.0;
    /// The area under the ROC curve, or abs(r), beyond which a single feature gives the target away.
    leaking_feature_alone = 0.999;
    /// Where half of the features tell that much, the task is just easy.
    leaking_feature_others = 0.95;
    /// Share of the rows held out that may be copies of rows learned from: small whole numbers repeat.
    shared_rows_share = 0.05;
    /// And so many of them: one or two are chance.
    shared_rows_fewest = 3.0;
    /// Suspect rows at least.
    suspect_labels_fewest = 3.0;
    /// And for each row of which the network is unsure: where classes overlap, unsure rows are many and rows that are
    /// certainly wrong few. Right labels: up to 0.3 (moons with a noise of 0.4); one in twenty wrong: 0.4 to 3.
    suspect_labels_per_unsure = 0.4;
    /// A network that is right less often has no business to suspect labels.
    suspect_labels_accuracy = 0.8;
    /// Noise scale over batch size; beyond it more rows a step are nearly free progress.
    batch_too_small_noise = 100.0;
    /// Half the width of the interval of an accuracy or R², beyond which it tells little.
    validation_too_small_margin = 0.1;
    /// Targets with so many classes that each has fewer rows are numbers.
    unfitting_loss_rows_per_class = 5.0;
}

/// A row is suspect if its label has a smaller part of the probability that is usual of its class, while another class has
/// what is usual of that. Whoever gathers the evidence counts by it.
pub const IMPROBABLE: f64 = 0.25;
/// The network is unsure of other rows whose label has a smaller part of what is usual.
pub const USUAL: f64 = 0.75;
