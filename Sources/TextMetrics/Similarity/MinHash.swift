import SeededRandom

/// Short signatures of large sets, which agree in as many places as the sets are alike.
///
/// Place i of a signature is the least hᵢ(x) over the set, where hᵢ(x) = ⌊((aᵢ·x + bᵢ) mod 2⁶⁴) / 2³²⌋ stands for a
/// random order of all 32-bit numbers. The element that comes first in the union of two sets is common to both with
/// probability |A ∩ B| / |A ∪ B|, so that is the probability that a place is the same.
///
/// Sources: Broder, "On the resemblance and containment of documents" (1997); the functions h are Dietzfelbinger's
/// multiply-shift, as in Thorup, "High Speed Hashing for Integers and Strings" (arXiv:1504.06804), section 3.3.
package struct MinHash: Sendable {
    private let multipliers: [UInt64]
    private let offsets: [UInt64]

    /// Functions drawn from a fixed seed, the same on every machine.
    ///
    /// - Parameter permutations: the length of a signature; 128 as in datasketch, and half as many as text-dedup takes.
    package init(permutations: Int = 128) {
        var generator = SeededGenerator(seed: 1, purpose: "minhash")
        multipliers = (0..<permutations).map { _ in generator.next() }
        offsets = (0..<permutations).map { _ in generator.next() }
    }

    /// The number of places of a signature.
    package var permutations: Int { multipliers.count }

    /// The signature of a set of hashes, of which repetitions do not count; an empty set has the largest number
    /// throughout.
    package func signature(of hashes: [UInt64]) -> [UInt32] {
        let folded = hashes.map { ($0 ^ ($0 >> 32)) & 0xffff_ffff }
        return zip(multipliers, offsets).map { multiplier, offset in
            var least = UInt64.max
            for hash in folded { least = min(least, multiplier &* hash &+ offset) }
            return UInt32(truncatingIfNeeded: least >> 32)
        }
    }
}
