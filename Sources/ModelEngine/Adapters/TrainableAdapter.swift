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
    /// A term's coefficient and middle matrix are folded into its B first, so beside the rounding of
    /// `LoRAFactors.concatenation(of:)` there is that of c and P. A layer without terms is left out.
    public var merged: LoRAAdapter {
        LoRAAdapter(factors: terms.compactMapValues { LoRAFactors.concatenation(of: $0.map(\.plain)) })
    }
}
