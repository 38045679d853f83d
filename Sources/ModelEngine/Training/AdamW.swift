/// The AdamW optimizer over stretches of trained numbers.
///
/// Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2, as torch computes it:
/// θ ← θ(1 − ηλ), then θ ← θ − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε).
struct AdamW {
    let slices: [ParameterSlice]
    let options: TrainingOptions
    private var first: [[Float]]
    private var second: [[Float]]
    private var steps = 0

    init(_ slices: [ParameterSlice], _ options: TrainingOptions) {
        self.slices = slices
        self.options = options
        first = slices.map { [Float](repeating: 0, count: $0.range.count) }
        second = first
    }

    /// The Euclidean norm of all gradients together.
    var gradientNorm: Double {
        slices.reduce(0.0) { sum, slice in
            var part = 0.0
            for index in slice.range {
                let gradient = Double(slice.gradients.pointer[index] * slice.scale)
                part += gradient * gradient
            }
            return sum + part
        }.squareRoot()
    }

    /// One update from the summed gradients, each times `factor` (clipping).
    mutating func step(learningRate: Float, factor: Float) {
        steps += 1
        let beta1 = options.beta1
        let beta2 = options.beta2
        let firstCorrection = 1 - power(beta1, steps)
        let secondCorrection = (1 - power(beta2, steps)).squareRoot()
        let rate = Float(Double(learningRate) / firstCorrection)
        let root = Float(secondCorrection)
        let decay = 1 - learningRate * options.weightDecay
        let keep1 = Float(beta1)
        let keep2 = Float(beta2)
        for (number, slice) in slices.enumerated() {
            let values = slice.values.pointer + slice.range.lowerBound
            let gradients = slice.gradients.pointer + slice.range.lowerBound
            let scale = slice.scale * factor
            first[number].withUnsafeMutableBufferPointer { m in
                second[number].withUnsafeMutableBufferPointer { v in
                    for index in 0..<slice.range.count {
                        let gradient = gradients[index] * scale
                        m[index] = keep1 * m[index] + (1 - keep1) * gradient
                        v[index] = keep2 * v[index] + (1 - keep2) * gradient * gradient
                        values[index] =
                            values[index] * decay - rate * m[index] / (v[index].squareRoot() / root + options.epsilon)
                    }
                }
            }
        }
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
