import ModelEngine
import SeededRandom

/// KnOTS: one SVD aligns all updates of a layer, and a merge by entries works on what each has of the shared basis.
///
/// 1. [Δ₁ … Δₙ] = U S [V₁ᵀ … Vₙᵀ], of which the singular values above 10⁻⁵ stay; adapter i's part is S Vᵢᵀ = Uᵀ Δᵢ.
/// 2. The parts are merged by `rule`: `ties` elects a sign for each entry and takes the mean of the entries that agree,
///    after keeping the entries of largest magnitude in each adapter as a whole, over all layers together (`density` 1
///    keeps all); `dare-ties` keeps entries at random with probability `density`, divided by it, instead; `mean`
///    divides the sum by the number of entries that are not 0; `sum` is task arithmetic.
/// 3. Δ = λ U · merged, of rank min(out, Σ rᵢ) at most.
///
/// Source: Stoica et al., "Model merging with SVD to tie the Knots" (ICLR 2025), arXiv 2410.19735, section 4, with the
/// rules of section 5.1; the authors' repository gstoica27/KnOTS (`SVDMerger`, `masking_ops.py`). The paper merges the
/// Vᵢ and prunes by S Vᵢᵀ, the program merges S Vᵢᵀ: the same, since S is positive and shared. Their configurations
/// prune nothing (`topK: 100`) and keep a fifth in `dare-ties`; λ (`scaling_coeffs`) is chosen on validation data, e.g.
/// 0.5 for `ties` and 0.4 for `dare-ties` of six Llama adapters. Here λ and `density` are 1 unless given. The cut at
/// 10⁻⁵ is absolute, as theirs.
///
/// Two rules for draws are ours, since theirs hang on the sign that an SVD happens to give a singular vector: with
/// `majority-sign: frequency` a draw is decided by the sum of the entries (theirs: the negative side), so that for two
/// adapters it is the same as `total`; and a sum of exactly 0 counts as + (theirs: the sign of most entries).
///
/// The published method has no weights: ours, 1 each unless given, scale the Δᵢ beforehand. An adapter whose update is
/// 0 at a layer has no say in the means there. Where singular values are equal, the basis and with it the merge by
/// entries is not unique. U and the cores come from the factors (see `LayerCore`); the largest matrices are those of
/// the parts, `[Σ rᵢ, in]`.
public struct KnOTS: CompositionMethod {
    /// How the aligned parts are merged.
    public enum Rule: String, Sendable, CaseIterable {
        case ties
        case dareTIES = "dare-ties"
        case mean
        case sum
    }

    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "knots", title: "KnOTS", family: .dataFreeMerge,
        reference: "Stoica et al. 2024, Model merging with SVD to tie the Knots, arXiv 2410.19735",
        parameters: [
            .unitWeights, .lambda,
            ParameterDescription(
                "rule", .choice(Rule.allCases.map(\.rawValue)), default: "ties",
                "how the aligned parts are merged: signs elected, after random dropping, averaged or summed"),
            ParameterDescription(
                "density", .number(above: 0, atMost: 1), default: 1,
                "share of the entries that ties keeps by size, or dare-ties at random"),
            .majoritySign(
                "whether the sum of the entries or the number of adapters elects the sign; the sum where it is a draw"),
        ])

    /// `weights`, `lambda`, `rule`, `density` and `majority-sign`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let rule: Rule
    private let density: Double
    private let majoritySign: MajoritySign

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        rule = try self.parameters.choice("rule")
        density = try self.parameters.number("density")
        majoritySign = try self.parameters.choice("majority-sign")
    }

    /// The merge; the seed decides what `dare-ties` drops.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, rule, density, majoritySign] adapters, seed in
            try Self.merge(
                adapters, weights: weights, lambda: lambda, rule: rule, density: density, majoritySign: majoritySign,
                seed: seed)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - density: share of entries kept by `ties` and `dareTIES`, above 0 and at most 1.
    ///   - seed: decides the masks of `dareTIES`.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, rule: Rule = .ties,
        density: Double = 1, majoritySign: MajoritySign = .total, seed: UInt64 = 0
    ) throws(MergeError) -> LoRAAdapter {
        try merge(
            adapters, weights: weights, lambda: lambda, rule: rule, density: density, majoritySign: majoritySign
        ) { position, site, count in
            var generator = SeededGenerator(seed: seed, purpose: "knots/\(position)/\(site)")
            return (0..<count).map { _ in generator.nextUniform() < density }
        }
    }

    /// Gives `true` for each entry of an adapter's part to keep: its position, the layer and how many entries there
    /// are.
    package typealias MaskSource = @Sendable (Int, AdapterSite, Int) throws(MergeError) -> [Bool]

    /// The merge with given masks.
    package static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, lambda: Double, rule: Rule, density: Double,
        majoritySign: MajoritySign, masks: MaskSource
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        let layers = try LayerCore.map(adapters, weights: weights) { (layer) throws(MergeError) in
            var aligned = try AlignedParts(layer, lambda: lambda)
            if rule == .dareTIES {
                try aligned.drop(density: density) { (position, count) throws(MergeError) in
                    try masks(position, layer.site, count)
                }
            }
            return aligned
        }
        return try AlignedParts.merge(layers, rule: rule, density: density, majoritySign: majoritySign)
    }
}

