/// The entries of tensors by magnitude, found without sorting them.
///
/// The bits of |x| as an unsigned number are ordered as |x| is, so the k-th largest magnitude is found exactly by
/// counting upper halves of the bits, then lower halves among those with the right upper half: two passes over the
/// entries and 384 KB beside them, whatever their number. Of entries of equal magnitude the earlier one counts as larger.
package enum MagnitudeSelection {
    /// The tensor with all but its ⌊density · count⌋ entries of largest magnitude set to 0.
    package static func largest(_ tensor: [Float], density: Double) -> [Float] {
        var result = tensor
        keepLargest(of: &result, density: density)
        return result
    }

    /// Sets all entries to 0 but the ⌊density · count⌋ of largest magnitude.
    package static func keepLargest(of tensor: inout [Float], density: Double) {
        guard density < 1 else { return }
        keep(0..<Int(density * Double(tensor.count)), in: &tensor)
    }

    /// Sets all entries to 0 but those whose place in the order from large to small, counted from 0, is in `places`.
    ///
    /// - Precondition: `places` lies within the indices of the tensor; no entry is NaN.
    /// - Complexity: O(n) in the number of entries.
    package static func keep(_ places: Range<Int>, in tensor: inout [Float]) {
        guard !places.isEmpty else {
            for index in tensor.indices { tensor[index] = 0 }
            return
        }
        guard places != tensor.indices else { return }
        var first = places.lowerBound > 0 ? Boundary(place: places.lowerBound, of: [tensor]) : .top
        var last = Boundary(place: places.upperBound - 1, of: [tensor])
        tensor.withUnsafeMutableBufferPointer { tensor in
            guard places.lowerBound > 0 || last.end != places.upperBound else {
                // The usual case, without a count in the loop, so that it runs in vectors.
                for index in tensor.indices where bits(tensor[index]) < last.bits { tensor[index] = 0 }
                return
            }
            for index in tensor.indices {
                let bits = bits(tensor[index])
                let isKept: Bool
                if bits == last.bits {
                    isKept = places.contains(last.nextPlace())
                } else if bits == first.bits {
                    isKept = places.contains(first.nextPlace())
                } else {
                    isKept = bits < first.bits && bits > last.bits
                }
                if !isKept { tensor[index] = 0 }
            }
        }
    }

    /// The magnitude at a place of the order from large to small, counted from 0, of several tensors taken together.
    ///
    /// - Precondition: there are more entries than `place` says.
    package static func magnitude(at place: Int, of tensors: [[Float]]) -> Float {
        Float(bitPattern: Boundary(place: place, of: tensors).bits)
    }

    /// The bits of |x|.
    @inline(__always) private static func bits(_ value: Float) -> UInt32 { value.bitPattern & 0x7fff_ffff }

    /// The magnitude at one place of the order, and the places of the entries that have it.
    private struct Boundary {
        let bits: UInt32
        /// The place of the next entry of this magnitude.
        private var place: Int
        /// The place after the last one of this magnitude.
        let end: Int

        /// Above every entry.
        static let top = Boundary(bits: .max, place: 0, end: 0)

        private init(bits: UInt32, place: Int, end: Int) {
            self.bits = bits
            self.place = place
            self.end = end
        }

        init(place wanted: Int, of tensors: [[Float]]) {
            var larger = 0
            let upper = Self.bucket(holding: wanted, of: 1 << 15, larger: &larger) { counts in
                Self.forEach(tensors) { counts[Int($0 >> 16)] &+= 1 }
            }
            let lower = Self.bucket(holding: wanted, of: 1 << 16, larger: &larger) { counts in
                Self.forEach(tensors) { if $0 >> 16 == upper.index { counts[Int($0 & 0xffff)] &+= 1 } }
            }
            self.init(bits: UInt32(upper.index << 16 | lower.index), place: larger, end: larger + lower.count)
        }

        mutating func nextPlace() -> Int {
            defer { place += 1 }
            return place
        }

        @inline(__always)
        private static func forEach(_ tensors: [[Float]], _ body: (UInt32) -> Void) {
            for tensor in tensors {
                tensor.withUnsafeBufferPointer { for value in $0 { body(MagnitudeSelection.bits(value)) } }
            }
        }

        /// The bucket at which the places counted from the highest bucket go beyond `wanted`, and its count; `larger`
        /// grows by the counts above it.
        private static func bucket(
            holding wanted: Int, of size: Int, larger: inout Int,
            count: (UnsafeMutableBufferPointer<UInt32>) -> Void
        ) -> (index: Int, count: Int) {
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: size) { counts in
                counts.initialize(repeating: 0)
                count(counts)
                var bucket = size - 1
                while bucket > 0, larger + Int(counts[bucket]) <= wanted {
                    larger += Int(counts[bucket])
                    bucket -= 1
                }
                return (bucket, Int(counts[bucket]))
            }
        }
    }
}
