//! The gradient: what is handed in of a backward pass.

use super::Text;
use super::formulas::{Convention, Formulas, Quantity, Slip};
use crate::by_hand::{Cache, LayerGradient, Matrix, Mistake, Planted, Problem, backward};

/// The backward pass of a problem.
pub(super) struct Gradient<'a> {
    problem: &'a Problem,
    cache: Cache,
    planted: Vec<Planted>,
    /// How the formulas are written where nothing is wrong.
    always: Vec<Planted>,
    /// A sum over the examples is right, too, and each dA as it is behind the mask.
    or_other: bool,
}

impl<'a> Gradient<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        // A transpose may be handed in of any matrix of any subject, and is tried there.
        let planted = Mistake::places(problem).filter(|planted| planted.mistake != Mistake::Transposed);
        Self {
            problem,
            cache: problem.forward(),
            planted: planted.collect(),
            always: Vec::new(),
            or_other: true,
        }
    }

    /// That of the mean cost, which no sum over the examples is taken for.
    pub(super) fn of_mean(problem: &'a Problem) -> Self {
        Self { or_other: false, ..Self::new(problem) }
    }

    /// The same with relu known by A, as it is behind the mask: the same gradient, until a mask is wrong.
    pub(super) fn by_output(problem: &'a Problem) -> Self {
        let is_dropped = |&l: &usize| problem.layers[l].dropout.is_some();
        let by_output = |layer| Planted { mistake: Mistake::DerivativeAfterMask, layer };
        let always = (0..problem.layers.len()).filter(is_dropped).map(by_output).collect();
        Self { always, ..Self::of_mean(problem) }
    }

    fn layers(&self) -> usize {
        self.problem.layers.len()
    }

    /// What is wrong though what it is computed from is right, from the output back; and whether what else is wrong follows from the last of
    /// it. Where dZ is not handed in, it is taken for wrong if dW and db both are.
    fn first_wrong(&self, right: &[Option<bool>]) -> (Vec<usize>, bool) {
        let layers = self.layers();
        let is_wrong = |k: &usize| right.get(*k).is_some_and(|&right| right == Some(false));
        let mut first = Vec::new();
        for l in (0..layers).rev() {
            let (dw, db, dz, da) = (2 * l, 2 * l + 1, 2 * layers + l, 3 * layers + l);
            let is_dz_wrong = is_wrong(&dz) || (right[dz].is_none() && is_wrong(&dw) && is_wrong(&db));
            let has_da = l + 1 < layers;
            match is_dz_wrong {
                true if has_da && right[da].is_none() => first.extend([da, dz]),
                true if has_da && is_wrong(&da) => first.push(da),
                true => first.push(dz),
                false => first.extend([da].into_iter().filter(|_| has_da).chain([dw, db]).filter(is_wrong)),
            }
            if is_dz_wrong {
                return (first, true);
            }
        }
        (first, false)
    }

    /// dW, db and dZ of each layer, and dA of each but the last, in the order of the quantities.
    fn flat<T>(
        &self,
        dw_db: impl Fn(usize) -> [T; 2],
        dz: impl Fn(usize) -> T,
        da: impl Fn(usize) -> T,
    ) -> Vec<T> {
        let layers = 0..self.layers();
        let parameters = layers.clone().flat_map(dw_db);
        parameters.chain(layers.clone().map(dz)).chain(layers.take(self.layers() - 1).map(da)).collect()
    }
}

