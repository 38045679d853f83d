import ModelEngine

/// Iso-CTS: the leading directions of the sum, the rest of the room shared out to single tasks, at one level.
///
/// 1. Of D directions altogether d = round((D − ⌊D f⌋) / n) go to each of the n tasks, with f the parameter `common`
///    (halves round to even), and the other c = D − n d to the common space: the leading c directions of Σ Δᵢ = U S Vᵀ.
/// 2. For each task the leading d directions of Δᵢ − U_c U_cᵀ Δᵢ are added, with their singular values.
/// 3. All left and all right vectors are replaced by the nearest orthonormal matrices, all singular values by their
///    mean; the product, times λ, is the update.
///
/// Source: Marczak et al. (2025; see `IsoC`), arXiv 2502.04959, section 4.2, equations 10 to 13, Algorithm 2; the
/// authors' `iso.py`, which divides the room as step 1 says, with f = 0.8, the default here. There D = min(out, in),
/// and a common space of 80 % of it holds the whole sum of LoRA updates, so that nothing would be left to the tasks but
/// noise. Here D = min(Σ rᵢ, out, in), the directions that low-rank updates can have, the same where Σ rᵢ is large
/// enough; f then means the same share of them. Directions that do not exist (see `SingularDirections`) are left out,
/// and `mean-over` says, as for Iso-C, what the mean is taken over; `dimension` is the paper's, with zeros for the
/// min(out, in) − D others.
public struct IsoCTS: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "iso-cts", title: "Iso-CTS", family: .dataFreeMerge, reference: IsotropicMean.reference,
        parameters: [
            .unitWeights, .lambda, .meanOver,
            ParameterDescription(
                "common", .number(above: 0, atMost: 1), default: 0.8,
                "share of the directions taken from the sum of the updates; the others are single tasks'"),
        ])

    /// `weights`, `lambda`, `mean-over` and `common`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let meanOver: IsotropicMean
    private let common: Double

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        meanOver = try self.parameters.choice("mean-over")
        common = try self.parameters.number("common")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, meanOver, common] adapters, _ in
            try Self.merge(adapters, weights: weights, lambda: lambda, meanOver: meanOver, common: common)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - meanOver: which singular values the mean is taken over.
    ///   - common: share of the directions that the sum of the updates gives, above 0 and at most 1.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, meanOver: IsotropicMean = .dimension,
        common: Double = 0.8
    ) throws(MergeError) -> LoRAAdapter {
        guard common > 0, common <= 1 else {
            throw MergeError(
                .badParameter, "the share of common directions is \(common), but must be above 0 and at most 1",
                key: "common")
        }
        return try LayerCore.merge(adapters, weights: weights, lambda: lambda) { (layer) throws(MergeError) in
            try merged(layer, meanOver: meanOver, common: common)
        }
    }

    private static func merged(_ layer: LayerCore, meanOver: IsotropicMean, common: Double) throws(MergeError)
        -> LowRankUpdate
    {
        let cores = layer.parts.map(\.core)
        let dimension = min(layer.rank, layer.shorterSide)
        let spare = Double(dimension - Int(Double(dimension) * common))
        let own = Int((spare / Double(cores.count)).rounded(.toNearestOrEven))
        let sum = try Matrix.sum(cores).svd()
        // Rounding up can ask the tasks for more than there is.
        let shared = max(0, min(dimension - own * cores.count, SingularDirections.count(sum.s)))
        var directions = GatheredDirections()
        directions.add(sum, count: shared)
        let basis = sum.u.columns(0..<shared)
        for core in cores {
            let rest = try (core - basis * (basis.transposed * core)).svd()
            directions.add(rest, count: min(own, SingularDirections.count(rest.s, largest: sum.s.first)))
        }
        let level = meanOver.level(directions.values, shorterSide: layer.shorterSide)
        return try directions.orthogonalised(values: directions.values.map { _ in level })
    }
}
