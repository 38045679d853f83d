import CKernels

/// The entries of a tensor whose places in the order of magnitudes, from large to small, are in a range.
///
/// It goes over the entries once, in their order and in stretches of any length: of entries of equal magnitude the
/// earlier one counts as larger.
struct MagnitudeRange {
    private let first: MagnitudeBoundary
    private let last: MagnitudeBoundary
    private let places: Range<Int>
    /// The places of the next entries with the magnitude of a boundary.
    private var nextFirst: Int
    private var nextLast: Int
    /// Room for the entries found in a stretch.
    private var found: [UInt32] = []

    /// - Parameters:
    ///   - first: the boundary at the first place, or the one that is above every entry.
    ///   - last: the boundary at the last place.
    init(first: MagnitudeBoundary, last: MagnitudeBoundary, places: Range<Int>) {
        self.first = first
        self.last = last
        self.places = places
        (nextFirst, nextLast) = (first.place, last.place)
    }

    /// Sets all entries of the next stretch to 0 that are not in the range.
    mutating func keep(in entries: UnsafeMutableBufferPointer<Float>) {
        // Where all entries with a boundary's magnitude are in the range, or none of this stretch has it, bits decide.
        let isCut =
            (last.end != places.upperBound && holds(last.bits, entries))
            || (places.lowerBound > first.place && holds(first.bits, entries))
        guard isCut || first.bits == last.bits else {
            ck_keep_magnitudes(entries.baseAddress, entries.count, last.bits, first.bits)
            return
        }
        for index in entries.indices {
            let bits = entries[index].bitPattern & 0x7fff_ffff
            let isKept: Bool
            if bits == last.bits {
                isKept = places.contains(nextLast)
                nextLast += 1
            } else if bits == first.bits {
                isKept = places.contains(nextFirst)
                nextFirst += 1
            } else {
                isKept = bits < first.bits && bits > last.bits
            }
            if !isKept { entries[index] = 0 }
        }
    }

    private mutating func holds(_ bits: UInt32, _ entries: UnsafeMutableBufferPointer<Float>) -> Bool {
        if found.count < entries.count + 16 { found = Array(repeating: 0, count: entries.count + 16) }
        var count = 0
        _ = ck_count_magnitudes(entries.baseAddress, entries.count, bits, bits, &found, &count)
        return count > 0
    }
}
