/// The entries of a tensor by magnitude, found without sorting it.
///
/// The bits of |x| as an unsigned number are ordered as |x| is, so the k-th largest magnitude is found exactly by
/// counting upper halves of the bits, then lower halves among those with the right upper half: two passes over the
/// tensor and 512 KB beside it, whatever its size. Of entries of equal magnitude the earlier one counts as larger.
package enum MagnitudeSelection {
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
        var first = Boundary(place: places.lowerBound, in: tensor)
        var last = Boundary(place: places.upperBound - 1, in: tensor)
        for index in tensor.indices {
            let bits = tensor[index].magnitude.bitPattern
            let isKept: Bool
            if bits == last.bits {
                let place = last.nextPlace()
                isKept = places.contains(place)
            } else if bits == first.bits {
                let place = first.nextPlace()
                isKept = places.contains(place)
            } else {
                isKept = bits < first.bits && bits > last.bits
            }
            if !isKept { tensor[index] = 0 }
        }
    }

    /// The magnitude at one place of the order, and the place of the next entry that has it.
    private struct Boundary {
        let bits: UInt32
        private var place: Int

        init(place wanted: Int, in tensor: [Float]) {
            var counts = [Int](repeating: 0, count: 1 << 16)
            for value in tensor { counts[Int(value.magnitude.bitPattern >> 16)] += 1 }
            var larger = 0
            let upper = Self.bucket(holding: wanted, counts: counts, larger: &larger)
            for index in counts.indices { counts[index] = 0 }
            for value in tensor where Int(value.magnitude.bitPattern >> 16) == upper {
                counts[Int(value.magnitude.bitPattern & 0xffff)] += 1
            }
            let lower = Self.bucket(holding: wanted, counts: counts, larger: &larger)
            bits = UInt32(upper) << 16 | UInt32(lower)
            place = larger
        }

        mutating func nextPlace() -> Int {
            defer { place += 1 }
            return place
        }

        /// The largest bucket at which the places counted from above go beyond `wanted`; `larger` grows by those above
        /// it.
        private static func bucket(holding wanted: Int, counts: [Int], larger: inout Int) -> Int {
            var bucket = counts.count - 1
            while bucket > 0, larger + counts[bucket] <= wanted {
                larger += counts[bucket]
                bucket -= 1
            }
            return bucket
        }
    }
}
