import CKernels

/// The magnitude at one place of the order from large to small, and the places of the entries that have it.
struct MagnitudeBoundary {
    let bits: UInt32
    /// The place of the first entry of this magnitude.
    let place: Int
    /// The place after the last one of this magnitude.
    let end: Int

    /// Above every entry.
    static let top = MagnitudeBoundary(bits: 0x7fff_ffff, place: 0, end: 0)

    private init(bits: UInt32, place: Int, end: Int) {
        self.bits = bits
        self.place = place
        self.end = end
    }

    /// The boundary at a place of the order of several tensors taken together.
    init(place wanted: Int, of tensors: [[Float]]) {
        self.init(place: wanted, larger: 0) { body in
            for tensor in tensors {
                tensor.withUnsafeBufferPointer { for value in $0 { body(value.bitPattern & 0x7fff_ffff) } }
            }
        }
    }

    /// The boundary at a place among magnitudes given by their bits, behind `larger` others.
    @inline(__always)
    private init(place wanted: Int, larger others: Int, forEach: ((UInt32) -> Void) -> Void) {
        var larger = others
        let upper = Self.bucket(holding: wanted, of: 1 << 15, larger: &larger) { counts in
            forEach { counts[Int($0 >> 16)] &+= 1 }
        }
        let lower = Self.bucket(holding: wanted, of: 1 << 16, larger: &larger) { counts in
            forEach { if $0 >> 16 == upper.index { counts[Int($0 & 0xffff)] &+= 1 } }
        }
        self.init(bits: UInt32(upper.index << 16 | lower.index), place: larger, end: larger + lower.count)
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

extension MagnitudeBoundary {
    /// The search for the boundary at one place while the entries go by once, in stretches.
    ///
    /// A sample tells between which magnitudes the boundary lies, all but surely: of the entries above them only the
    /// number counts, and those between them, some hundredths, are kept.
    struct Search {
        private let place: Int
        private let low: UInt32
        private let high: UInt32
        private var above = 0
        private var between: [UInt32] = []
        /// Room for what a stretch has between them; new memory for each would cost more than to look through it.
        private var found: [UInt32] = []

        /// - Parameters:
        ///   - place: the place among all `count` entries.
        ///   - sample: some of them; of none every entry is kept.
        init(place: Int, of count: Int, sample: [Float]) {
            self.place = place
            let size = Double(sample.count)
            let share = (Double(place) + 0.5) / Double(max(count, 1))
            // Five deviations of a random sample's count, and a little for one that is not quite random.
            let margin = 5 * (share * (1 - share) * size).squareRoot() + 0.003 * size
            let (first, last) = (Int((share * size - margin).rounded(.down)), Int((share * size + margin).rounded(.up)))
            high = first >= 0 && !sample.isEmpty ? MagnitudeBoundary(place: first, of: [sample]).bits : 0x7fff_ffff
            low = last < sample.count ? MagnitudeBoundary(place: last, of: [sample]).bits : 0
            between.reserveCapacity(Int(Double(count) * 2.5 * margin / max(size, 1)))
        }

        /// Takes the next stretch.
        mutating func add(_ entries: UnsafeBufferPointer<Float>) {
            if found.count < entries.count + 16 { found = Array(repeating: 0, count: entries.count + 16) }
            var count = 0
            above += ck_count_magnitudes(entries.baseAddress, entries.count, low, high, &found, &count)
            between += found.prefix(count)
        }

        /// The boundary, or `nil` if the sample misled.
        var boundary: MagnitudeBoundary? {
            guard (above..<above + between.count).contains(place) else { return nil }
            return between.withUnsafeBufferPointer { between in
                MagnitudeBoundary(place: place, larger: above) { body in for bits in between { body(bits) } }
            }
        }
    }
}
