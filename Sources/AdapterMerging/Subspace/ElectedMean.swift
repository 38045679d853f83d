/// The entry-by-entry rules that the subspace merges apply in a shared basis, as the authors of KnOTS have them.
///
/// They differ from PEFT's (see `TIES`): no weights inside, ⌊density · count⌋ + 1 entries kept, and in the election by
/// number a draw is decided by the sum. (There the authors take the negative side, which hangs on the sign that an SVD
/// happens to give a singular vector.)
package enum ElectedMean {
    /// The magnitude below which pruning sets entries of some tensors, taken together, to 0.
    ///
    /// It is the (⌊density · count⌋ + 1)-th largest magnitude.
    /// - Complexity: O(n)
    package static func threshold(of tensors: [[Float]], density: Double) -> Float {
        let count = tensors.reduce(0) { $0 + $1.count }
        guard density < 1, count > 0 else { return 0 }
        return MagnitudeSelection.magnitude(at: Int(Double(count) * density), of: tensors)
    }

    /// The tensor with its entries below a magnitude set to 0.
    static func pruned(_ tensor: [Float], below threshold: Float) -> [Float] {
        threshold > 0 ? tensor.map { $0.magnitude >= threshold ? $0 : 0 } : tensor
    }

    /// In each place the mean of the entries that have the elected sign; 0 where there are none.
    package static func merge(_ tensors: [[Float]], majoritySign: MajoritySign) -> [Float] {
        SignElection.merge(tensors, vote: majoritySign == .total ? .total : .frequencyThenTotal)
    }

    /// In each place the mean of the entries that are not 0.
    package static func nonzeroMean(_ tensors: [[Float]]) -> [Float] {
        var sum = [Float](repeating: 0, count: tensors.first?.count ?? 0)
        var number = sum
        for tensor in tensors {
            for index in sum.indices {
                sum[index] += tensor[index]
                number[index] += tensor[index] != 0 ? 1 : 0
            }
        }
        for index in sum.indices { sum[index] /= max(number[index], 1) }
        return sum
    }
}
