import ModelEngine

/// DARE on the dense updates, election and merge as in TIES, and the best approximation of a rank.
///
/// The dropping of `DARELinearSVD` in place of the trimming of `TIESSVD`.
///
/// Source: Yu et al. (2023) with Yadav et al. (2023), in the form of PEFT 0.21.2,
/// `add_weighted_adapter(combination_type="dare_ties_svd")`; see `DeltaSpace`.
public struct DARETIESSVD: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-ties-svd", title: "DARE-TIES-SVD", family: .dataFreeMerge,
        reference: DARE.reference,
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

    /// The merge; the masks follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [weights, density, majoritySign, truncation] adapters, seed in
            try Self.merge(
                adapters, weights: weights, density: density, majoritySign: majoritySign, seed: seed,
                rank: truncation.rank,
                clamp: truncation.clamp)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: probability of keeping an entry, above 0 and at most 1.
    ///   - seed: decides the masks; the same seed gives the same adapter.
    ///   - rank: of the result; 0 is the largest of the adapters' ranks.
    ///   - clamp: quantile of the factors' entries at which they are cut off; 0 cuts nothing.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, majoritySign: MajoritySign = .total,
        seed: UInt64, rank: Int = 0, clamp: Double = 0
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        let truncation = Truncation(rank: rank, clamp: clamp)
        return try DeltaSpace.merge(adapters, weights: weights, truncation: truncation) { (deltas) throws(MergeError) in
            deltas.drop(density: density, seed: seed)
            return deltas.elected(majoritySign)
        }
    }
}
