import ModelEngine

/// Pico: directions of the output that many adapters use are shrunk in every B before the merge.
///
/// 1. [B₁ … Bₙ] = U diag(σ) Vᵀ, without weights and scalings; direction j is crowded to the degree cⱼ = σⱼ² / Σ σ².
/// 2. Bᵢ becomes (I + U diag(α − 1) Uᵀ) Bᵢ with αⱼ = 1 / (1 + (n − 1) cⱼ). A layer that one adapter alone has stays as
///    it is.
/// 3. The calibrated updates are merged by `rule`: `linear` is their mean, task arithmetic as in the authors' example;
///    `knots-ties` is `KnOTS` with a share `density` of the entries kept; `tsv-m` is `TSVM`.
/// 4. The merged update of each layer is scaled to the mean Frobenius norm of the Δᵢ before the calibration (`rescale:
///    merged`), then by λ. `rescale: each` scales every calibrated update to its own former norm before the merge
///    instead, as the authors' program for folders does; `none` leaves out both.
///
/// Source: Tang and Yang, "Crowded in B-Space: Calibrating Shared Directions for LoRA Merging" (2026), arXiv
/// 2604.16826, section 4.1 (steps 1 and 2) and section 4.2 (steps 3 and 4), whose equations have no numbers; the
/// authors' repository yixuantt/Pico (`PICO.calibrate_layer`, `compensate_energy`, `calibrate_lora_folder`), which this
/// follows where the paper leaves details open. The defaults are theirs. The paper also runs TIES on the dense updates;
/// in factored form its place is taken by TIES in KnOTS's basis, under its own name.
///
/// The published method has no weights: ours, 1 each unless given, scale the Δᵢ beforehand and so the norms. The
/// calibration and the norms are computed in the cores (see `LayerCore`); the rank is that of the rule.
public struct Pico: CompositionMethod {
    /// How the calibrated updates are merged.
    public enum Rule: String, Sendable, CaseIterable {
        case linear
        case knotsTIES = "knots-ties"
        case tsvM = "tsv-m"
    }

    /// What is brought back to its former norm.
    public enum Rescale: String, Sendable, CaseIterable {
        /// The merged update, to the mean norm of the adapters' updates.
        case merged
        /// Each calibrated update, to its own.
        case each
        /// Nothing.
        case none
    }

    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "pico", title: "Pico", family: .dataFreeMerge,
        reference:
            "Tang and Yang 2026, Crowded in B-Space: Calibrating Shared Directions for LoRA Merging, arXiv 2604.16826",
        parameters: [
            .unitWeights, .lambda,
            ParameterDescription(
                "rule", .choice(Rule.allCases.map(\.rawValue)), default: "linear",
                "how the calibrated updates are merged"),
            ParameterDescription(
                "density", .number(above: 0, atMost: 1), default: 1, "share of the entries that knots-ties keeps"),
            ParameterDescription(
                "rescale", .choice(Rescale.allCases.map(\.rawValue)), default: "merged",
                "whether the merged update or each calibrated one is brought back to the norm before calibration"),
        ])

    /// `weights`, `lambda`, `rule`, `density` and `rescale`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let rule: Rule
    private let density: Double
    private let rescale: Rescale

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        rule = try self.parameters.choice("rule")
        density = try self.parameters.number("density")
        rescale = try self.parameters.choice("rescale")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, rule, density, rescale] adapters, _ in
            try Self.merge(adapters, weights: weights, lambda: lambda, rule: rule, density: density, rescale: rescale)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - density: share of entries kept by `knotsTIES`, above 0 and at most 1.
    ///   - rescale: what is brought back to its norm before the calibration.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, rule: Rule = .linear,
        density: Double = 1, rescale: Rescale = .merged
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        guard rule == .knotsTIES else {
            return try LayerCore.merge(adapters, weights: weights, lambda: lambda) { (layer) throws(MergeError) in
                let merged = try combined(calibrated(layer, rescale: rescale), rule: rule)
                return rescale == .merged ? rescaled(merged, to: meanNorm(of: layer)) : merged
            }
        }
        let layers = try LayerCore.map(adapters, weights: weights) { (layer) throws(MergeError) in
            try AlignedParts(
                calibrated(layer, rescale: rescale), lambda: rescale == .merged ? 1 : lambda,
                norm: rescale == .merged ? meanNorm(of: layer) * lambda : nil)
        }
        return try AlignedParts.merge(layers, rule: .ties, density: density, majoritySign: .total)
    }

    /// The layer with every B calibrated.
    static func calibrated(_ layer: LayerCore, rescale: Rescale) throws(MergeError) -> LayerCore {
        guard layer.parts.count > 1 else { return layer }
        let decomposition = try layer.stackedB.svd()
        let energies = decomposition.s.map { $0 * $0 }
        let total = max(energies.reduce(0, +), 1e-12)
        let shrinkages = energies.map { 1 / (1 + Double(layer.parts.count - 1) * $0 / total) - 1 }
        var result = layer
        for index in result.parts.indices {
            let part = layer.parts[index]
            let correction = decomposition.u.scalingColumns(by: shrinkages) * (decomposition.u.transposed * part.b)
            result.parts[index].b = part.b + correction
            // B A may be 0 though neither factor is.
            let norm = rescale == .each ? result.parts[index].core.frobeniusNorm : 0
            if norm > 0 { result.parts[index].factor *= part.core.frobeniusNorm / norm }
        }
        return result
    }

    private static func combined(_ layer: LayerCore, rule: Rule) throws(MergeError) -> LowRankUpdate {
        if rule == .tsvM { return try TSVM.merged(layer.parts.map(\.update), shorterSide: layer.shorterSide, k: 0) }
        return .narrow(Matrix.sum(layer.parts.map(\.core)) * (1 / Double(layer.parts.count)))
    }

    private static func meanNorm(of layer: LayerCore) -> Double {
        layer.parts.reduce(0) { $0 + $1.core.frobeniusNorm } / Double(layer.parts.count)
    }

    private static func rescaled(_ update: LowRankUpdate, to norm: Double) -> LowRankUpdate {
        let factor = norm / max(update.dense.frobeniusNorm, AlignedParts.smallestNorm)
        return LowRankUpdate(left: update.left, right: update.right * factor)
    }
}
