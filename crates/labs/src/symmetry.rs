//! Units that never become different: what zeros do to a network, read off its parameters.

use nablab_engine::Activation;
use nablab_engine::signals::symmetric_units;
use nablab_report::Lang;

use crate::settings::activation;
use crate::variant::{Run, Variant};

/// What keeps a network from learning where its units are alike; nothing where they are not.
pub(crate) fn statement(variant: &Variant, run: &Run, lang: Lang) -> Option<String> {
    if run.squared_weights() == 0.0 { Some(zeros(variant, run, lang)) } else { copies(run, lang) }
}

/// All weights are still 0: why, and which parameters have moved at all.
fn zeros(variant: &Variant, run: &Run, lang: Lang) -> String {
    let slots = run.network.layout().slots();
    let moved = slots.iter().filter(|slot| run.params[slot.range.clone()].iter().any(|&v| v != 0.0));
    let moved: Vec<_> = moved.map(|slot| format!("`{}`", slot.name)).collect();
    let moved = match moved.is_empty() {
        true => {
            lang.choose("None of its parameters has moved.".to_owned(), "没有任何参数发生过变化。".to_owned())
        }
        false => {
            let names = moved.join(lang.choose(" and ", "和"));
            lang.choose(
                format!("Of its parameters only {names} has moved."),
                format!("所有参数中只有 {names} 发生过变化。"),
            )
        }
    };
    let last = variant.recipe.hidden.last().map_or(Activation::Identity, |hidden| hidden.activation);
    let g = activation(last);
    if last == Activation::Sigmoid {
        return lang.choose(
            format!(
                "All its weights are still exactly 0: every unit outputs {g}(0) = 0.5 for every point, and over classes of \
                 equal size the errors cancel to exactly 0, so the gradient of every weight is 0. {moved}"
            ),
            format!(
                "它的所有权重仍恰好为 0：每个单元对每个点的输出都是 {g}(0) = 0.5，而两类样本数相等，误差恰好抵消为 0，\
                 因此所有权重的梯度都是 0。{moved}"
            ),
        );
    }
    lang.choose(
        format!(
            "All its weights are still exactly 0, because each of their gradients is exactly 0. Behind the first layer the gradient \
             of a weight has a factor 0, the output {g}(0) = 0 of the unit before it. The inputs of the first layer are not 0, but no \
             error comes back to it through the next layer's weights of 0, and so the biases of the hidden layers stay as they are, \
             too. {moved} That the units of a layer are copies of each other is a second matter: equal weights that are not 0 would \
             move, and stay copies."
        ),
        format!(
            "它的所有权重仍恰好为 0，因为每个权重的梯度都恰好为 0。第一层之后，权重的梯度含有因子 0，即前一层单元的输出 {g}(0) = 0。\
             第一层的输入不是 0，但误差无法穿过下一层为 0 的权重传回来，所以隐藏层的偏置也不变。{moved}\
             同一层的单元彼此相同，是另一个问题：若权重相等但不为 0，它们会移动，却始终彼此相同。"
        ),
    )
}

/// Units that are copies of each other to the bit, layer by layer.
fn copies(run: &Run, lang: Lang) -> Option<String> {
    let units = run.network.hidden().iter().map(|hidden| hidden.units);
    let counts = symmetric_units(&run.network, &run.params).into_iter().zip(units).enumerate();
    let layer = |(l, (copies, units)): (usize, (usize, usize))| {
        let l = l + 1;
        (copies > 0).then(|| match copies == units {
            true => lang
                .choose(format!("all {units} units of layer {l}"), format!("第 {l} 层的全部 {units} 个单元")),
            false => lang.choose(
                format!("{copies} of the {units} units of layer {l}"),
                format!("第 {l} 层 {units} 个单元中的 {copies} 个"),
            ),
        })
    };
    let layers: Vec<_> = counts.filter_map(layer).collect();
    let layers = layers.join(lang.choose(" and ", "与"));
    (!layers.is_empty()).then(|| {
        lang.choose(
            format!(
                "After training, {layers} are copies of each other to the bit: the weights have moved, but the units \
                 start alike and get the same gradient, so no update rule tells them apart. Such a layer says no \
                 more than a single unit would."
            ),
            format!(
                "训练之后，{layers}彼此逐位相同：权重虽有变化，但这些单元起点相同、梯度相同，任何更新规则都无法将它们区分开\
                 （对称性未被打破）。这样的一层并不比一个单元表达得更多。"
            ),
        )
    })
}
