import ModelEngine

/// How a learned method is trained: where it starts, and for how long it looks at what.
public struct LearnedRecipe: Sendable {
    /// Makes the frozen merge with the trainable terms beside it, from [main, auxiliary] and a seed.
    public var start: @Sendable ([LoRAAdapter], UInt64) throws -> TrainableAdapter
    /// The optimiser's settings.
    public var training: LearningSettings

    /// A recipe of a starting point and settings.
    public init(
        start: @escaping @Sendable ([LoRAAdapter], UInt64) throws -> TrainableAdapter, training: LearningSettings
    ) {
        self.start = start
        self.training = training
    }

    /// How many numbers are trained for one composition, and stored for it beside the single-task adapters.
    ///
    /// - Throws: what `start` throws for these adapters.
    public func extraParameters(for adapters: [LoRAAdapter]) throws -> Int {
        try start(adapters, 0).trainableParameterCount
    }
}

/// Settings of the training on compositional examples.
public struct LearningSettings: Sendable, Equatable {
    /// The optimiser's largest step size.
    public var learningRate: Double
    /// How often each example is seen.
    public var epochs: Int
    /// How many training examples of the setting are used, the first ones in their order; `nil` is all.
    public var examples: Int?
    /// Examples in one step.
    public var batchSize: Int
    /// How many validation examples of the setting decide which epoch is kept; 0 keeps the last.
    public var validationExamples: Int
    /// What is made small.
    public var objective: TrainingObjective

    /// Settings for one training run.
    public init(
        learningRate: Double, epochs: Int, examples: Int?, batchSize: Int, validationExamples: Int = 0,
        objective: TrainingObjective = .crossEntropy
    ) {
        self.learningRate = learningRate
        self.epochs = epochs
        self.examples = examples
        self.batchSize = batchSize
        self.validationExamples = validationExamples
        self.objective = objective
    }

    /// Reads `learning-rate`, `epochs`, `examples` (0 is all), `batch-size` and `validation-examples`.
    init(_ parameters: MethodParameters, objective: TrainingObjective = .crossEntropy) throws(MergeError) {
        learningRate = try parameters.number("learning-rate")
        epochs = try parameters.integer("epochs")
        let limit = try parameters.integer("examples")
        examples = limit == 0 ? nil : limit
        batchSize = try parameters.integer("batch-size")
        validationExamples = try parameters.integer("validation-examples")
        self.objective = objective
    }

    /// The parameters that `init(_:)` reads, with a method's own default for the learning rate.
    static func parameters(learningRate: Double) -> [ParameterDescription] {
        [
            ParameterDescription(
                "learning-rate", .number(above: 0, atMost: 1), default: .number(learningRate),
                "largest step size of the optimiser"),
            ParameterDescription("epochs", .integer(1...1000), default: 3, "how often each example is seen"),
            ParameterDescription(
                "examples", .integer(0...1_000_000), default: 0,
                "how many training examples of the setting are used; 0 is all"),
            ParameterDescription("batch-size", .integer(1...1024), default: 8, "examples in one step"),
            ParameterDescription(
                "validation-examples", .integer(0...1_000_000), default: 0,
                "how many validation examples of the setting decide which epoch is kept; 0 keeps the last"),
        ]
    }
}