/// A layer's updates in the left singular basis of all of them side by side.
struct AlignedParts: Sendable {
    /// U, `[outputs, rank]`, rows after one another.
    private let basis: [Float]
    /// λ S Vᵢᵀ of each adapter, `[rank, inputs]`, rows after one another.
    private var parts: [[Float]]
    /// Where the adapters of `parts` stand in the list.
    private let positions: [Int]
    private let rank: Int
    private let inputs: Int
    private let outputs: Int
    /// The Frobenius norm that the merged update is brought to, if any.
    private let norm: Double?

    /// The authors' bound of the singular values that count.
    private static let cut = 1e-5
    /// A norm below this one is not raised to another (the bound of Pico's authors).
    static let smallestNorm = 1e-8

    init(_ layer: LayerCore, lambda: Double, norm: Double? = nil) throws(MergeError) {
        // An election passes over NaN, so that it would not show in the result.
        guard lambda.isFinite else {
            throw MergeError(.badParameter, "lambda is \(lambda), but must be finite", key: "lambda")
        }
        let cores = layer.parts.map(\.core)
        let decomposition = try Matrix.beside(cores).svd()
        let rank = decomposition.s.prefix { $0 > Self.cut }.count
        self.rank = rank
        inputs = layer.inputs
        outputs = layer.outputs
        self.norm = norm
        positions = layer.parts.map(\.position)
        let u = decomposition.u.columns(0..<rank)
        basis = layer.expandedLeft(u).floats
        // Uᵀ Δᵢ rather than the decomposition's own S Vᵢᵀ: exactly 0 where an update is.
        parts = layer.parts.map { part in
            part.isZero
                ? Array(repeating: 0, count: rank * layer.inputs)
                : layer.projection(of: part, on: u, scale: lambda)
        }
    }

    /// Sets the entries that a mask does not keep to 0 and divides the others by the density.
    mutating func drop(density: Double, mask: (Int, Int) throws(MergeError) -> [Bool]) throws(MergeError) {
        for index in parts.indices {
            let mask = try mask(positions[index], parts[index].count)
            parts[index] = DARE.drop(parts[index], mask, density: Float(density))
        }
    }

    /// Merges the parts of all layers.
    static func merge(
        _ layers: [AdapterSite: AlignedParts], rule: KnOTS.Rule, density: Double, majoritySign: MajoritySign
    ) throws(MergeError) -> LoRAAdapter {
        let thresholds = rule == .ties && density < 1 ? thresholds(layers, density: density) : [:]
        let sites = layers.keys.sorted()
        let merged = sites.concurrentMap { site in
            layers[site]?.merged(rule: rule, majoritySign: majoritySign, thresholds: thresholds)
        }
        let factors = Dictionary(uniqueKeysWithValues: zip(sites, merged)).compactMapValues(\.self)
        return try LoRAAdapter(factors: factors).checkedFinite()
    }

    /// The magnitude at which each adapter's parts of all layers are pruned.
    private static func thresholds(_ layers: [AdapterSite: AlignedParts], density: Double) -> [Int: Float] {
        var tensors: [Int: [[Float]]] = [:]
        for layer in layers.values {
            for (position, part) in zip(layer.positions, layer.parts) { tensors[position, default: []].append(part) }
        }
        return tensors.mapValues { ElectedMean.threshold(of: $0, density: density) }
    }

    private func merged(rule: KnOTS.Rule, majoritySign: MajoritySign, thresholds: [Int: Float]) -> LoRAFactors {
        guard rank > 0 else { return .zero(inputs: inputs, outputs: outputs) }
        var merged =
            switch rule {
            case .ties, .dareTIES:
                ElectedMean.merge(
                    zip(positions, parts).map { ElectedMean.pruned($1, below: thresholds[$0] ?? 0) },
                    majoritySign: majoritySign)
            case .mean: ElectedMean.nonzeroMean(parts)
            case .sum: WeightedSum.of(parts, parts.map { _ in 1 })
            }
        if let norm {
            // The basis is orthonormal, so this is the norm of the product.
            let present = merged.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            let factor = Float(norm / max(present, Self.smallestNorm))
            for index in merged.indices { merged[index] *= factor }
        }
        return LoRAFactors(rank: rank, inputs: inputs, outputs: outputs, a: merged, b: basis, scaling: 1)
    }
}
