//! The course's small test cases of this lab: one step of each rule, and the cut into mini-batches.

use nablab_engine::batches::Batches;
use nablab_engine::optim::{Adam, AdamForm, Momentum, apply};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Layout, MatRef, Role, Seed, Tiles};
use nablab_report::{Block, Cell, Lang, Table};

use crate::record::Item;

pub(crate) const RATE: f64 = 0.01;
pub(crate) const BETA1: f64 = 0.9;
pub(crate) const BETA2: f64 = 0.999;
pub(crate) const EPSILON: f64 = 1e-8;

/// W1 (2, 3), b1, W2 (3, 3), b2: shapes of a test, not of a network.
pub(crate) fn layout() -> Layout {
    Layout::new([
        ("W1".into(), Role::Weight, 2, 3),
        ("b1".into(), Role::Bias, 2, 1),
        ("W2".into(), Role::Weight, 3, 3),
        ("b2".into(), Role::Bias, 3, 1),
    ])
}

/// Parameters and gradients, all Gaussian, from seed 1.
pub(crate) fn inputs(layout: &Layout) -> (Vec<f64>, Vec<f64>) {
    let mut rng = NumpyRng::new(1);
    let mut draw = || (0..layout.len()).map(|_| rng.gaussian()).collect();
    (draw(), draw())
}

/// `optimization.1`
pub(super) fn gradient_descent(lang: Lang) -> Item {
    let title = lang.choose("Gradient descent: one step", "梯度下降：一步更新");
    let mut item = Item::new("optimization.1", title, true);
    let layout = layout();
    let (mut params, grads) = inputs(&layout);
    apply(&mut params, &grads, RATE);
    item.paragraph(lang.choose("W ← W − α dW, with α = 0.01.", "更新公式：W ← W − α dW，α = 0.01。"));
    item.parameters(lang.choose("After the step", "更新之后"), "", &layout, &params);
    item
}

/// `optimization.2`
pub(super) fn momentum_start(lang: Lang) -> Item {
    let title = lang.choose("Mini-batches, and momentum's start", "小批量划分与动量的初始值");
    let mut item = Item::new("optimization.2", title, true);
    let (features, examples) = (12288, 148);
    let mut rng = NumpyRng::new(1);
    let mut draw = |n: usize| (0..n).map(|_| rng.gaussian()).collect::<Vec<_>>();
    let (x, y) = (draw(features * examples), draw(examples));
    let y: Vec<f64> = y.iter().map(|&y| if y < 0.5 { 1.0 } else { 0.0 }).collect();
    let (x, y) = (MatRef::new(&x, features, examples), MatRef::new(&y, 1, examples));
    let mut batches = Batches::new(x, y, Some(64), Seed::Course { weights: 0, dropout: 0, shuffle: 0 });
    batches.start_epoch(0);
    item.paragraph(lang.choose(
        "148 examples are shuffled (seed 0) and cut into batches of 64; the last one holds the rest.",
        "148 个样本打乱（种子 0）后按 64 个一批划分；最后一批是剩余的样本。",
    ));
    let mut rows = Vec::new();
    for k in 0..batches.count() {
        let shape = |tiles: Tiles<f64>| format!("({}, {})", tiles.view().rows(), tiles.view().m());
        let [shape_x, shape_y] = batches.batch(k).to_tiles().map(shape);
        item.text(&format!("shape.X[{k}]"), &shape_x);
        item.text(&format!("shape.Y[{k}]"), &shape_y);
        rows.push(vec![Cell::Number(k as f64, 3), Cell::text(shape_x), Cell::text(shape_y)]);
    }
    let [first, _] = batches.batch(0).to_tiles();
    (0..3).for_each(|j| item.number(&format!("first_row[{j}]"), first.view().at(0, j)));
    let columns = lang.choose(["Batch", "Shape of X", "Shape of Y"], ["批次", "X 的形状", "Y 的形状"]);
    item.blocks.push(Block::Table(Table {
        caption: String::new(),
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    }));

    let layout = layout();
    let rule = Momentum::<f64>::new(layout.len(), BETA1, false);
    item.paragraph(
        lang.choose("Momentum starts with a velocity of 0: v = 0.", "动量的初始速度为 0：v = 0。"),
    );
    item.parameters(lang.choose("Velocities", "速度"), "v.d", &layout, rule.velocity());
    item
}

