/// Σ x² of single-precision numbers, summed in double precision.
enum SquaredNorm {
    /// Eight partial sums run side by side, which is several times faster than one and rounds less.
    static func of(_ values: [Float]) -> Double {
        values.withUnsafeBufferPointer { values in
            var sums = SIMD8<Double>.zero
            let whole = values.count - values.count % 8
            for start in stride(from: 0, to: whole, by: 8) {
                let part = SIMD8<Double>(SIMD8<Float>(values[start..<start + 8]))
                sums += part * part
            }
            return values[whole...].reduce(sums.sum()) { $0 + Double($1) * Double($1) }
        }
    }
}
