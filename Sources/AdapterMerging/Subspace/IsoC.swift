import ModelEngine

/// Iso-C: the sum of the updates with all its singular values replaced by their mean.
///
/// Σ Δᵢ = U S Vᵀ; Δ = λ σ̄ U Vᵀ with σ̄ the mean of S over all min(out, in) singular values, zeros included.
///
/// Source: Marczak et al., "No Task Left Behind: Isotropic Model Merging with Common and Task-Specific Subspaces" (ICML
/// 2025), arXiv 2502.04959, section 4.1, equations 7 and 8, Algorithm 1; the authors' repository
/// danielm1405/iso-merging, `iso.py`. There Δ has full rank, since U and V are completed by vectors to the singular
/// values 0, which for a sum of LoRA updates are arbitrary. A LoRA export keeps the R ≤ Σ rᵢ directions that exist (see
/// `SingularDirections`), each at σ̄. As σ̄ is a mean over thousands of values of which R are not 0, the result is
/// small beside the sum: `mean-over: rank` takes the mean over the R values instead, as Core Space's authors do within
/// the core.
///
/// The published method has no weights: ours, 1 each unless given, scale the Δᵢ beforehand. The authors choose λ on
/// validation data; it is 1 here. Scaling all weights scales the update; one adapter does not come back, but its
/// isotropic form.
public struct IsoC: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "iso-c", title: "Iso-C", family: .dataFreeMerge, reference: IsotropicMean.reference,
        parameters: [.unitWeights, .lambda, .meanOver])

    /// `weights`, `lambda` and `mean-over`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let meanOver: IsotropicMean

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        meanOver = try self.parameters.choice("mean-over")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, meanOver] adapters, _ in
            try Self.merge(adapters, weights: weights, lambda: lambda, meanOver: meanOver)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - meanOver: which singular values the mean is taken over.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, meanOver: IsotropicMean = .dimension
    ) throws(MergeError) -> LoRAAdapter {
        try LayerCore.merge(adapters, weights: weights, lambda: lambda) { (layer) throws(MergeError) in
            try isotropic(Matrix.sum(layer.parts.map(\.core)), shorterSide: layer.shorterSide, meanOver: meanOver)
        }
    }

    /// A matrix with its singular values replaced by their mean.
    static func isotropic(_ matrix: Matrix, shorterSide: Int, meanOver: IsotropicMean) throws(MergeError)
        -> LowRankUpdate
    {
        let decomposition = try matrix.svd()
        let count = SingularDirections.count(decomposition.s)
        let level = meanOver.level(Array(decomposition.s.prefix(count)), shorterSide: shorterSide)
        return LowRankUpdate(
            left: decomposition.u.columns(0..<count), right: decomposition.vTransposed.rows(0..<count) * level)
    }
}

/// Which singular values an isotropic merge takes the mean of.
public enum IsotropicMean: String, Sendable, CaseIterable {
    /// All min(out, in) of the dense update, zeros included, as the paper has it.
    case dimension
    /// Those of the directions that exist.
    case rank

    static let reference =
        "Marczak et al. 2025, No Task Left Behind: Isotropic Model Merging with Common and Task-Specific Subspaces, "
        + "arXiv 2502.04959"

    /// The mean of values that are not 0, in a layer whose shorter side has the given length.
    func level(_ values: [Double], shorterSide: Int) -> Double {
        values.reduce(0, +) / Double(max(self == .dimension ? shorterSide : values.count, 1))
    }
}
