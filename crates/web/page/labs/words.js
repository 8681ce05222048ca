// What the room of the labs says: what to watch in the live counterpart of each item.

export const en = {
  'skip-labs': 'Skip to the labs',
  labs: 'The labs',
  'labs-said': 'Each item asks a question. Write down your answer, then open its training and watch whether you are right.',
  'whole-report': 'The report of all four labs',
  'how-to-work': 'How to work through a lab',
  'report-elsewhere': '“nablab lab” writes the report of these labs on your machine.',
  watch: 'Watch.',
  'open-in-playground': 'Open in the playground',
  'open-in-unit': 'Open a unit',
  'open-in-gradient': 'Open the gradient check',
  together: 'All three together',
  'together-said': 'They begin from the same seed and are drawn on the same axes. Would others have won with other seeds? “Was it luck?” trains many of each.',
  'open-in-race': 'Open the race',
  'in-the-report': 'In the report',
  exercises: 'Exercises',
  'exercises-said': 'Their answers are folded away.',
  'exercises-elsewhere': '“nablab lab exercise 1.1” asks the first one, and with “--answer” it judges your answer.',

  'asks-regularization': 'What keeps a network from learning the noise by heart?',
  'differs-regularization':
    'The playground scales the features, draws its own first weights and masks, and holds out 200 of the same 411 points at random. So its numbers are not those of the report.',
  'watch-regularization.1': 'All points are shown before the first step. Find single points among those of the other colour.',
  'watch-regularization.2':
    'Choose “As fast as possible” and press Play. The loss on the points learned from keeps falling. The loss on those held out falls, then it rises. At which step is it lowest?',
  'watch-regularization.3':
    'Play to the end, then go back to step 300 by the slider. Which bends of the boundary came last, and how many points is each of them for?',
  'watch-regularization.4':
    'Play 1000 steps and choose a unit of the network: its weights are listed below. Set the L2 penalty to 0 and play on. The predictions hardly change, and the weights?',
  'watch-regularization.5': 'Read the column “penalty”: it is λ / m times the weight itself. The row of the bias has none.',
  'watch-regularization.6':
    'Play to the end. Does the loss on the points held out rise again? Then go back to step 3000, set the L2 penalty to 0 and play on.',
  'watch-regularization.7': 'Compare the boundary with that of the training without a penalty. Then set the penalty to 10. How many bends are left?',
  'watch-regularization.8':
    'Press “Find an example for which it is silent”. Its mask is 0, and the next layer gets 0. For other examples the next layer gets the output divided by k = 0.86.',
  'watch-regularization.9':
    'Take an example for which the unit is silent and read the part “Backward”. Where the mask is 0 the gradient becomes 0, and where the mask is 1 it is divided by k.',
  'watch-regularization.10':
    'Play 10,000 steps and read the loss on the points held out. Then set the dropout of both layers to 0 and play on. What becomes of it?',
  'watch-regularization.11': 'Is the boundary simpler than without dropout? Look at both at the same step.',

  'asks-initialization': 'What do the first weights do to learning?',
  'differs-initialization':
    'The playground learns from the same 300 points, but it scales the features and draws its own first weights. So its numbers are not those of the report. The zeros are the same.',
  'watch-initialization.1': 'Press “Remove a layer” twice and play. Without hidden layers the boundary is a straight line.',
  'watch-initialization.2':
    'All numbers of the unit are 0, forward and backward. Then choose the output: its dz is 0.5 in size for each example. Why does its bias not move either?',
  'watch-initialization.3': 'Press Play. The loss stays at 0.6931, which is ln 2, for all 15,000 steps.',
  'watch-initialization.4': 'The accuracy in the table is that of one answer for all points.',
  'watch-initialization.5':
    'The whole plane has one colour. Press Reset and pull one line of the network a little: does the training begin now? Which weights must not be 0, so that it does?',
  'watch-random-initialization.1': 'Choose units before the first step: their weights are about 10 in size. The plane has two pure colours before anything is learned.',
  'watch-random-initialization.2':
    'Press “One step” a few times, then Play. How high does the loss begin? How many steps pass before it is near ln 2 = 0.6931, where zeros began?',
  'watch-random-initialization.3': 'Play to the end. What share of the points is right, and what share would one answer for all have right?',
  'watch-random-initialization.4': 'Play to the end. Does the boundary follow the circles, or what the first weights happened to be?',
  'watch-he-initialization.1':
    'Choose units of both layers before the first step. Those of the second layer have 10 inputs instead of 2, and smaller weights.',
  'watch-he-initialization.2':
    'Choose “As fast as possible” and press Play. The loss begins a little above ln 2, hardly moves for some thousand steps, then falls fast. At which step is it half of ln 2?',
  'watch-he-initialization.3': 'Play to the end, then go back by the slider. At which step does the boundary close around the inner circle?',

  'asks-gradient-checking': 'How do you know that a backward pass is right, and where is it not?',
  'differs-gradient-checking': 'The lab checks a function of one number, and a network with two planted bugs on random numbers.',
  'watch-gradient-checking.1':
    'Look at the curve “Which ε?” from right to left. The difference first falls with the error of truncation, then it rises with that of round-off. Where is it least?',
  'watch-gradient-checking.2': 'Plant a mistake in one formula. Which parameters show it, and how large is the one number for all of them?',

  'asks-optimization': 'Gradient descent, momentum and Adam go down the same slope. Who is faster, and why?',
  'differs-optimization':
    'The playground learns from the same 300 points, but it scales the features and draws its own first weights and batches. So its numbers are not those of the report. Of the two Adams of the report it has the standard one.',
  'watch-optimization.1': 'Read “What the unit learns”: each weight moves by its own gradient times the rate of 0.0007. Press “One step” and read it again.',
  'watch-optimization.2': 'Press “One epoch” and read the step: it is 5. Four batches have 64 points, and the last one has 44.',
  'watch-optimization.3':
    'Read the last line: the first step is 0.1 times the rate times the gradient. Press “One step” a few times. How does the step grow while the gradient stays alike?',
  'watch-optimization.4': 'Read the column “after”: every weight moves by the rate of 0.0007, up or down, however large its gradient is.',
  'watch-optimization.5': 'Press “One step” a few times and read the last line. How far is the step from the rate of 0.0007, and what did the gradient do meanwhile?',
  'watch-optimization.6': 'All points are shown before the first step. Where do the half circles overlap?',
  'watch-optimization.7': 'Choose “As fast as possible” and play to the end. Is the loss still falling at the last of the 50,000 steps?',
  'watch-optimization.8': 'Play to the end and write down the loss. How much does it differ from that of gradient descent?',
  'watch-optimization.9': 'Play. At which epoch is Adam below the loss at which gradient descent ends?',
};

