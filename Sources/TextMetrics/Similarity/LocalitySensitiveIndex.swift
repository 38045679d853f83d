/// How signatures are cut into bands: two texts become candidates where all rows of one band agree.
package struct Banding: Hashable, Sendable {
    /// How many bands there are.
    package let bands: Int
    /// How many places of the signature each band has.
    package let rows: Int

    /// A number of bands of so many rows.
    package init(bands: Int, rows: Int) {
        self.bands = bands
        self.rows = rows
    }

    /// The probability that two texts of a similarity become candidates, 1 − (1 − sʳ)ᵇ.
    package func probability(at similarity: Double) -> Double {
        1 - Self.power(1 - Self.power(similarity, rows), bands)
    }

    /// The banding with the least weighted sum of false positives and false negatives around a threshold.
    ///
    /// False positives are the integral of `probability` from 0 to the threshold, false negatives that of its
    /// complement from the threshold to 1. This is how datasketch's `MinHashLSH` chooses (Zhu, Nargesian, Pu and
    /// Miller, "LSH Ensemble", VLDB 2016); the first of equals wins.
    package static func optimal(
        threshold: Double, permutations: Int, falsePositiveWeight: Double, falseNegativeWeight: Double
    ) -> Banding {
        var best = Banding(bands: 1, rows: 1)
        var least = Double.infinity
        for bands in 1...max(1, permutations) {
            for rows in 1...max(1, permutations / bands) {
                let banding = Banding(bands: bands, rows: rows)
                let positives = integral(from: 0, to: threshold) { banding.probability(at: $0) }
                let negatives = integral(from: threshold, to: 1) { 1 - banding.probability(at: $0) }
                let error = positives * falsePositiveWeight + negatives * falseNegativeWeight
                if error < least { (best, least) = (banding, error) }
            }
        }
        return best
    }

    /// Simpson's rule in 200 steps.
    private static func integral(from start: Double, to end: Double, _ body: (Double) -> Double) -> Double {
        let steps = 200
        let width = (end - start) / Double(steps)
        var sum = body(start) + body(end)
        for step in 1..<steps { sum += body(start + Double(step) * width) * (step.isMultiple(of: 2) ? 2 : 4) }
        return sum * width / 3
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if !rest.isMultiple(of: 2) { result *= square }
            square *= square
            rest /= 2
        }
        return result
    }
}

/// Finds which signatures agree in a whole band, without comparing all with all.
package struct LocalitySensitiveIndex: Sendable {
    private let banding: Banding
    private let width: Int
    private var signatures: [UInt32] = []

    /// An index without signatures, whose places are those that the banding needs.
    package init(_ banding: Banding) {
        self.banding = banding
        width = banding.bands * banding.rows
    }

    /// How many signatures there are.
    package var count: Int { signatures.count / width }

    /// Adds a signature, whose place is the number of those before it.
    ///
    /// - Precondition: it has at least `bands · rows` places; further ones are not used.
    package mutating func add(_ signature: [UInt32]) {
        precondition(signature.count >= width, "a signature must be as long as its bands")
        signatures.append(contentsOf: signature.prefix(width))
    }

    /// Calls `body` once with the places of every two signatures that agree in a band, the earlier one first.
    package func forEachCandidate(_ body: (Int, Int) -> Void) {
        for band in 0..<banding.bands {
            let entries = (0..<count).map { (key: key($0, band), place: $0) }
                .sorted { ($0.key, $0.place) < ($1.key, $1.place) }
            var start = 0
            while start < entries.count {
                var end = start + 1
                while end < entries.count, entries[end].key == entries[start].key { end += 1 }
                for second in start..<end {
                    for first in start..<second
                    where isFirstCommonBand(band, entries[first].place, entries[second].place) {
                        body(entries[first].place, entries[second].place)
                    }
                }
                start = end
            }
        }
    }

    /// The rows of a band in one number: as they are where two fit, mixed where there are more.
    private func key(_ place: Int, _ band: Int) -> UInt64 {
        var key: UInt64 = 0
        for row in 0..<banding.rows {
            if row >= 2 { key = (key ^ (key >> 29)) &* 0xbf58_476d_1ce4_e5b9 }
            key = key << 32 ^ key >> 32 ^ UInt64(signatures[place * width + band * banding.rows + row])
        }
        return key
    }

    /// Whether no band before this one agrees as well, so that a pair is handed out once.
    private func isFirstCommonBand(_ band: Int, _ first: Int, _ second: Int) -> Bool {
        !(0..<band).contains { key(first, $0) == key(second, $0) }
    }
}
