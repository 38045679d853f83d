import ModelEngine
import SeededRandom

/// Core Space: every adapter expressed exactly in reference bases of all A's and all B's, and merged there.
///
/// 1. U_B are the left singular vectors of [B₁ … Bₙ], V_A the right ones of [A₁; …; Aₙ], both without weights.
/// 2. Mᵢ = wᵢ sᵢ U_Bᵀ Bᵢ Aᵢ V_A, a matrix of at most R × R numbers with R = Σ rᵢ, loses nothing of Δᵢ.
/// 3. The Mᵢ are merged by `rule`: `linear` is their sum (task arithmetic), `mean` that over n; `ties` prunes each to a
///    share `density` of its entries, elects signs and takes the mean of the entries that agree; `dare` keeps each entry
///    with probability `keep`, divided by it, and sums, `dare-ties` goes on as `ties` instead; `tsv-m` is `TSVM` in the
///    core. With `isotropic` the result's singular values are then replaced by their mean, over all of the core; `linear`
///    with it is Iso-C in the core.
/// 4. Δ = λ U_B M V_Aᵀ, of rank min(R, out, in) at most.
///
/// Source: Panariello et al., "Accurate and Efficient Low-Rank Model Merging in Core Space" (NeurIPS 2025), arXiv
/// 2509.17786, the definition of core and reference bases; the authors' repository apanariello4/core-space-merging,
/// `MatrixPerLayerMerger.get_core_matrices` and `merge` with `merge_space: core`.
/// Unlike in KnOTS, pruning is by layer there. Their defaults are 0.1 for `density` (`topK: 10`) and 0.7 for `keep`
/// (`dare_pruning_coeffs: 0.3`, the share dropped); λ is chosen on validation data and 1 here. `linear` without it equals
/// `cat`, but for the weights' default. Their rule CART is left out. As in KnOTS, `ties` counts a sum of exactly 0 as +.
/// `tsv-m` keeps ⌊R/n⌋ directions of each core, so of adapters of unequal ranks the largest loses some.
///
/// The published method has no weights: ours, 1 each unless given, scale the Mᵢ. Scalings sᵢ, which are 1 in the
/// authors' experiments, are kept out of the bases too. `ties`, `dare` and `dare-ties` look at entries, so their result
/// hangs on the bases; where a stack has equal singular values they are not unique.
public struct CoreSpace: CompositionMethod {
    /// How the cores are merged.
    public enum Rule: String, Sendable, CaseIterable {
        case linear
        case mean
        case ties
        case dare
        case dareTIES = "dare-ties"
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
                "density", .number(above: 0, atMost: 1), default: 0.1,
                "share of a core's entries that ties and dare-ties keep by size"),
            ParameterDescription(
                "keep", .number(above: 0, atMost: 1), default: 0.7,
                "probability with which dare and dare-ties keep an entry of a core, which is then divided by it"
            ).addedLater(),
            ParameterDescription(
                "isotropic", .flag, default: false, "whether the merged core's singular values become their mean"),
        ])

    /// `weights`, `lambda`, `rule`, `density`, `keep` and `isotropic`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let rule: Rule
    private let density: Double
    private let keep: Double
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
        keep = try self.parameters.number("keep")
        isotropic = try self.parameters.flag("isotropic")
    }

    /// The merge; the seed decides what `dare` and `dare-ties` drop.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, rule, density, keep, isotropic] adapters, seed in
            try Self.merge(
                adapters, weights: weights, lambda: lambda, rule: rule, density: density, keep: keep,
                isotropic: isotropic, seed: seed)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - density: share of entries kept by `ties` and `dareTIES`, above 0 and at most 1.
    ///   - keep: probability of an entry to be kept by `dare` and `dareTIES`, above 0 and at most 1.
    ///   - isotropic: whether the merged core's singular values are replaced by their mean.
    ///   - seed: decides the masks of `dare` and `dareTIES`.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, rule: Rule = .tsvM,
        density: Double = 0.1, keep: Double = 0.7, isotropic: Bool = false, seed: UInt64 = 0
    ) throws(MergeError) -> LoRAAdapter {
        try merge(
            adapters, weights: weights, lambda: lambda, rule: rule, density: density, keep: keep, isotropic: isotropic
        ) { position, site, count in
            var generator = SeededGenerator(seed: seed, purpose: "core-space/\(position)/\(site)")
            return (0..<count).map { _ in generator.nextUniform() < keep }
        }
    }

    /// The merge with given masks for the cores' entries, rows after one another.
    package static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, lambda: Double, rule: Rule, density: Double, keep: Double,
        isotropic: Bool, masks: KnOTS.MaskSource
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        guard keep > 0, keep <= 1 else {
            throw MergeError(
                .badParameter,
                "keep is \(keep); it is the probability of an entry to be kept, above 0 and at most 1", key: "keep")
        }
        return try LayerCore.merge(adapters, weights: weights, lambda: lambda) { (layer) throws(MergeError) in
            let u = try layer.stackedB.svd()
            let v = try layer.stackedA.svd()
            let updates = layer.parts.map { part in
                LowRankUpdate(
                    left: u.u.transposed * part.b * part.factor, right: part.a * v.vTransposed.transposed)
            }
            var merged = try merge(updates, rule: rule, density: density) { (index, core) throws(MergeError) in
                DARE.drop(core, try masks(layer.parts[index].position, layer.site, core.count), density: Float(keep))
            }
            if isotropic {
                merged = try IsoC.isotropic(
                    merged.dense, shorterSide: min(u.u.columns, v.vTransposed.rows), meanOver: .dimension)
            }
            return LowRankUpdate(left: u.u * merged.left, right: merged.right * v.vTransposed)
        }
    }

    /// - Parameter drop: what is left of the core of the adapter at an index.
    private static func merge(
        _ updates: [LowRankUpdate], rule: Rule, density: Double, drop: (Int, [Float]) throws(MergeError) -> [Float]
    ) throws(MergeError) -> LowRankUpdate {
        let rows = updates[0].left.rows
        let columns = updates[0].right.columns
        func merged(_ floats: [Float]) -> LowRankUpdate {
            .narrow(Matrix(rows: rows, columns: columns, floats: floats))
        }
        switch rule {
        case .linear: return .narrow(Matrix.sum(updates.map(\.dense)))
        case .mean: return .narrow(Matrix.sum(updates.map(\.dense)) * (1 / Double(updates.count)))
        case .tsvM: return try TSVM.merged(updates, shorterSide: min(rows, columns), k: 0)
        case .ties, .dare, .dareTIES:
            var cores = updates.map(\.dense.floats)
            if rule != .ties {
                for index in cores.indices { cores[index] = try drop(index, cores[index]) }
            }
            if rule == .dare { return merged(WeightedSum.of(cores, cores.map { _ in 1 })) }
            for index in cores.indices {
                let threshold = ElectedMean.threshold(of: [cores[index]], density: density)
                cores[index] = ElectedMean.pruned(cores[index], below: threshold)
            }
            return merged(ElectedMean.merge(cores, majoritySign: .total))
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
