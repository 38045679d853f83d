import ModelEngine

/// What a method needs for one composition, beyond the base model and the single-task adapters that exist anyway.
public struct CompositionCost: Sendable, Equatable {
    /// Numbers trained for this one composition and kept beside the single-task adapters.
    ///
    /// 0 for prompts, for one adapter, for two passes, and for merges, which are a function of the adapters and a seed.
    public var extraParameters: Int
    /// Bytes that must be kept for this one composition so that it can be answered again without training.
    ///
    /// Four (Float32) for each extra parameter. A merge is computed when the adapters are loaded and keeps nothing; of
    /// a calibration only the trained terms are kept, since the frozen ones can be computed again.
    public var compositionBytes: Int
    /// How many generations one example needs after one another.
    ///
    /// A pass may be several prompts at once; how many tokens they read and made is measured with each answer.
    public var passes: Int

    /// A cost.
    public init(extraParameters: Int, compositionBytes: Int, passes: Int) {
        self.extraParameters = extraParameters
        self.compositionBytes = compositionBytes
        self.passes = passes
    }
}

extension CompositionRecipe {
    /// What the recipe needs for one composition.
    ///
    /// - Parameter adapters: [main, auxiliary]; only learned recipes look at them, for the layers' shapes.
    /// - Throws: what the start of a learned recipe throws for these adapters.
    public func cost(for adapters: [LoRAAdapter]) throws -> CompositionCost {
        let passes = if case .twoPasses = self { 2 } else { 1 }
        if case .searched(let recipe) = self { return recipe.cost }
        guard case .learned(let recipe) = self else {
            return CompositionCost(extraParameters: 0, compositionBytes: 0, passes: passes)
        }
        let count = try recipe.extraParameters(for: adapters)
        return CompositionCost(
            extraParameters: count, compositionBytes: count * MemoryLayout<Float>.stride, passes: passes)
    }
}
