extension LoRAFactors {
    /// The sum of updates of one layer as one update: the factors side by side over the rank, with scaling 1.
    ///
    /// A is the stack of `scaling · A`, B holds the B side by side, so that `B A = Σ scaling · B A`; output biases are
    /// added up with their scalings. The only rounding is that of the scaled numbers. None of no updates is nil.
    ///
    /// - Precondition: all have the same `inputs` and the same `outputs`.
    public static func concatenation(of parts: [LoRAFactors]) -> LoRAFactors? {
        guard let first = parts.first else { return nil }
        let rank = parts.reduce(0) { $0 + $1.rank }
        let a = [Float](unsafeUninitializedCapacity: rank * first.inputs) { stack, count in
            for part in parts {
                part.a.withUnsafeBufferPointer { part.scale($0, into: stack, from: count) }
                count += part.a.count
            }
        }
        let b = [Float](unsafeUninitializedCapacity: first.outputs * rank) { rows, count in
            guard let rows = rows.baseAddress else { return }
            var column = 0
            for part in parts {
                part.b.withUnsafeBufferPointer { own in
                    guard let own = own.baseAddress else { return }
                    for row in 0..<first.outputs {
                        (rows + row * rank + column).update(from: own + row * part.rank, count: part.rank)
                    }
                }
                column += part.rank
            }
            count = first.outputs * rank
        }
        var bias: [Float]?
        for part in parts {
            guard let own = part.bias else { continue }
            bias = zip(bias ?? [Float](repeating: 0, count: own.count), own).map { $0 + $1 * part.scaling }
        }
        return LoRAFactors(rank: rank, inputs: first.inputs, outputs: first.outputs, a: a, b: b, scaling: 1, bias: bias)
    }

    private func scale(
        _ values: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>, from start: Int
    ) {
        for index in 0..<values.count { target[start + index] = values[index] * scaling }
    }
}
