import ModelEngine

/// One layer's adapters in the coordinates of two orthonormal bases that they share.
///
/// With the thin QR factorisations [B₁ … Bₙ] = Q_B R_B and [A₁ᵀ … Aₙᵀ] = Q_A R_A, and R_B, R_A cut into the adapters'
/// columns, every update is
///
///     Δᵢ = wᵢ sᵢ Bᵢ Aᵢ = Q_B Cᵢ Q_Aᵀ,   Cᵢ = wᵢ sᵢ R_Bᵢ R_Aᵢᵀ
///
/// with a core Cᵢ of at most R × R numbers, R = Σ rᵢ. Q_B and Q_A are orthonormal, so sums, singular values,
/// projections and Frobenius norms of the dense updates are those of the cores: the subspace merges work on the cores
/// and are exact without any matrix of the layer's own size.
struct LayerCore: Sendable {
    /// One adapter of the layer.
    struct Part: Sendable {
        /// Where the adapter stands in the list, from 0.
        var position: Int
        /// Weight times scaling.
        var factor: Double
        /// R_Bᵢ, `[p, rᵢ]`.
        var b: Matrix
        /// R_Aᵢᵀ, `[rᵢ, q]`.
        var a: Matrix
        /// Aᵢ itself, `[rᵢ, inputs]`.
        let rows: [Float]

        /// The adapter's update Cᵢ in its factors.
        var update: LowRankUpdate { LowRankUpdate(left: b * factor, right: a) }
        /// Cᵢ, `[p, q]`.
        var core: Matrix { b * factor * a }
        /// Whether the update is exactly zero.
        var isZero: Bool { factor == 0 || b.isZero || a.isZero }
    }

    let site: AdapterSite
    let inputs: Int
    let outputs: Int
    /// Σ rᵢ of the adapters that have the layer.
    let rank: Int
    var parts: [Part]
    /// Q_B with p = min(outputs, rank).
    private let left: FactorBasis
    /// Q_A with q = min(inputs, rank).
    private let right: FactorBasis

    /// The length of the layer's shorter side, which counts the singular values of a dense update.
    var shorterSide: Int { min(inputs, outputs) }
    /// [R_B₁ … R_Bₙ], `[p, rank]`.
    var stackedB: Matrix { Matrix.beside(parts.map(\.b)) }
    /// [R_A₁ᵀ; …; R_Aₙᵀ], `[rank, q]`.
    var stackedA: Matrix { Matrix.stacked(parts.map(\.a)) }

    init(site: AdapterSite, members: [MergeInputs.Member]) {
        self.site = site
        inputs = members[0].factors.inputs
        outputs = members[0].factors.outputs
        rank = members.reduce(0) { $0 + $1.factors.rank }
        left = FactorBasis(
            rows: .stacked(
                members.map {
                    Matrix(rows: $0.factors.outputs, columns: $0.factors.rank, floats: $0.factors.b).transposed
                }))
        right = FactorBasis(
            rows: .stacked(
                members.map { Matrix(rows: $0.factors.rank, columns: $0.factors.inputs, floats: $0.factors.a) }))
        var start = 0
        parts = []
        for member in members {
            let columns = start..<start + member.factors.rank
            parts.append(
                Part(
                    position: member.position, factor: member.weight * Double(member.factors.scaling),
                    b: left.core.columns(columns), a: right.core.columns(columns).transposed, rows: member.factors.a))
            start = columns.upperBound
        }
    }

    /// The columns of `matrix` `[p, k]` in the layer's own coordinates, `[outputs, k]`.
    func expandedLeft(_ matrix: Matrix) -> Matrix { left.expanded(matrix.transposed).transposed }

    /// The rows of `matrix` `[k, q]` in the layer's own coordinates, `[k, inputs]`.
    func expandedRight(_ matrix: Matrix) -> Matrix { right.expanded(matrix) }

    /// Projections of an adapter's update on directions of the output: Uᵀ Δᵢ for U in core coordinates, `[k, inputs]`.
    ///
    /// It goes from B's coordinates straight to the adapter's own A, in single precision: nothing cancels there.
    func projection(of part: Part, on directions: Matrix, scale: Double) -> [Float] {
        let shares = directions.transposed * part.b * (part.factor * scale)
        return LAPACK.product(
            shares.floats, part.rows, rows: shares.rows, columns: inputs, inner: shares.columns)
    }

    /// An update in core coordinates as factors of the layer.
    func factors(_ update: LowRankUpdate, lambda: Double) -> LoRAFactors {
        guard update.left.columns > 0 else { return .zero(inputs: inputs, outputs: outputs) }
        return LoRAFactors(
            rank: update.left.columns, inputs: inputs, outputs: outputs, a: expandedRight(update.right * lambda).floats,
            b: expandedLeft(update.left).floats, scaling: 1)
    }

    /// Merges every layer of the adapters by a rule on its cores.
    ///
    /// - Parameters:
    ///   - weights: factors of the updates before the merge; `nil` is 1 each, the published methods' own behaviour.
    ///   - lambda: factor of the result.
    ///   - rule: gives the merged update in core coordinates.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, lambda: Double,
        rule: @Sendable (LayerCore) throws(MergeError) -> LowRankUpdate
    ) throws(MergeError) -> LoRAAdapter {
        let layers = try map(adapters, weights: weights) { (layer) throws(MergeError) in
            layer.factors(try rule(layer), lambda: lambda)
        }
        return try LoRAAdapter(factors: layers).checkedFinite()
    }

    /// What a function makes of each layer.
    static func map<Value: Sendable>(
        _ adapters: [LoRAAdapter], weights: [Double]?,
        _ transform: @Sendable (LayerCore) throws(MergeError) -> Value
    ) throws(MergeError) -> [AdapterSite: Value] {
        let inputs = try MergeInputs(adapters, weights: weights ?? Array(repeating: 1, count: adapters.count))
        let values = try inputs.sites.concurrentMap { (site) throws(MergeError) in
            try transform(LayerCore(site: site, members: inputs.members(of: site)))
        }
        return Dictionary(uniqueKeysWithValues: zip(inputs.sites, values))
    }
}

extension LoRAFactors {
    /// An update of nothing: rank 1, since a rank of 0 has no factors.
    static func zero(inputs: Int, outputs: Int) -> LoRAFactors {
        LoRAFactors(
            rank: 1, inputs: inputs, outputs: outputs, a: Array(repeating: 0, count: inputs),
            b: Array(repeating: 0, count: outputs), scaling: 1)
    }
}
