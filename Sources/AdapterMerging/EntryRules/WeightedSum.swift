/// Σᵢ vᵢ Tᵢ, element by element, in the order of the tensors, in Float.
package enum WeightedSum {
    /// The sum; of no tensors it is empty.
    ///
    /// - Precondition: the tensors are of one length.
    package static func of(_ tensors: [[Float]], _ weights: [Float]) -> [Float] {
        let count = tensors.first?.count ?? 0
        return [Float](unsafeUninitializedCapacity: count) { sum, initialized in
            guard let start = sum.baseAddress else { return }
            forEachBlock(of: count) { block in
                (start + block.lowerBound).initialize(repeating: 0, count: block.count)
                for (tensor, weight) in zip(tensors, weights) {
                    tensor.withUnsafeBufferPointer { tensor in
                        for index in block { sum[index] += tensor[index] * weight }
                    }
                }
            }
            initialized = count
        }
    }

    /// Calls the body for stretches that stay in the first cache while several tensors go through them.
    static func forEachBlock(of count: Int, _ body: (Range<Int>) -> Void) {
        for start in stride(from: 0, to: count, by: blockSize) { body(start..<min(start + blockSize, count)) }
    }

    /// Entries of a stretch.
    static let blockSize = 1024
}
