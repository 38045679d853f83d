import ModelEngine

/// Task arithmetic: the weighted sum of the updates times one factor, λ Σ wᵢ Δᵢ.
///
/// Exact, as a concatenation of rank Σ rᵢ with λ folded into A; `Concatenation` is the case λ = 1. A layer that only
/// some adapters have is the sum of those alone. Output biases are added up likewise.
///
/// Source: Ilharco et al., "Editing Models with Task Arithmetic" (2023), arXiv 2212.04089, "learning via addition" and
/// its λ; mergekit 0.1.5, `task_arithmetic` with its default `normalize: false` (with weights that add up to 1, as 1/n
/// each, both are the same).
public struct TaskArithmetic: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "task-arithmetic", title: "Task arithmetic", family: .dataFreeMerge,
        reference: "Ilharco et al. 2023, Editing Models with Task Arithmetic, arXiv 2212.04089; mergekit 0.1.5",
        parameters: [.weights, .lambda])

    /// `weights` and `lambda`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda] adapters, _ in try Self.merge(adapters, weights: weights, lambda: lambda) }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - lambda: factor of the sum, finite.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1
    ) throws(MergeError) -> LoRAAdapter {
        try MergeInputs(adapters, weights: weights, keepsBiases: true, checksNumbers: false).combination { members, _ in
            members.map { $0.weight * lambda }
        }
    }
}
