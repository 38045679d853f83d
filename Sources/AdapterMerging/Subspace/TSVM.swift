import ModelEngine

/// TSV-M, task singular vectors: the leading singular directions of each update, made orthogonal to one another.
///
/// 1. Of each Δᵢ = Uᵢ Sᵢ Vᵢᵀ the k largest singular values stay, with their vectors.
/// 2. U = [U₁ … Uₙ] and V = [V₁ … Vₙ] are replaced by the nearest orthonormal matrices (orthogonal Procrustes): P Qᵀ of
///    the decomposition P D Qᵀ.
/// 3. Δ = λ U⊥ diag(S₁, …, Sₙ) V⊥ᵀ, of rank n k at most.
///
/// Source: Gargiulo et al., "Task Singular Vectors: Reducing Task Interference in Model Merging" (CVPR 2025), arXiv
/// 2412.00081, section 4.2, equations 5 and 8, Algorithm 1; the authors' repository AntoAndGar/task_singular_vectors,
/// `TSVM_utils.compute_and_sum_svd_mem_reduction`. They keep k = ⌊min(out, in) / n⌋ (k = 0 here, the default), which
/// for a LoRA adapter is more than its rank unless n is large; then all of its rᵢ directions stay. k = r / n gives a
/// merged adapter of the rank of one. The authors' code fills k up with vectors of singular value 0, which an SVD of a
/// dense low-rank matrix picks at random and which then turn the others: ours takes only directions that exist (see
/// `SingularDirections`), as happens in the authors' definition where k ≤ rᵢ.
///
/// The published method has no weights: ours, 1 each unless given, scale the Δᵢ beforehand. λ is 1 unless given. Two
/// equal adapters give the one back with weights of 1, not twice the one.
public struct TSVM: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "tsv-m", title: "TSV-M", family: .dataFreeMerge,
        reference:
            "Gargiulo et al. 2024, Task Singular Vectors: Reducing Task Interference in Model Merging, "
            + "arXiv 2412.00081",
        parameters: [
            .unitWeights, .lambda,
            ParameterDescription(
                "k", .integer(0...65_536), default: 0,
                "singular directions kept of each adapter; 0 keeps the paper's share, for LoRA usually all"),
        ])

    /// `weights`, `lambda` and `k`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let lambda: Double
    private let k: Int

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        lambda = try self.parameters.number("lambda")
        k = try self.parameters.integer("k")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, lambda, k] adapters, _ in
            try Self.merge(adapters, weights: weights, lambda: lambda, k: k)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates; `nil` is 1 each.
    ///   - lambda: factor of the result.
    ///   - k: directions kept of each update, at most ⌊min(out, in) / n⌋; 0 is that bound.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, lambda: Double = 1, k: Int = 0
    ) throws(MergeError) -> LoRAAdapter {
        try LayerCore.merge(adapters, weights: weights, lambda: lambda) { (layer) throws(MergeError) in
            try merged(layer.parts.map(\.update), shorterSide: layer.shorterSide, k: k)
        }
    }

    /// The merge of updates in any orthonormal coordinates.
    static func merged(_ updates: [LowRankUpdate], shorterSide: Int, k: Int) throws(MergeError) -> LowRankUpdate {
        let bound = shorterSide / updates.count
        let limit = k > 0 ? min(k, bound) : bound
        var directions = GatheredDirections()
        for update in updates {
            let decomposition = try update.svd()
            directions.add(decomposition, count: min(limit, SingularDirections.count(decomposition.s)))
        }
        return try directions.orthogonalised(values: directions.values)
    }
}
