import ModelEngine

/// Core Space: every adapter expressed exactly in reference bases of all A's and all B's, and merged there.
///
/// 1. U_B are the left singular vectors of [B₁ … Bₙ], V_A the right ones of [A₁; …; Aₙ], both without weights.
/// 2. Mᵢ = wᵢ sᵢ U_Bᵀ Bᵢ Aᵢ V_A, a matrix of at most R × R numbers with R = Σ rᵢ, loses nothing of Δᵢ.
/// 3. The Mᵢ are merged by `rule`: `linear` is their sum, `ties` prunes each to a share `density` of its entries,
///    elects signs and takes the mean of the entries that agree, `tsv-m` is `TSVM` in the core. With `isotropic` the
///    result's singular values are then replaced by their mean, over all of the core; `linear` with it is Iso-C in the
///    core.
/// 4. Δ = λ U_B M V_Aᵀ, of rank min(R, out, in) at most.
///
/// Source: Panariello et al., "Accurate and Efficient Low-Rank Model Merging in Core Space" (NeurIPS 2025), arXiv
/// 2509.17786, the definition of core and reference bases; the authors' repository apanariello4/core-space-merging,
/// `MatrixPerLayerMerger.get_core_matrices` and `merge` with `merge_space: core`.
/// Unlike in KnOTS, pruning is by layer there. Their default for `density` is 0.1 (`topK: 10`); λ is chosen on
/// validation data and 1 here. `linear` without it equals `cat`, but for the weights' default. Their further rules in
/// the core (mean, DARE, DARE-TIES, CART) are left out. As in KnOTS, `ties` counts a sum of exactly 0 as +. `tsv-m`
/// keeps ⌊R/n⌋ directions of each core, so of adapters of unequal ranks the largest loses some.
///
/// The published method has no weights: ours, 1 each unless given, scale the Mᵢ. Scalings sᵢ, which are 1 in the
/// authors' experiments, are kept out of the bases too. `ties` looks at entries, so its result hangs on the bases;
/// where a stack has equal singular values they are not unique.
public struct CoreSpace: CompositionMethod {
    /// How the cores are merged.
    public enum Rule: String, Sendable, CaseIterable {
        case linear
        case ties
        case tsvM = "tsv-m"
    }

    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "core-space", title: "Core Space", family: .dataFreeMerge,
        reference:
            "Panariello et al. 2025, Accurate and Efficient Low-Rank Model Merging in Core Space, arXiv 2509.17786",
        parameters: [
            .unitWeights, .lambda,
            ParameterDescription(
                "rule", .choice(Rule.allCases.map(\.rawValue)), default: "tsv-m", "how the cores are merged"),
            ParameterDescription(
                "density", .number(above: 0, atMost: 1), default: 0.1, "share of a core's entries that ties keeps"),
            ParameterDescription(
                "isotropic", .flag, default: false, "whether the merged core's singular values become their mean"),
        ])

    /// `weights`, `lambda`, `rule`, `density` and `isotropic`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let rule: Rule
    private let density: Double
    private let isotropic: Bool

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        rule = try self.parameters.choice("rule")
        density = try self.parameters.number("density")
        isotropic = try self.parameters.flag("isotropic")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, rule, density, isotropic] adapters, _ in
            try Self.merge(
                adapters, weights: weights, lambda: lambda, rule: rule, density: density, isotropic: isotropic)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - density: share of entries kept by `ties`, above 0 and at most 1.
    ///   - isotropic: whether the merged core's singular values are replaced by their mean.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, rule: Rule = .tsvM,
        density: Double = 0.1, isotropic: Bool = false
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        return try LayerCore.merge(adapters, weights: weights, lambda: lambda) { (layer) throws(MergeError) in
            let u = try layer.stackedB.svd()
            let v = try layer.stackedA.svd()
            let updates = layer.parts.map { part in
                LowRankUpdate(
                    left: u.u.transposed * part.b * part.factor, right: part.a * v.vTransposed.transposed)
            }
            var merged = try merge(updates, rule: rule, density: density)
            if isotropic {
                merged = try IsoC.isotropic(
                    merged.dense, shorterSide: min(u.u.columns, v.vTransposed.rows), meanOver: .dimension)
            }
            return LowRankUpdate(left: u.u * merged.left, right: merged.right * v.vTransposed)
        }
    }

    private static func merge(_ updates: [LowRankUpdate], rule: Rule, density: Double) throws(MergeError)
        -> LowRankUpdate
    {
        let rows = updates[0].left.rows
        let columns = updates[0].right.columns
        switch rule {
        case .linear: return .narrow(Matrix.sum(updates.map(\.dense)))
        case .ties:
            let cores = updates.map { update in
                let core = update.dense.floats
                return ElectedMean.pruned(core, below: ElectedMean.threshold(of: [core], density: density))
            }
            return .narrow(Matrix(rows: rows, columns: columns, floats: ElectedMean.merge(cores, majoritySign: .total)))
        case .tsvM: return try TSVM.merged(updates, shorterSide: min(rows, columns), k: 0)
        }
    }
}

extension LowRankUpdate {
    /// A small matrix as an update of the rank of its shorter side: itself times the identity.
    static func narrow(_ matrix: Matrix) -> LowRankUpdate {
        matrix.rows <= matrix.columns
            ? LowRankUpdate(left: .identity(matrix.rows), right: matrix)
            : LowRankUpdate(left: matrix, right: .identity(matrix.columns))
    }
}
