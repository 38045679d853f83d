/// How an adapter is trained.
public struct TrainingOptions: Sendable, Equatable, Codable {
    /// The highest learning rate, after the warm-up.
    public var learningRate: Float
    /// Passes over the examples.
    public var epochs: Int
    /// Examples of one update.
    public var batchSize: Int
    /// Share of the updates (0…1) in which the learning rate rises from 0; then it falls to 0 in a straight line.
    public var warmup: Double
    /// λ of AdamW, applied to every trained number.
    public var weightDecay: Float
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Float
    /// The longest gradient vector; longer ones are shortened to it. Nil leaves them.
    public var clip: Double?
    /// Rows (tokens) that go through the model together; more sequences of a batch follow in further passes.
    public var maximumRows: Int
    /// Order of the examples.
    public var seed: UInt64
    /// What is made small.
    public var objective: TrainingObjective

    public init(
        learningRate: Float = 1e-3, epochs: Int = 2, batchSize: Int = 8, warmup: Double = 0.1,
        weightDecay: Float = 0.01,
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8, clip: Double? = 1, maximumRows: Int = 512,
        seed: UInt64 = 1, objective: TrainingObjective = .crossEntropy
    ) {
        self.learningRate = learningRate
        self.epochs = epochs
        self.batchSize = batchSize
        self.warmup = warmup
        self.weightDecay = weightDecay
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.clip = clip
        self.maximumRows = maximumRows
        self.seed = seed
        self.objective = objective
    }

    /// The learning rate of an update, counted from 0: it rises from 0 over the warm-up, then falls to 0 at the end.
    public func learningRate(step: Int, of steps: Int) -> Float {
        let rising = Int((Double(steps) * warmup).rounded())
        if step < rising { return learningRate * Float(step + 1) / Float(rising + 1) }
        return learningRate * Float(steps - step) / Float(max(1, steps - rising))
    }
}