/// `optimization.3`
pub(super) fn momentum(lang: Lang) -> Item {
    let title = lang.choose("Momentum: one step", "动量法：一步更新");
    let mut item = Item::new("optimization.3", title, true);
    let layout = layout();
    let (mut params, mut direction) = inputs(&layout);
    let mut rule = Momentum::new(layout.len(), BETA1, false);
    rule.update(&mut direction);
    apply(&mut params, &direction, RATE);
    item.paragraph(lang.choose(
        "v ← β v + (1 − β) dW, then W ← W − α v, with β = 0.9 and α = 0.01.",
        "v ← β v + (1 − β) dW，然后 W ← W − α v，β = 0.9，α = 0.01。",
    ));
    item.parameters(lang.choose("After the step", "更新之后"), "", &layout, &params);
    item.parameters(lang.choose("Velocities", "速度"), "v.d", &layout, rule.velocity());
    item
}

/// `optimization.4`
pub(super) fn adam_start(lang: Lang) -> Item {
    let title = lang.choose("Adam: start", "Adam：初始值");
    let mut item = Item::new("optimization.4", title, true);
    let layout = layout();
    let rule = Adam::<f64>::new(layout.len(), BETA1, BETA2, EPSILON);
    item.paragraph(lang.choose(
        "Both moments, v of the gradients and s of their squares, start at 0.",
        "两个矩——梯度的 v 与梯度平方的 s——都从 0 开始。",
    ));
    item.parameters("v", "v.d", &layout, rule.first_moment());
    item.parameters("s", "s.d", &layout, rule.second_moment());
    item
}

/// `optimization.5`
pub(super) fn adam(lang: Lang) -> Item {
    let title = lang.choose("Adam: one step", "Adam：一步更新");
    let mut item = Item::new("optimization.5", title, true);
    let layout = layout();
    item.paragraph(lang.choose(
        "v and s as above, corrected for their start at 0 at step t = 2: W ← W − α v̂ / (√ŝ + ε), with α = 0.01, \
         β₁ = 0.9, β₂ = 0.999, ε = 1e-8.",
        "v 与 s 如上，并在 t = 2 时做偏差修正：W ← W − α v̂ / (√ŝ + ε)，α = 0.01，β₁ = 0.9，β₂ = 0.999，ε = 1e-8。",
    ));
    let forms = [
        (AdamForm::Standard, "", lang.choose("After the step, √ŝ + ε", "更新之后，√ŝ + ε")),
        (AdamForm::EpsilonInside, "eps_inside.", lang.choose("With √(ŝ + ε)", "用 √(ŝ + ε)")),
        (
            AdamForm::Uncorrected,
            "uncorrected_s.",
            lang.choose("With √(s + ε), s not corrected", "用 √(s + ε)，s 未做偏差修正"),
        ),
    ];
    for (form, prefix, caption) in forms {
        let (mut params, mut direction) = inputs(&layout);
        let mut rule = Adam::new(layout.len(), BETA1, BETA2, EPSILON).with_form(form).after(1);
        rule.update(&layout, &params, &mut direction);
        apply(&mut params, &direction, RATE);
        item.parameters(caption, prefix, &layout, &params);
        if form == AdamForm::Standard {
            item.parameters("v", "v.d", &layout, rule.first_moment());
            item.parameters("s", "s.d", &layout, rule.second_moment());
        }
    }
    item.note(
        lang.choose("Three Adams", "三种 Adam"),
        lang.choose(
            "Published notebooks hold three denominators. The formula in the course's text, in the paper and in \
             every library is √ŝ + ε. The course's own expected output of this step was made with √(ŝ + ε): it \
             differs in the 7th decimal of one weight. Some widely copied notebooks leave s uncorrected: their first \
             steps are many times too long, and their tables of the training differ. All three are compared here.",
            "公开的笔记本中有三种分母。课程正文、论文和各个库中的公式是 √ŝ + ε。课程给出的这一步的“期望输出”却用了 \
             √(ŝ + ε)：有一个权重在第 7 位小数上不同。一些被广泛复制的笔记本没有对 s 做偏差修正：最初几步比应有的大很多倍，\
             训练得到的代价表也不同。这里三种都做了比较。",
        ),
    );
    item
}
