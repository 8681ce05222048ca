//! Dropout's masks, as the course draws them: where a uniform number is below the keep probability.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::rng::NumpyRng;

use super::Text;
use super::formulas::{Formulas, Listed, Quantity, Slip, mistakes};
use super::judgement::{Judged, Judgement};
use super::task::Computed;
use crate::by_hand::Matrix;

mistakes! {
    /// rand > keep.
    Inverted "mask-inverted" "D{n}"
        "the mask is inverted: it is 1 where the random number is below the keep probability"
        "掩码反了：随机数小于保留概率处应为 1";
    /// rand < 1 − keep.
    RateForKeep "rate-for-keep" "D{n}"
        "the random number is compared with 1 − keep, the share that is dropped; it is to be compared with keep"
        "随机数与 1 − keep（丢弃的比例）比较了；应与保留概率比较";
    /// rand.
    NotCompared "mask-not-compared" "D{n}"
        "it is the random numbers themselves; a mask is where they are below the keep probability"
        "只是随机数本身；掩码应为随机数是否小于保留概率";
    /// randn < keep.
    Normal "mask-of-normal-numbers" "D{n}"
        "it is drawn with randn; rand gives numbers from 0 to 1, of which the share keep is below keep"
        "用了 randn；rand 给出 0 到 1 的数，其中小于 keep 的比例才是 keep";
    /// The generator seeded before each mask.
    SeededAgain "seeded-again" "D{n}"
        "it begins with the same random numbers as the mask before: the generator is seeded once, before the first mask"
        "与前一个掩码用了同样的随机数：只在第一个掩码之前设一次种子";
}

/// The course's seed.
const SEED: u32 = 1;

/// Masks of two layers of so many units, on m examples.
pub(super) struct Masks {
    pub(super) units: [usize; 2],
    pub(super) m: usize,
    pub(super) keep: f64,
}

impl Masks {
    /// What the course draws: D1, then D2.
    pub(super) fn as_in_the_course(&self) -> [Matrix; 2] {
        self.drawn(&[])
    }

    fn drawn(&self, made: &[(Mistake, usize)]) -> [Matrix; 2] {
        let is_normal = made.iter().any(|(mistake, _)| *mistake == Mistake::Normal);
        let mut rng = NumpyRng::new(SEED);
        std::array::from_fn(|l| {
            let has = |mistake: Mistake| made.contains(&(mistake, l + 1));
            if has(Mistake::SeededAgain) {
                rng = NumpyRng::new(SEED);
            }
            let limit = if has(Mistake::RateForKeep) { 1.0 - self.keep } else { self.keep };
            let mut entry = || {
                let number = if is_normal { rng.gaussian() } else { rng.uniform() };
                match () {
                    () if has(Mistake::NotCompared) => number,
                    () => f64::from(u8::from((number < limit) != has(Mistake::Inverted))),
                }
            };
            let entries: Vec<f64> = (0..self.units[l] * self.m).map(|_| entry()).collect();
            Matrix::new(self.units[l], self.m, entries)
        })
    }
}

/// The masks as formulas.
struct Drawn<'a> {
    masks: &'a Masks,
    places: Vec<(Mistake, usize)>,
}

impl<'a> Drawn<'a> {
    fn new(masks: &'a Masks) -> Self {
        let layers = |mistake: Mistake| match mistake {
            Mistake::SeededAgain => 2..3,
            Mistake::Normal => 1..2,
            _ => 1..3,
        };
        let all = Mistake::ALL.iter().copied();
        Self { masks, places: all.flat_map(|mistake| layers(mistake).map(move |n| (mistake, n))).collect() }
    }
}

impl Formulas for Drawn<'_> {
    fn quantities(&self) -> Vec<Quantity> {
        ["D1", "D2"].map(Quantity::required).into()
    }

    fn slips(&self) -> Vec<Slip> {
        self.places.iter().map(|&(mistake, n)| mistake.slip(n)).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let made: Vec<(Mistake, usize)> = made.iter().map(|&i| self.places[i]).collect();
        self.masks.drawn(&made).into()
    }

    fn where_to_begin(&self, _: &[Option<bool>]) -> Text {
        Text::new(
            "a mask is np.random.rand of the shape of A, compared with the keep probability",
            "掩码是按 A 的形状用 np.random.rand 抽取、再与保留概率比较的结果",
        )
    }
}

impl Computed for Masks {
    fn formulas(&self) -> Box<dyn Formulas + '_> {
        Box::new(Drawn::new(self))
    }

    fn given(&self) -> Vec<NamedArray> {
        vec![NamedArray::new("keep", [], [self.keep])]
    }

    /// Zeros and ones of about the right share that are other draws.
    fn allow(&self, handed: &[NamedArray], judged: Judgement) -> Judgement {
        let is_draw = |array: &NamedArray| {
            let (count, ones) = (array.values.len() as f64, array.values.iter().sum::<f64>());
            let deviation = (count * self.keep * (1.0 - self.keep)).sqrt();
            array.values.iter().all(|value| [0.0, 1.0].contains(value))
                && (ones - count * self.keep).abs() <= 4.0 * deviation
        };
        if judged.right || !judged.ways.is_empty() || !handed.iter().all(is_draw) {
            return judged;
        }
        let right = |part| Judged { right: true, worst: None, looks_like: Vec::new(), ..part };
        let parts = judged.parts.into_iter().map(right).collect();
        let note = Text::new(
            format!(
                "the masks are other draws than those of np.random.seed({SEED}) and np.random.rand, D1 first"
            ),
            format!("掩码与 np.random.seed({SEED}) 之后先 D1 后 D2 用 np.random.rand 抽取的不同"),
        );
        Judgement { right: true, exact: false, parts, notes: vec![note], ..judged }
    }
}
