/// The entry-by-entry rules that the subspace merges apply in a shared basis, as the authors of KnOTS have them.
///
/// They differ from PEFT's (see `TIES`): no weights inside, ⌊density · count⌋ + 1 entries kept, and in the election by
/// number a draw is decided by the sum. (There the authors take the negative side, which hangs on the sign that an SVD
/// happens to give a singular vector.)
package enum ElectedMean {
    /// The magnitude below which pruning sets entries of some tensors, taken together, to 0.
    ///
    /// It is the (⌊density · count⌋ + 1)-th largest magnitude, found by counting: magnitudes of Float order as their
    /// bits do.
    /// - Complexity: O(n)
    package static func threshold(of tensors: [[Float]], density: Double) -> Float {
        let count = tensors.reduce(0) { $0 + $1.count }
        guard density < 1, count > 0 else { return 0 }
        // The number of magnitudes that lie above the wanted one.
        var above = Int(Double(count) * density)
        var upper = [Int](repeating: 0, count: 1 << 16)
        for tensor in tensors {
            for value in tensor { upper[Int(value.magnitude.bitPattern >> 16)] += 1 }
        }
        let high = take(&above, from: upper)
        var lower = [Int](repeating: 0, count: 1 << 16)
        for tensor in tensors {
            for value in tensor where Int(value.magnitude.bitPattern >> 16) == high {
                lower[Int(value.magnitude.bitPattern & 0xFFFF)] += 1
            }
        }
        let low = take(&above, from: lower)
        return Float(bitPattern: UInt32(high << 16 | low))
    }

    /// The highest bucket that is not exhausted when `above` entries are taken from the top, which `above` loses.
    private static func take(_ above: inout Int, from buckets: [Int]) -> Int {
        for bucket in buckets.indices.reversed() {
            if above < buckets[bucket] { return bucket }
            above -= buckets[bucket]
        }
        return 0
    }

    /// The tensor with its entries below a magnitude set to 0.
    static func pruned(_ tensor: [Float], below threshold: Float) -> [Float] {
        threshold > 0 ? tensor.map { $0.magnitude >= threshold ? $0 : 0 } : tensor
    }

    /// In each place the mean of the entries that have the elected sign; 0 where there are none.
    package static func merge(_ tensors: [[Float]], majoritySign: MajoritySign) -> [Float] {
        guard var ballot = tensors.first else { return [] }
        for tensor in tensors.dropFirst() {
            for index in ballot.indices { ballot[index] += tensor[index] }
        }
        if majoritySign == .frequency {
            var signs = [Float](repeating: 0, count: ballot.count)
            for tensor in tensors {
                for index in signs.indices { signs[index] += tensor[index] > 0 ? 1 : tensor[index] < 0 ? -1 : 0 }
            }
            for index in ballot.indices where signs[index] != 0 { ballot[index] = signs[index] }
        }
        return mean(of: tensors) { value, index in ballot[index] >= 0 ? value > 0 : value < 0 }
    }

    /// In each place the mean of the entries that are not 0.
    package static func nonzeroMean(_ tensors: [[Float]]) -> [Float] {
        mean(of: tensors) { value, _ in value != 0 }
    }

    @inline(__always)
    private static func mean(of tensors: [[Float]], where counts: (Float, Int) -> Bool) -> [Float] {
        let length = tensors.first?.count ?? 0
        var sum = [Float](repeating: 0, count: length)
        var number = [Float](repeating: 0, count: length)
        for tensor in tensors {
            for index in sum.indices {
                let value = tensor[index]
                let taken: Float = counts(value, index) ? 1 : 0
                sum[index] += value * taken
                number[index] += taken
            }
        }
        for index in sum.indices { sum[index] /= max(number[index], 1) }
        return sum
    }
}
