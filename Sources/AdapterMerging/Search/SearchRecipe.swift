import ModelEngine

/// How an adapter is searched for without gradients: what is tried, how it is judged, and for how long.
///
/// Each set of parameters makes an adapter; its loss is the mean negative log-likelihood of the reference answers, in
/// nats an answer token over all examples together, plus the penalty. The set of least sum is chosen, the first among
/// equals.
public struct SearchRecipe: Sendable {
    /// What may be tried.
    public var space: SearchSpace
    /// The most evaluations.
    public var budget: Int
    /// How many examples of each setting an evaluation looks at, the first ones in their order.
    public var examples: Int
    /// Makes the adapter of a set of parameters from [main, auxiliary] and a seed.
    public var adapter: @Sendable (MethodParameters, [LoRAAdapter], UInt64) throws -> LoRAAdapter
    /// What is added to the loss of a set of parameters, at least 0.
    public var penalty: @Sendable (MethodParameters) -> Double

    /// A recipe; without a penalty unless one is given.
    public init(
        space: SearchSpace, budget: Int, examples: Int,
        adapter: @escaping @Sendable (MethodParameters, [LoRAAdapter], UInt64) throws -> LoRAAdapter,
        penalty: @escaping @Sendable (MethodParameters) -> Double = { _ in 0 }
    ) {
        self.space = space
        self.budget = budget
        self.examples = examples
        self.adapter = adapter
        self.penalty = penalty
    }

    /// The most evaluations that the search makes.
    public var evaluations: Int { space.evaluations(budget: budget) }

    /// What must be kept for one composition: the numbers of the chosen set.
    public var cost: CompositionCost {
        CompositionCost(
            extraParameters: space.numberCount, compositionBytes: space.numberCount * MemoryLayout<Float>.stride,
            passes: 1)
    }
}
