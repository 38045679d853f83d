import CKernels

/// TIES' election of a sign for every entry, and the sum of the entries that agree with it.
///
/// For every entry of the tensors Tᵢ: the sign is that of the votes' sum, 0 counting as +; Σ fᵢ Tᵢ over the entries of
/// that sign is divided by Σ dᵢ over the same ones, or by 1 where that is 0. An entry of 0 has no sign and counts on
/// neither side. The merges differ in what they pass:
/// - PEFT's (`TIES`, `TIESSVD`): fᵢ = wᵢ and dᵢ = 1, so the vote is without weights and the sum divided by a number;
/// - mergekit's (`GeneralisedTaskArithmetic`): Tᵢ is weighted already, fᵢ = 1, dᵢ = wᵢ, or 0 without `normalize`;
/// - the authors of KnOTS (`ElectedMean`): fᵢ = dᵢ = 1.
///
/// Source: Yadav et al., "TIES-Merging: Resolving Interference When Merging Models" (2023), section 4.2, steps 2 and 3.
enum SignElection {
    /// What is added up to elect a sign.
    enum Vote {
        /// The entries.
        case total
        /// Their signs.
        case frequency
        /// Their signs, and where these cancel out the entries.
        case frequencyThenTotal

        /// The kernels' name for it.
        var kernel: ck_vote {
            switch self {
            case .total: CK_VOTE_TOTAL
            case .frequency: CK_VOTE_SIGN
            case .frequencyThenTotal: CK_VOTE_SIGN_THEN_TOTAL
            }
        }

        init(_ majoritySign: MajoritySign) { self = majoritySign == .total ? .total : .frequency }
    }

    /// The elected and divided sums; sums run over the tensors in their order, in Float.
    ///
    /// - Parameters:
    ///   - tensors: of one length.
    ///   - factors: fᵢ, one for each tensor; `nil` is 1 each.
    ///   - shares: dᵢ, one for each tensor; `nil` is 1 each.
    static func merge(
        _ tensors: [[Float]], factors: [Float]? = nil, shares: [Float]? = nil, vote: Vote
    ) -> [Float] {
        let ones = [Float](repeating: 1, count: tensors.count)
        let (factors, shares) = (factors ?? ones, shares ?? ones)
        let count = tensors.first?.count ?? 0
        return [Float](unsafeUninitializedCapacity: count) { sum, initialized in
            sum.initialize(repeating: 0)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * WeightedSum.blockSize) { scratch in
                WeightedSum.forEachBlock(of: count) { block in
                    scratch.initialize(repeating: 0)
                    guard let ballot = scratch.baseAddress, let sum = sum.baseAddress else { return }
                    let divisor = ballot + WeightedSum.blockSize
                    for tensor in tensors {
                        tensor.withUnsafeBufferPointer {
                            add($0, block, to: ballot, vote, totals: divisor + WeightedSum.blockSize)
                        }
                    }
                    if vote == .frequencyThenTotal {
                        let totals = divisor + WeightedSum.blockSize
                        for index in 0..<block.count where ballot[index] == 0 { ballot[index] = totals[index] }
                    }
                    for (position, tensor) in tensors.enumerated() {
                        let (factor, share) = (factors[position], shares[position])
                        tensor.withUnsafeBufferPointer { tensor in
                            // Without a check for overflow in the index, the loop runs in vectors: five times faster.
                            for index in 0..<block.count {
                                let value = tensor[block.lowerBound &+ index]
                                let agrees = ballot[index] >= 0 ? value > 0 : value < 0
                                sum[block.lowerBound &+ index] += agrees ? value * factor : 0
                                divisor[index] += agrees ? share : 0
                            }
                        }
                    }
                    for index in 0..<block.count {
                        sum[block.lowerBound &+ index] /= divisor[index] == 0 ? 1 : divisor[index]
                    }
                }
            }
            initialized = count
        }
    }

    private static func add(
        _ tensor: UnsafeBufferPointer<Float>, _ block: Range<Int>, to ballot: UnsafeMutablePointer<Float>, _ vote: Vote,
        totals: UnsafeMutablePointer<Float>
    ) {
        switch vote {
        case .total: for index in 0..<block.count { ballot[index] += tensor[block.lowerBound &+ index] }
        case .frequency, .frequencyThenTotal:
            for index in 0..<block.count {
                let value = tensor[block.lowerBound &+ index]
                ballot[index] += (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0)
            }
        }
        guard vote == .frequencyThenTotal else { return }
        for index in 0..<block.count { totals[index] += tensor[block.lowerBound &+ index] }
    }
}
