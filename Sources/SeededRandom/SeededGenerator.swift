/// A small, fast, repeatable random number generator: SplitMix64.
///
/// The same seed gives the same numbers on every platform, so everything random in Braid (splits, initial adapters,
/// DARE masks, sign flips) takes one of these and never a global generator.
///
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014), with the output
/// function of Stafford's variant 13.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What all further numbers follow from: the n-th is a function of state + n · 0x9e3779b97f4a7c15.
    package private(set) var state: UInt64

    /// A generator whose whole sequence follows from `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// A generator for one named purpose under a seed, independent of the other purposes.
    ///
    /// The name is mixed in by FNV-1a over its UTF-8 bytes, so that adding a purpose never shifts another one's numbers.
    public init(seed: UInt64, purpose: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var mixer = SeededGenerator(seed: seed ^ hash)
        state = mixer.next()
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Passes over numbers that were computed elsewhere from `state`.
    package mutating func skip(_ count: Int) { state &+= UInt64(count) &* 0x9e37_79b9_7f4a_7c15 }

    /// A uniform number in `0 ..< 1` with 53 random bits.
    public mutating func nextUniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A whole number in `0 ..< bound`, without bias (Lemire's method).
    ///
    /// - Precondition: `bound > 0`.
    public mutating func nextIndex(below bound: Int) -> Int {
        precondition(bound > 0, "nextIndex needs a positive bound")
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold { product = next().multipliedFullWidth(by: range) }
        }
        return Int(product.high)
    }

    /// The elements in a random order that is the same on every platform and Swift version (Fisher–Yates).
    public mutating func shuffled<Element>(_ elements: some Sequence<Element>) -> [Element] {
        var result = Array(elements)
        for last in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(last, nextIndex(below: last + 1))
        }
        return result
    }
}
