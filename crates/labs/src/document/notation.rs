//! The signs of the formulas, and what they mean.

use nablab_report::{Block, Cell, Lang, Table};

/// Sign, English, Chinese.
const SIGNS: [[&str; 3]; 15] = [
    [r"\(m,\; j\)", "how many examples there are; one of them, a column", "样本数；其中一个样本，即一列"],
    [r"\(X,\; Y\)", "inputs (features, m); what is to come out (1, m)", "输入（特征数, m）；目标（1, m）"],
    [
        r"\(W^{[l]},\; b^{[l]}\)",
        "weights and biases of layer l; in code `W1`, `b1` of layer 1",
        "第 l 层的权重与偏置；代码中第 1 层为 `W1`、`b1`",
    ],
    [
        r"\(Z^{[l]},\; A^{[l]}\)",
        "what layer l computes before and after its activation; \\(A^{[0]} = X\\)",
        "第 l 层在激活函数之前与之后的值；\\(A^{[0]} = X\\)",
    ],
    [r"\(g,\; g'\)", "an activation, such as relu, and its derivative", "激活函数（如 relu）及其导数"],
    [
        r"\(J,\; \mathrm{d}W,\; \mathrm{d}b\)",
        "the cost, and its derivatives with respect to W and b",
        "代价，以及它对 W 与 b 的导数",
    ],
    [
        r"\(\mathrm{d}Z,\; \mathrm{d}A\)",
        "derivatives of each example's own loss, not yet divided by m",
        "每个样本自身损失的导数，尚未除以 m",
    ],
    [
        r"\(W^{\mathsf T},\; A \circ B\)",
        "rows and columns exchanged; product entry by entry",
        "转置（行列互换）；逐元素相乘",
    ],
    [r"\([\,Z > 0\,]\)", "1 where Z is above 0, else 0", "Z 大于 0 处为 1，否则为 0"],
    [
        r"\(D,\; U,\; k\)",
        "dropout's mask \\(D = [\\,U < k\\,]\\), with U uniform from 0 to 1 and k the probability that a unit is kept",
        "dropout 的掩码 \\(D = [\\,U < k\\,]\\)，其中 U 在 0 到 1 上均匀分布，k 为单元被保留的概率",
    ],
    [r"\(\lambda\)", "strength of the L2 penalty", "L2 惩罚的强度"],
    [r"\(\alpha\)", "learning rate", "学习率"],
    [
        r"\(\beta,\; v,\; s\)",
        "share of the past that is kept; means of the gradients and of their squares over the past steps",
        "保留过去的比例；过去各步梯度的平均，及其平方的平均",
    ],
    [
        r"\(\hat g,\; \varepsilon\)",
        "a derivative by central difference, over a step of ε to either side; in Adam ε keeps from dividing by 0",
        "用中心差分求得的导数，向两侧各移动 ε；在 Adam 中 ε 用来避免除以 0",
    ],
    [r"\(\lVert g \rVert,\; \lceil x \rceil\)", "length of a vector; x rounded up", "向量的长度；x 向上取整"],
];

/// All of them.
pub(super) fn notation(lang: Lang) -> Block {
    let row = |[sign, en, zh]: [&str; 3]| vec![Cell::text(sign), Cell::text(lang.choose(en, zh))];
    Block::Table(Table {
        caption: lang.choose("Notation", "记号").into(),
        columns: lang.choose(["Sign", "What it is"], ["记号", "含义"]).map(str::to_owned).to_vec(),
        rows: SIGNS.map(row).to_vec(),
    })
}
