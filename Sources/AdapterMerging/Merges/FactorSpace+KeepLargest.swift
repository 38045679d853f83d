extension FactorSpace {
    /// The tensor with all but its ⌊density · count⌋ entries of largest magnitude set to 0.
    ///
    /// Of entries of equal magnitude the earlier ones are kept, so that the result does not depend on the selection.
    /// - Complexity: O(n) in the number of entries, unless many agree in their first 7 bits of fraction.
    package static func keepLargest(_ tensor: [Float], density: Double) -> [Float] {
        guard density < 1 else { return tensor }
        let kept = Int(density * Double(tensor.count))
        guard kept > 0 else { return [Float](repeating: 0, count: tensor.count) }
        return tensor.withUnsafeBufferPointer { tensor in
            let limit = Threshold(of: tensor, kept: kept)
            return [Float](unsafeUninitializedCapacity: tensor.count) { result, count in
                count = tensor.count
                guard limit.equal > limit.room else {
                    for index in 0..<count {
                        result[index] = Threshold.magnitude(tensor[index]) >= limit.magnitude ? tensor[index] : 0
                    }
                    return
                }
                var room = limit.room
                for index in 0..<count {
                    let magnitude = Threshold.magnitude(tensor[index])
                    let isKept = magnitude > limit.magnitude || (magnitude == limit.magnitude && room > 0)
                    if magnitude == limit.magnitude, room > 0 { room -= 1 }
                    result[index] = isKept ? tensor[index] : 0
                }
            }
        }
    }

    /// The magnitude of the k-th largest entry, found by counting.
    ///
    /// The bits of a positive Float are in the order of the numbers. So entries are counted by their upper bits, which
    /// tells in which bin the k-th is, and only that bin is sorted.
    private struct Threshold {
        /// The bits of the least magnitude that is kept.
        var magnitude: Int32
        /// How many entries have it.
        var equal: Int
        /// How many of those are kept.
        var room: Int

        /// - Precondition: `kept` is from 1 to the number of entries.
        init(of tensor: UnsafeBufferPointer<Float>, kept: Int) {
            let (bin, left) = Self.bin(of: tensor, kept: kept)
            var candidates: [Int32] = []
            for value in tensor {
                let magnitude = Self.magnitude(value)
                if magnitude >> Self.lowerBits == bin { candidates.append(magnitude) }
            }
            candidates.sort(by: >)
            magnitude = candidates[left - 1]
            equal = candidates.count { [magnitude] in $0 == magnitude }
            room = left - candidates.count { [magnitude] in $0 > magnitude }
        }

        /// Where the k-th entry is, and which it is there, from 1.
        private static func bin(of tensor: UnsafeBufferPointer<Float>, kept: Int) -> (bin: Int32, left: Int) {
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1 << (31 - lowerBits)) { counts in
                counts.initialize(repeating: 0)
                for value in tensor { counts[Int(magnitude(value) >> lowerBits)] &+= 1 }
                var bin = counts.count - 1
                var left = kept
                while bin > 0, Int(counts[bin]) < left {
                    left -= Int(counts[bin])
                    bin -= 1
                }
                return (Int32(bin), left)
            }
        }

        /// Bits of a magnitude that do not choose the bin.
        private static let lowerBits: Int32 = 16

        /// The bits without the sign.
        @inline(__always) static func magnitude(_ value: Float) -> Int32 {
            Int32(truncatingIfNeeded: value.bitPattern & 0x7fff_ffff)
        }
    }
}