impl Formulas for Gradient<'_> {
    fn quantities(&self) -> Vec<Quantity> {
        let of = |name: &'static str| move |l: usize| format!("{name}{}", l + 1);
        self.flat(
            |l| [of("dW")(l), of("db")(l)].map(Quantity::required),
            |l| Quantity::optional(of("dZ")(l)),
            |l| Quantity::optional(of("dA")(l)),
        )
    }

    fn slips(&self) -> Vec<Slip> {
        let slip = |planted: &Planted| Slip {
            key: planted.mistake.key(),
            place: planted.place(),
            what: Text::new(planted.what(nablab_report::Lang::En), planted.what(nablab_report::Lang::Zh)),
        };
        self.planted.iter().map(slip).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let made = made.iter().map(|&i| self.planted[i]);
        let planted: Vec<Planted> = made.chain(self.always.iter().copied()).collect();
        let layers: Vec<LayerGradient> = backward(self.problem, &self.cache, &planted);
        let mut values = self.flat(
            |l| [layers[l].dw.clone(), layers[l].db.clone()],
            |l| layers[l].dz.clone(),
            |l| layers[l].da.clone(),
        );
        values.extend(layers[..self.layers() - 1].iter().map(|layer| layer.da_behind_mask.clone()));
        values
    }

    fn conventions(&self) -> Vec<Convention> {
        let m = self.problem.examples() as f64;
        let sum = Convention {
            said: Text::new(
                "as a sum over the examples: m times the mean",
                "按样本求和的写法：是平均值的 m 倍",
            ),
            factors: self.flat(|_| [m, m], |_| 1.0, |_| 1.0),
        };
        let inside = Convention {
            said: Text::new(
                "with the factor 1/m already in dZ; that of the formulas comes in only with dW and db",
                "因子 1/m 已经包含在 dZ 中；公式里到 dW 和 db 才乘上它",
            ),
            factors: self.flat(|_| [1.0, 1.0], |_| 1.0 / m, |_| 1.0 / m),
        };
        match (m > 1.0, self.or_other) {
            (true, true) => vec![sum, inside],
            (true, false) => vec![inside],
            (false, _) => Vec::new(),
        }
    }

    fn other_form(&self, k: usize) -> Option<usize> {
        let quantities = 4 * self.layers() - 1;
        let l = k.checked_sub(3 * self.layers())?;
        let is_masked = self.or_other && self.problem.layers[l].dropout.is_some();
        is_masked.then_some(quantities + l)
    }

    fn other_form_said(&self, names: &str) -> Text {
        Text::new(
            format!(
                "with {names} as the derivative with respect to A as the next layer gets it, behind the mask: Wᵀ dZ. The formulas take that \
                 with respect to the activation before the mask: Wᵀ dZ ∘ D / keep"
            ),
            format!(
                "{names} 是对传给下一层的 A（乘掩码之后）的导数，即 Wᵀ dZ；公式里的 dA 是对乘掩码之前的激活值的导数，即 Wᵀ dZ ∘ D / keep"
            ),
        )
    }

    fn of_examples(&self) -> Vec<bool> {
        self.flat(|_| [false, false], |_| true, |_| true)
    }

    fn terms(&self) -> Vec<f64> {
        let largest = |matrix: &Matrix| matrix.entries().iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let layers = backward(self.problem, &self.cache, &[]);
        let dz = |l: usize| largest(&layers[l].dz);
        let input = |l: usize| largest(self.problem.input(l, &self.cache));
        self.flat(|l| [dz(l) * input(l), dz(l)], dz, |l| dz(l + 1) * largest(&self.problem.layers[l + 1].w))
    }

    fn examples(&self) -> Option<usize> {
        Some(self.problem.examples())
    }

    fn where_to_begin(&self, right: &[Option<bool>]) -> Text {
        let names: Vec<String> = self.quantities().into_iter().map(|quantity| quantity.name).collect();
        let wrong: Vec<usize> = (0..right.len()).filter(|&k| right[k] == Some(false)).collect();
        if let [only] = wrong[..] {
            let name = &names[only];
            return Text::new(
                format!("only {name} is wrong, all else is right: look at the line that computes {name}"),
                format!("只有 {name} 不对，其余都对：请查计算 {name} 的那一行"),
            );
        }
        let (first, follows) = self.first_wrong(right);
        let first: Vec<&str> = first.iter().map(|&k| &names[k][..]).collect();
        let (rest_en, rest_zh) = match follows {
            true => ("; what is wrong besides follows from there", "；其余的错误由它而来"),
            false => ("", ""),
        };
        let (more_en, more_zh) = match right.contains(&None) && follows {
            true => (
                ". dZ and dA can be handed in, too: then it is seen which formula goes wrong first",
                "。也可以把 dZ 和 dA 一并交上，就能看出最先出错的是哪个公式",
            ),
            false => ("", ""),
        };
        Text::new(
            format!("begin with {}{rest_en}{more_en}", first.join(", ")),
            format!("先查 {}{rest_zh}{more_zh}", first.join("、")),
        )
    }
}