export const zh = {
  'skip-labs': '跳到实验',
  labs: '四个实验',
  'labs-said': '每一项都提出一个问题。先写下你的答案，再打开相应的训练，看看是否答对。',
  'whole-report': '四个实验的完整报告',
  'how-to-work': '怎样做一个实验',
  'report-elsewhere': '在你的计算机上运行 “nablab lab”，即可得到这些实验的报告。',
  watch: '观察：',
  'open-in-playground': '在实验台中打开',
  'open-in-unit': '打开一个单元',
  'open-in-gradient': '打开梯度检验',
  together: '三者一起看',
  'together-said': '三者从同一个种子开始，画在同一坐标轴上。换了种子，胜者会不同吗？“是运气吗？”会用许多种子各训练一遍。',
  'open-in-race': '打开竞赛',
  'in-the-report': '报告中的这一项',
  exercises: '练习题',
  'exercises-said': '答案是折叠的。',
  'exercises-elsewhere': '运行 “nablab lab exercise 1.1” 显示第一题；加上 “--answer” 可以核对你的答案。',

  'asks-regularization': '怎样防止网络把噪声也背下来？',
  'differs-regularization':
    '实验台会缩放特征，自行抽取初始权重与掩码，并从同样的 411 个点中随机留出 200 个。因此数值与报告不同。',
  'watch-regularization.1': '第一步之前已画出所有的点。找出混在另一种颜色之中的单个点。',
  'watch-regularization.2': '选择“尽可能快”，按“播放”。训练样本上的损失一直下降；留出样本上的损失先降后升。它在哪一步最低？',
  'watch-regularization.3': '播放到结束，再用滑块回到第 300 步。边界上哪些弯曲是最后出现的？每一处是为了几个点？',
  'watch-regularization.4': '播放 1000 步，选择网络中的一个单元：下方列出它的权重。把 L2 惩罚设为 0，继续播放。预测几乎不变，权重呢？',
  'watch-regularization.5': '看“惩罚项”一列：它是该权重的 λ / m 倍。偏置那一行没有。',
  'watch-regularization.6': '播放到结束。留出样本上的损失会再次上升吗？然后回到第 3000 步，把 L2 惩罚设为 0，继续播放。',
  'watch-regularization.7': '与没有惩罚的训练比较决策边界。再把惩罚设为 10，还剩下几处弯曲？',
  'watch-regularization.8': '按“找一个使它被丢弃的样本”。掩码为 0，下一层收到 0；对其他样本，下一层收到的是输出除以 k = 0.86。',
  'watch-regularization.9': '选一个使该单元被丢弃的样本，读“反向传播”部分。掩码为 0 时梯度变为 0，掩码为 1 时梯度除以 k。',
  'watch-regularization.10': '播放 10000 步，记下留出样本上的损失。然后把两层的 dropout 都设为 0，继续播放。它会怎样变化？',
  'watch-regularization.11': '这条边界比没有 dropout 时更简单吗？请在相同的步数比较两者。',

  'asks-initialization': '初始权重对学习有什么影响？',
  'differs-initialization': '实验台用同样的 300 个点训练，但会缩放特征，并自行抽取初始权重。因此数值与报告不同；全零初始化则相同。',
  'watch-initialization.1': '按两次“减少一层”，然后播放。没有隐藏层时，边界是一条直线。',
  'watch-initialization.2': '该单元的所有数都是 0，前向与反向都是。再选择输出单元：对每个样本，它的 dz 大小为 0.5。为什么它的偏置也不动？',
  'watch-initialization.3': '按“播放”。在全部 15000 步中，损失始终是 0.6931，即 ln 2。',
  'watch-initialization.4': '表中的准确率，就是对所有点给出同一个答案的准确率。',
  'watch-initialization.5': '整个平面只有一种颜色。按“重新开始”，再把网络中的一条连线稍微拖动：现在训练开始起作用了吗？哪些权重不能为 0，训练才会起作用？',
  'watch-random-initialization.1': '在第一步之前选择几个单元：权重的大小约为 10。什么都还没有学到，平面上却已是两种纯色。',
  'watch-random-initialization.2': '按几次“走一步”，再按“播放”。损失从多高开始？过了多少步才接近 ln 2 = 0.6931，也就是全零初始化开始的地方？',
  'watch-random-initialization.3': '播放到结束。有多少比例的点分对了？对所有点给出同一个答案，能分对多少？',
  'watch-random-initialization.4': '播放到结束。边界是顺着圆，还是顺着初始权重的偶然取值？',
  'watch-he-initialization.1': '在第一步之前选择两层中的单元。第二层的单元有 10 个输入而不是 2 个，权重也更小。',
  'watch-he-initialization.2': '选择“尽可能快”，按“播放”。损失从略高于 ln 2 处开始，几千步内几乎不动，然后迅速下降。它在哪一步降到 ln 2 的一半？',
  'watch-he-initialization.3': '播放到结束，再用滑块往回看。边界在哪一步围住了内圈？',

  'asks-gradient-checking': '怎样知道反向传播是对的？如果不对，错在哪里？',
  'differs-gradient-checking': '实验检验的是一个一元函数，以及一个在随机数上、带有两处植入错误的网络。',
  'watch-gradient-checking.1': '从右往左看曲线“取哪个 ε？”。差异先随截断误差下降，再随舍入误差上升。它在哪里最小？',
  'watch-gradient-checking.2': '在一个公式中植入错误。哪些参数显示出来？概括全部参数的那一个数有多大？',

  'asks-optimization': '梯度下降、动量法与 Adam 走下同一个坡。谁更快？为什么？',
  'differs-optimization':
    '实验台用同样的 300 个点训练，但会缩放特征，并自行抽取初始权重与小批量。因此数值与报告不同。报告中的两种 Adam，实验台只有标准的那一种。',
  'watch-optimization.1': '读“该单元学到什么”：每个权重移动的距离是各自的梯度乘以学习率 0.0007。走一步，再读一遍。',
  'watch-optimization.2': '按“走一轮”，看步数：是 5。前四个小批量各有 64 个点，最后一个有 44 个。',
  'watch-optimization.3': '读最后一行：第一步是梯度乘以学习率再乘以 0.1。多走几步：梯度相差不大时，步长怎样增长？',
  'watch-optimization.4': '看“更新后”一列：每个权重都向上或向下移动 0.0007，即学习率，不论梯度有多大。',
  'watch-optimization.5': '多走几步，读最后一行。步长与学习率 0.0007 相差多少？其间梯度发生了什么变化？',
  'watch-optimization.6': '第一步之前已画出所有的点。两个半圆在哪里重叠？',
  'watch-optimization.7': '选择“尽可能快”，播放到结束。到 50000 步的最后一步，损失还在下降吗？',
  'watch-optimization.8': '播放到结束，记下损失。它与梯度下降的损失相差多少？',
  'watch-optimization.9': '播放。在第几轮，Adam 低于梯度下降最终的损失？',
};
