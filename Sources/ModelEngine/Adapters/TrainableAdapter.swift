/// One low-rank update among those of a linear layer, and which of its factors are trained.
public struct AdapterTerm: Sendable, Equatable {
    /// The update: y gains `scaling · B (A x)`. The scaling itself is never trained.
    public var factors: LoRAFactors
    /// Whether A is trained; it stays as it is otherwise.
    public var trainsA: Bool
    /// Whether B is trained; it stays as it is otherwise.
    public var trainsB: Bool

    /// An update with its trained factors named.
    public init(factors: LoRAFactors, trainsA: Bool, trainsB: Bool) {
        self.factors = factors
        self.trainsA = trainsA
        self.trainsB = trainsB
    }

    /// How many numbers of this term are trained.
    public var trainableParameterCount: Int {
        (trainsA ? factors.a.count : 0) + (trainsB ? factors.b.count : 0)
    }
}

/// What a training run starts from and changes: for each layer a sum of low-rank updates, some of them frozen.
///
/// y gains `Σ_terms scaling · B (A x)`. Ordinary LoRA training has one term a layer with A and B trained; a calibration
/// has a frozen merge and, beside it, a small trained term.
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
    /// only rounding is that of `scaling · A`. A layer without terms is left out.
    public var merged: LoRAAdapter {
        LoRAAdapter(factors: terms.compactMapValues(Self.concatenation))
    }

    private static func concatenation(_ terms: [AdapterTerm]) -> LoRAFactors? {
        guard let first = terms.first?.factors else { return nil }
        let rank = terms.reduce(0) { $0 + $1.factors.rank }
        var a: [Float] = []
        a.reserveCapacity(rank * first.inputs)
        for term in terms {
            let scaling = term.factors.scaling
            if scaling == 1 { a += term.factors.a } else { for value in term.factors.a { a.append(value * scaling) } }
        }
        var b: [Float] = []
        b.reserveCapacity(first.outputs * rank)
        for row in 0..<first.outputs {
            for term in terms { b += term.factors.b[row * term.factors.rank..<(row + 1) * term.factors.rank] }
        }
        var bias: [Float]?
        for factors in terms.map(\.factors) {
            guard let own = factors.bias else { continue }
            bias = zip(bias ?? [Float](repeating: 0, count: own.count), own).map { $0 + $1 * factors.scaling }
        }
        return LoRAFactors(rank: rank, inputs: first.inputs, outputs: first.outputs, a: a, b: b, scaling: 1, bias: bias)
    }
}
