import CKernels

/// The adapter terms of the projections that share an input, in the layouts that both passes need, with gradients.
///
/// The terms of all projections are stacked: z = S A x with A `[R, inputs]` and S the terms' scalings, then projection p
/// gains B_p z_p over its own rows of z, and the sum of its terms' biases. B is kept transposed, `[R, outputs]`. A term's
/// coefficient and middle matrix are folded into B (see `FoldedTerm`).
final class TrainableGroup: @unchecked Sendable {
    /// A term's place in the stack.
    struct Part: Sendable {
        let site: AdapterSite
        let term: Int
        let rows: Range<Int>
        let scaling: Float
        let trainsA: Bool
        let trainsB: Bool
        let trainsBias: Bool
        /// What is folded into B; nil where B is the term's own.
        let folded: FoldedTerm?
        /// `[outputs]`, without the scaling.
        let bias: FloatBuffer?

        /// Whether the gradient of B, or of what B is folded into, is needed.
        var needsB: Bool { trainsB || folded != nil }
    }

    /// One projection of the group; `rows` are its rows of z.
    struct Output: Sendable {
        let projection: Projection
        let rows: Range<Int>
        let outputs: Int
        /// `[R_p, outputs]` and its gradient; empty where nothing changes the projection.
        let b: FloatBuffer
        let bGradient: FloatBuffer
        /// The terms' biases times their scalings, `[outputs]`, and its gradient; nil where there is none, or where it is
        /// not needed.
        let bias: FloatBuffer?
        let biasGradient: FloatBuffer?
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
            let terms = adapter.terms[site] ?? []
            var transposed: [Float] = []
            for (index, term) in terms.enumerated() {
                precondition(term.isConsistent, "an adapter's term does not fit together")
                let factors = term.factors
                let begin = transposed.count
                for r in 0..<factors.rank { for o in 0..<length { transposed.append(factors.b[o * factors.rank + r]) } }
                parts.append(
                    Part(
                        site: site, term: index, rows: rank..<rank + factors.rank, scaling: factors.scaling,
                        trainsA: term.trainsA, trainsB: term.trainsB, trainsBias: term.trainsBias,
                        folded: FoldedTerm(term, transposedB: Array(transposed[begin...])),
                        bias: factors.bias.map { FloatBuffer($0) }))
                rank += factors.rank
                stacked += factors.a
            }
            let own = rank - first
            let learnsBias = terms.contains { $0.trainsBias || ($0.factors.bias != nil && $0.coefficient != nil) }
            outputs.append(
                Output(
                    projection: projection, rows: first..<rank, outputs: length, b: FloatBuffer(transposed),
                    bGradient: FloatBuffer(transposed.count),
                    bias: terms.contains { $0.factors.bias != nil } ? FloatBuffer(length) : nil,
                    biasGradient: learnsBias ? FloatBuffer(length) : nil,
                    forward: PackedMatrix(columns: length, depth: own),
                    backward: PackedMatrix(columns: own, depth: length)))
        }
        guard rank > 0 || outputs.contains(where: { $0.bias != nil }) else { return nil }
        self.rank = rank
        self.parts = parts
        self.outputs = outputs
        a = FloatBuffer(stacked)
        aGradient = FloatBuffer(stacked.count)
        forward = PackedMatrix(columns: rank, depth: inputs)
        backward = PackedMatrix(columns: inputs, depth: rank)
    }

    /// Packs the present values; after every change of a trained number.
    func pack() {
        for output in outputs { output.bias?.clear() }
        for part in parts {
            guard let output = output(of: part) else { continue }
            part.folded?.fold(into: output.b.pointer + rows(of: part, in: output).lowerBound)
            guard let bias = part.bias, let sum = output.bias else { continue }
            let scaling = part.scaling * (part.folded?.usedCoefficient ?? 1)
            for index in 0..<bias.count { sum.pointer[index] += scaling * bias.pointer[index] }
        }
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
        for output in outputs {
            output.bGradient.clear()
            output.biasGradient?.clear()
        }
    }

    /// Turns the gradients that the passes summed up into those of what is folded into B.
    func unfoldGradients() {
        for part in parts {
            guard let folded = part.folded, let output = output(of: part) else { continue }
            var bias: Float = 0
            if let own = part.bias, let gradient = output.biasGradient {
                bias = part.scaling * ck_dot(own.pointer, gradient.pointer, own.count)
            }
            folded.unfold(output.bGradient.pointer + rows(of: part, in: output).lowerBound, bias: bias)
        }
    }

    private func output(of part: Part) -> Output? {
        outputs.first { $0.projection == part.site.projection }
    }

    /// A part's elements of its projection's Bᵀ.
    private func rows(of part: Part, in output: Output) -> Range<Int> {
        let first = part.rows.lowerBound - output.rows.lowerBound
        return first * output.outputs..<(first + part.rows.count) * output.outputs
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
        guard let output = output(of: part) else { return slices }
        if part.trainsB {
            slices.append(
                ParameterSlice(
                    values: output.b, gradients: output.bGradient, range: rows(of: part, in: output), scale: 1))
        }
        if part.trainsBias { append(part.bias, output.biasGradient, scale: part.scaling) }
        append(part.folded?.middle, part.folded?.middleGradient, scale: 1)
        append(part.folded?.coefficient, part.folded?.coefficientGradient, scale: 1)
        return slices

        func append(_ values: FloatBuffer?, _ gradients: FloatBuffer?, scale: Float) {
            guard let values, let gradients else { return }
            slices.append(
                ParameterSlice(values: values, gradients: gradients, range: 0..<values.count, scale: scale))
        }
    }

    /// Puts the present values of a part's trained numbers, or their gradients, in its term; the gradients of frozen
    /// ones are 0.
    func read(_ part: Part, into term: inout AdapterTerm, gradients: Bool) {
        if gradients {
            term.factors.a = [Float](repeating: 0, count: term.factors.a.count)
            term.factors.b = [Float](repeating: 0, count: term.factors.b.count)
            term.factors.bias = term.factors.bias.map { [Float](repeating: 0, count: $0.count) }
        }
        var slices = parameters(of: part).makeIterator()
        // In the order of `parameters(of:)`, which is that of the cases.
        for kind in TrainedPart.allCases where kind.values(of: term) != nil {
            guard let slice = slices.next() else { return }
            var values = (gradients ? slice.gradients : slice.values).values(slice.range)
            if gradients { for index in values.indices { values[index] *= slice.scale } }
            if kind == .b {
                let rank = part.rows.count
                let outputs = values.count / max(1, rank)
                values = (0..<outputs * rank).map { values[$0 % rank * outputs + $0 / rank] }
            }
            kind.set(values, in: &term)
        }
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
