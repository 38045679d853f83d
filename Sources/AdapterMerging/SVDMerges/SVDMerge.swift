import ModelEngine

/// The best approximation of a rank of the weighted sum of the updates, Σ wᵢ sᵢ Bᵢ Aᵢ.
///
/// What `Concatenation` keeps exactly in rank Σ rᵢ is cut to one adapter's rank here, with the smallest error that any
/// merge to this rank can have (Eckart and Young 1936). With a rank of Σ rᵢ or more it is exact.
///
/// The singular values come from the factors (see `LowRankUpdate`), not from the dense matrix that PEFT decomposes.
///
/// Source: PEFT 0.21.2, `add_weighted_adapter(combination_type="svd")`,
/// `LoraModel._svd_generalized_task_arithmetic_weighted_adapter`; see `DeltaSpace`. As in PEFT the rank is by default
/// the adapters' largest and nothing is cut off; PEFT has no default for the weights, ours is 1/n each.
public struct SVDMerge: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "svd", title: "SVD", family: .dataFreeMerge,
        reference: "PEFT 0.21, add_weighted_adapter with combination_type svd",
        parameters: [.weights, .svdRank, .svdClamp])

    /// `weights`, `rank` and `clamp`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let truncation: Truncation

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        truncation = try Truncation(self.parameters)
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, truncation] adapters, _ in
            try DeltaSpace.weightedSum(adapters, weights: weights, truncation: truncation)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - rank: of the result; 0 is the largest of the adapters' ranks.
    ///   - clamp: quantile of the factors' entries at which they are cut off; 0 cuts nothing.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, rank: Int = 0, clamp: Double = 0
    ) throws(MergeError) -> LoRAAdapter {
        try DeltaSpace.weightedSum(adapters, weights: weights, truncation: Truncation(rank: rank, clamp: clamp))
    }
}
