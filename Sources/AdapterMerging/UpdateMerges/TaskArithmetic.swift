import ModelEngine

/// Task arithmetic: the weighted sum of the updates times one factor, λ Σ wᵢ Δᵢ.
///
/// With `normalize` it is divided by the sum of the weights of the adapters that have the layer (by 1 where that is 0).
/// Exact, as a concatenation of rank Σ rᵢ with λ folded into A; `Concatenation` is the case λ = 1. A layer that only
/// some adapters have is the sum of those alone. Output biases are added up likewise.
///
/// Source: Ilharco et al., "Editing Models with Task Arithmetic" (2023), arXiv 2212.04089, "learning via addition" and
/// its λ; mergekit 0.1.5, `task_arithmetic`, with its default `normalize: false` (with weights that add up to 1, as 1/n
/// each, both are the same where all adapters have the layer). mergekit has no default for the weights; the paper's are
/// 1 each, with λ chosen on validation data.
public struct TaskArithmetic: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "task-arithmetic", title: "Task arithmetic", family: .dataFreeMerge,
        reference: "Ilharco et al. 2023, Editing Models with Task Arithmetic, arXiv 2212.04089; mergekit 0.1.5",
        parameters: [.weights, .lambda, .normalize(default: false).addedLater()])

    /// `weights`, `lambda` and `normalize`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let normalizes: Bool

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        normalizes = try self.parameters.flag("normalize")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, normalizes] adapters, _ in
            try Self.merge(adapters, weights: weights, lambda: lambda, normalizes: normalizes)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - lambda: factor of the sum, finite.
    ///   - normalizes: whether the sum at a layer is divided by that of the weights in it.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, normalizes: Bool = false
    ) throws(MergeError) -> LoRAAdapter {
        try MergeInputs(adapters, weights: weights, keepsBiases: true, checksNumbers: false).combination { members, _ in
            let sum = members.reduce(0) { $0 + $1.weight }
            let divisor = normalizes ? GeneralisedTaskArithmetic.divisor(sum) : 1
            return members.map { $0.weight / divisor * lambda }
        }
    }
}
