/// The adapter terms of the projections that share an input, in the layouts that both passes need, with gradients.
///
/// The terms of all projections are stacked: z = S A x with A `[R, inputs]` and S the terms' scalings, then projection p
/// gains B_p z_p over its own rows of z. B is kept transposed, `[R, outputs]`.
final class TrainableGroup: @unchecked Sendable {
    /// A term's place in the stack.
    struct Part: Sendable {
        let site: AdapterSite
        let term: Int
        let rows: Range<Int>
        let scaling: Float
        let trainsA: Bool
        let trainsB: Bool
    }

    /// One projection of the group; `rows` are its rows of z.
    struct Output: Sendable {
        let projection: Projection
        let rows: Range<Int>
        let outputs: Int
        /// `[R_p, outputs]` and its gradient; empty where nothing changes the projection.
        let b: FloatBuffer
        let bGradient: FloatBuffer
        /// Right-hand sides: z·Bᵀ and dy·B.
        let forward: PackedMatrix
        let backward: PackedMatrix
    }

    let inputs: Int
    let rank: Int
    let parts: [Part]
    let outputs: [Output]
    /// `[R, inputs]` without the scalings, and its gradient.
    let a: FloatBuffer
    let aGradient: FloatBuffer
    /// Right-hand sides: x·(SA)ᵀ and dz·(SA).
    let forward: PackedMatrix
    let backward: PackedMatrix

    /// Nil where no projection of the group has a term.
    init?(layer: Int, projections: [Projection], adapter: TrainableAdapter, configuration: ModelConfiguration) {
        var parts: [Part] = []
        var outputs: [Output] = []
        var stacked: [Float] = []
        inputs = configuration.shape(of: projections[0]).inputs
        var rank = 0
        for projection in projections {
            let site = AdapterSite(layer: layer, projection: projection)
            let length = configuration.shape(of: projection).outputs
            let first = rank
            var transposed: [Float] = []
            for (index, term) in (adapter.terms[site] ?? []).enumerated() {
                let factors = term.factors
                parts.append(
                    Part(
                        site: site, term: index, rows: rank..<rank + factors.rank, scaling: factors.scaling,
                        trainsA: term.trainsA, trainsB: term.trainsB))
                rank += factors.rank
                stacked += factors.a
                for r in 0..<factors.rank { for o in 0..<length { transposed.append(factors.b[o * factors.rank + r]) } }
            }
            let own = rank - first
            outputs.append(
                Output(
                    projection: projection, rows: first..<rank, outputs: length, b: FloatBuffer(transposed),
                    bGradient: FloatBuffer(transposed.count), forward: PackedMatrix(columns: length, depth: own),
                    backward: PackedMatrix(columns: own, depth: length)))
        }
        guard rank > 0 else { return nil }
        self.rank = rank
        self.parts = parts
        self.outputs = outputs
        a = FloatBuffer(stacked)
        aGradient = FloatBuffer(stacked.count)
        forward = PackedMatrix(columns: rank, depth: inputs)
        backward = PackedMatrix(columns: inputs, depth: rank)
    }

    /// Packs the present values; after every change of A or B.
    func pack() {
        let scaled = FloatBuffer(a.count)
        for part in parts {
            for index in part.rows.lowerBound * inputs..<part.rows.upperBound * inputs {
                scaled.pointer[index] = a.pointer[index] * part.scaling
            }
        }
        forward.pack(rows: scaled.pointer, stride: inputs, panels: 0..<forward.panelCount)
        backward.pack(columns: scaled.pointer, stride: inputs, panels: 0..<backward.panelCount)
        for output in outputs where !output.rows.isEmpty {
            let matrix = output.forward
            matrix.pack(columns: output.b.pointer, stride: output.outputs, panels: 0..<matrix.panelCount)
            output.backward.pack(
                rows: output.b.pointer, stride: output.outputs, panels: 0..<output.backward.panelCount)
        }
    }

    func clearGradients() {
        aGradient.clear()
        for output in outputs { output.bGradient.clear() }
    }

    /// The trained stretches of memory: values, gradients and what the gradients are to be multiplied by.
    var parameters: [ParameterSlice] { parts.flatMap(parameters) }

    /// The trained stretches of one part.
    func parameters(of part: Part) -> [ParameterSlice] {
        var slices: [ParameterSlice] = []
        if part.trainsA {
            slices.append(
                ParameterSlice(
                    values: a, gradients: aGradient,
                    range: part.rows.lowerBound * inputs..<part.rows.upperBound * inputs, scale: part.scaling))
        }
        if part.trainsB, let output = outputs.first(where: { $0.projection == part.site.projection }) {
            let first = part.rows.lowerBound - output.rows.lowerBound
            slices.append(
                ParameterSlice(
                    values: output.b, gradients: output.bGradient,
                    range: first * output.outputs..<(first + part.rows.count) * output.outputs, scale: 1))
        }
        return slices
    }

    /// A and B of a term, B as `[outputs, R]`: the present values, or the gradients.
    func factors(_ part: Part, gradients: Bool) -> (a: [Float], b: [Float]) {
        var a = (gradients ? aGradient : self.a).values(
            part.rows.lowerBound * inputs..<part.rows.upperBound * inputs)
        if gradients { for index in a.indices { a[index] *= part.scaling } }
        guard let output = outputs.first(where: { $0.projection == part.site.projection }) else { return (a, []) }
        let source = (gradients ? output.bGradient : output.b).pointer
        let first = part.rows.lowerBound - output.rows.lowerBound
        var b = [Float](repeating: 0, count: output.outputs * part.rows.count)
        for r in 0..<part.rows.count {
            for o in 0..<output.outputs { b[o * part.rows.count + r] = source[(first + r) * output.outputs + o] }
        }
        return (a, b)
    }
}

/// A stretch of trained numbers.
struct ParameterSlice: Sendable {
    let values: FloatBuffer
    let gradients: FloatBuffer
    let range: Range<Int>
    /// The true gradient is `scale` times what was summed.
    let scale: Float
}
