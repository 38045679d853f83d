import ModelEngine

/// TIES on the dense updates, then the best approximation of a rank.
///
/// The three steps of `TIES` (trim, elect, merge), with the Δᵢ in place of the factors and the weights wᵢ: nearer to
/// the paper than the merge of A and B apart, and without its cross terms. The election is on the updates without their
/// weights, and the sum is divided by the number of agreeing adapters.
///
/// Source: Yadav et al. (2023), section 4, in the form of PEFT 0.21.2,
/// `add_weighted_adapter(combination_type="ties_svd")`; see `DeltaSpace`. `MergekitTIES` is the other form.
public struct TIESSVD: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "ties-svd", title: "TIES-SVD", family: .dataFreeMerge,
        reference: "Yadav et al. 2023, TIES-Merging: Resolving Interference When Merging Models, arXiv 2306.01708; "
            + "PEFT 0.21, add_weighted_adapter with combination_type ties_svd",
        parameters: [.weights, .updateDensity, .majoritySign, .svdRank, .svdClamp])

    /// `weights`, `density`, `majority-sign`, `rank` and `clamp`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let density: Double
    private let majoritySign: MajoritySign
    private let truncation: Truncation

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        density = try self.parameters.number("density")
        majoritySign = try self.parameters.choice("majority-sign")
        truncation = try Truncation(self.parameters)
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, density, majoritySign, truncation] adapters, _ in
            try Self.merge(
                adapters, weights: weights, density: density, majoritySign: majoritySign, rank: truncation.rank,
                clamp: truncation.clamp)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: share of entries kept, above 0 and at most 1.
    ///   - rank: of the result; 0 is the largest of the adapters' ranks.
    ///   - clamp: quantile of the factors' entries at which they are cut off; 0 cuts nothing.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, majoritySign: MajoritySign = .total,
        rank: Int = 0, clamp: Double = 0
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        let truncation = Truncation(rank: rank, clamp: clamp)
        return try DeltaSpace.merge(adapters, weights: weights, truncation: truncation) { (deltas) throws(MergeError) in
            deltas.keepLargest(density: density)
            return deltas.elected(majoritySign)
        }
    }
}
