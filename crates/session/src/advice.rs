//! Advice as a page words it: what a button does.

use nablab_diagnosis::Advice;
use nablab_report::Lang;

/// What an advice says, ready to be done.
pub(crate) fn worded(advice: &Advice, language: Lang) -> String {
    let (en, zh) = match advice {
        Advice::He => ("Start from He's weights".into(), "改用 He 初始化".into()),
        Advice::Xavier => ("Start from Xavier's weights".into(), "改用 Xavier 初始化".into()),
        Advice::Relu => ("Use ReLU, and start from He's weights".into(), "改用 ReLU 和 He 初始化".into()),
        Advice::LeakyRelu(_) => ("Use leaky ReLU".into(), "改用 leaky ReLU".into()),
        Advice::BatchNorm => ("Normalise each hidden layer over the batch".into(), "使用批归一化".into()),
        Advice::FindLearningRate => {
            ("Find a learning rate by a range test".into(), "用范围测试寻找学习率".into())
        }
        Advice::LearningRate(rate) => {
            (format!("Set the learning rate to {rate}"), format!("把学习率设为 {rate}"))
        }
        Advice::Adam(rate) => {
            (format!("Use Adam with a learning rate of {rate}"), format!("改用 Adam，学习率 {rate}"))
        }
        Advice::Cosine => ("Let the learning rate fall as a cosine".into(), "让学习率按余弦下降".into()),
        Advice::ClipNorm(max) => {
            (format!("Clip the gradient to a norm of {max}"), format!("把梯度范数裁剪到 {max}"))
        }
        Advice::L2(strength) => {
            (format!("Set the L2 penalty to {strength}"), format!("把 L2 惩罚设为 {strength}"))
        }
        Advice::L1(strength) => {
            (format!("Set the L1 penalty to {strength}"), format!("把 L1 惩罚设为 {strength}"))
        }
        Advice::WeightDecay(rate) => {
            (format!("Set AdamW's weight decay to {rate}"), format!("把 AdamW 的权重衰减设为 {rate}"))
        }
        Advice::Dropout(0.0) => ("Switch dropout off".into(), "关闭 dropout".into()),
        Advice::Dropout(rate) => (format!("Set dropout to {rate}"), format!("把 dropout 设为 {rate}")),
        Advice::Layers(units) if units.is_empty() => {
            ("Leave out the hidden layers".into(), "去掉隐藏层".into())
        }
        Advice::Layers(units) => {
            let units: Vec<String> = units.iter().map(usize::to_string).collect();
            (
                format!("Use hidden layers of {} units", units.join(" and ")),
                format!("隐藏层改为 {} 个单元", units.join("、")),
            )
        }
        Advice::EarlyStopping(epochs) => (
            format!("Stop after {epochs} epochs without a lower loss on the rows held out"),
            format!("留出行的损失 {epochs} 轮不下降就停止"),
        ),
        Advice::Epochs(epochs) => (format!("Train for {epochs} epochs"), format!("训练 {epochs} 轮")),
        Advice::BatchSize(rows) => (format!("Take {rows} rows a step"), format!("每步用 {rows} 行")),
        Advice::BalancedClasses => ("Let every class count the same".into(), "让各类别权重相同".into()),
        Advice::BalancedThreshold => {
            ("Predict the rare class from a lower probability on".into(), "降低预测少数类的概率阈值".into())
        }
        Advice::Scaled => {
            ("Scale the features to mean 0 and variance 1".into(), "把特征缩放到均值 0、方差 1".into())
        }
        Advice::Ignore(columns) => (
            format!("Do not learn from {}", columns.join(", ")),
            format!("不用这些列学习：{}", columns.join("、")),
        ),
        Advice::Types(types) => {
            let types: Vec<String> = types.iter().map(|(column, of)| format!("{column} = {of}")).collect();
            (format!("Read columns as {}", types.join(", ")), format!("列的类型：{}", types.join("、")))
        }
        Advice::LabelSmoothing(share) => {
            (format!("Smooth the labels by {share}"), format!("标签平滑设为 {share}"))
        }
        Advice::Binary => ("Predict one of two classes".into(), "按二分类预测".into()),
        Advice::Regression => ("Predict a number".into(), "按回归预测数值".into()),
        Advice::Folds(folds) => {
            (format!("Cross-validate in {folds} folds"), format!("做 {folds} 折交叉验证"))
        }
    };
    language.choose(en, zh)
}
