/// What a training run starts from and changes: for each layer a sum of low-rank updates, some of them frozen.
///
/// y gains the sum over the terms (see `AdapterTerm`). Ordinary LoRA training has one term a layer with A and B trained; a
/// calibration has a frozen merge and, beside it, a small trained term; other methods train what stands between or before
/// frozen factors.
public struct TrainableAdapter: Sendable, Equatable {
    /// The terms of each changed layer; those of one layer agree in `inputs` and `outputs`.
    public var terms: [AdapterSite: [AdapterTerm]]

    /// An adapter of the given terms.
    ///
    /// - Precondition: the terms of one layer have the same `inputs` and the same `outputs`.
    public init(terms: [AdapterSite: [AdapterTerm]] = [:]) {
        for layer in terms.values {
            precondition(
                layer.allSatisfy {
                    $0.factors.inputs == layer[0].factors.inputs && $0.factors.outputs == layer[0].factors.outputs
                }, "the terms of a layer differ in shape")
        }
        self.terms = terms
    }

    /// Ordinary LoRA training: A and B of every layer are trained, the scaling stays.
    public init(training adapter: LoRAAdapter) {
        terms = adapter.factors.mapValues { [AdapterTerm(factors: $0, trainsA: true, trainsB: true)] }
    }

    /// The changed layers in order of computation; use this wherever an order could show.
    public var sites: [AdapterSite] { terms.keys.sorted() }

    /// How many numbers are trained, over all layers.
    public var trainableParameterCount: Int {
        terms.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.trainableParameterCount } }
    }

    /// The same update as plain LoRA: the terms of a layer concatenated over the rank, with scaling 1.
    ///
    /// A is the stack of `scaling · A` of the terms, B holds their B side by side, so that `B A = Σ scaling · B A`; the
    /// only rounding is that of `scaling · A`, and of c and P where a term has them. A layer without terms is left out.
    public var merged: LoRAAdapter {
        LoRAAdapter(factors: terms.compactMapValues(Self.concatenation))
    }

    private static func concatenation(_ terms: [AdapterTerm]) -> LoRAFactors? {
        let parts = terms.map(\.plain)
        guard let first = parts.first else { return nil }
        let rank = parts.reduce(0) { $0 + $1.rank }
        var a: [Float] = []
        a.reserveCapacity(rank * first.inputs)
        for part in parts {
            let scaling = part.scaling
            if scaling == 1 { a += part.a } else { for value in part.a { a.append(value * scaling) } }
        }
        var b: [Float] = []
        b.reserveCapacity(first.outputs * rank)
        for row in 0..<first.outputs {
            for part in parts { b += part.b[row * part.rank..<(row + 1) * part.rank] }
        }
        var bias: [Float]?
        for factors in parts {
            guard let own = factors.bias else { continue }
            bias = zip(bias ?? [Float](repeating: 0, count: own.count), own).map { $0 + $1 * factors.scaling }
        }
        return LoRAFactors(rank: rank, inputs: first.inputs, outputs: first.outputs, a: a, b: b, scaling: 1, bias: bias)
    }
}
