/// An adapter packed for the engine: the linear layers that share an input share one product with their A's.
///
/// For layers with input x and factors (Aᵢ, Bᵢ, sᵢ): z = [s₁A₁; s₂A₂; …] x, then yᵢ gains Bᵢ zᵢ, and sᵢ times the bias
/// where there is one.
public final class PreparedAdapter: Sendable {
    /// The linear layers of a block that read the same input.
    static let groups: [[Projection]] = [[.query, .key, .value], [.output], [.gate, .up], [.down]]

    struct Group: Sendable {
        /// `[inputs, ΣR]`.
        let a: PackedMatrix
        /// For each projection of the group: Bᵀ `[R, outputs]` and where its z begins; nil where nothing changes.
        let b: [(matrix: PackedMatrix, offset: Int)?]
        /// For each projection its bias times the scaling, `[outputs]`; nil where there is none.
        let biases: [FloatBuffer?]
    }

    /// `[layer][group]`; nil where the adapter changes nothing.
    let layers: [[Group?]]
    /// The widest ΣR.
    let width: Int
    private let shapes: [[Int]]

    /// Packs an adapter.
    ///
    /// - Throws: `badAdapter` where a layer does not exist or a shape does not fit the model.
    public init(_ adapter: LoRAAdapter, for configuration: ModelConfiguration) throws(ModelError) {
        try adapter.check(against: configuration)
        var layers: [[Group?]] = []
        var width = 0
        for layer in 0..<configuration.layers {
            layers.append(
                Self.groups.map { projections in
                    let group = Self.pack(projections, layer: layer, adapter)
                    width = max(width, group?.a.columns ?? 0)
                    return group
                })
        }
        self.layers = layers
        self.width = width
        shapes = Self.shapes(of: configuration)
    }

    /// Whether the adapter was packed for a model of these sizes.
    func fits(_ configuration: ModelConfiguration) -> Bool { shapes == Self.shapes(of: configuration) }

    private static func shapes(of configuration: ModelConfiguration) -> [[Int]] {
        [[configuration.layers]]
            + Projection.allCases.map { [configuration.shape(of: $0).inputs, configuration.shape(of: $0).outputs] }
    }

    private static func pack(_ projections: [Projection], layer: Int, _ adapter: LoRAAdapter) -> Group? {
        let factors = projections.map { adapter.factors[AdapterSite(layer: layer, projection: $0)] }
        let rank = factors.reduce(0) { $0 + ($1?.rank ?? 0) }
        let biases = factors.map { factor in
            factor?.bias.map { bias in FloatBuffer(bias.map { $0 * (factor?.scaling ?? 1) }) }
        }
        guard rank > 0 || biases.contains(where: { $0 != nil }),
            let inputs = factors.compactMap({ $0?.inputs }).first
        else { return nil }
        var stacked: [Float] = []
        stacked.reserveCapacity(rank * inputs)
        var b: [(matrix: PackedMatrix, offset: Int)?] = []
        for factor in factors {
            guard let factor, factor.rank > 0 else {
                b.append(nil)
                continue
            }
            let matrix = PackedMatrix(columns: factor.outputs, depth: factor.rank)
            factor.b.withUnsafeBufferPointer {
                if let base = $0.baseAddress {
                    matrix.pack(rows: base, stride: factor.rank, panels: 0..<matrix.panelCount)
                }
            }
            b.append((matrix, stacked.count / inputs))
            stacked.append(contentsOf: factor.a.lazy.map { $0 * factor.scaling })
        }
        let a = PackedMatrix(columns: rank, depth: inputs)
        stacked.withUnsafeBufferPointer {
            if let base = $0.baseAddress { a.pack(rows: base, stride: inputs, panels: 0..<a.panelCount) }
        }
        return Group(a: a, b: b, biases: biases)
    }
}

extension LoRAAdapter {
    /// Checks that every changed layer exists in a model and has its shape.
    ///
    /// - Throws: `badAdapter` naming the layer.
    public func check(against configuration: ModelConfiguration) throws(ModelError) {
        for site in sites {
            guard site.layer >= 0, site.layer < configuration.layers else {
                throw ModelError(
                    .badAdapter, "the adapter changes a layer that the model lacks (it has \(configuration.layers))",
                    tensor: site.description)
            }
            let shape = configuration.shape(of: site.projection)
            guard let factors = factors[site] else { continue }
            guard factors.inputs == shape.inputs, factors.outputs == shape.outputs else {
                throw ModelError(
                    .badAdapter,
                    """
                    the adapter was made for a layer with \(factors.inputs) inputs and \(factors.outputs) outputs, the \
                    model's has \(shape.inputs) and \(shape.outputs); use an adapter trained for this model
                    """, tensor: site.description)
            }
        }
    }
}
