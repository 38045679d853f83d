/// The merges of a byte-pair vocabulary: which two tokens join, in what order of preference, into which token.
///
/// A hash table with open addressing and linear probing; a key is the two ids side by side.
struct MergeTable: MergeRules {
    private static let empty = UInt64.max
    private var keys: [UInt64]
    private var values: [UInt64]
    private let shift: UInt64

    /// An empty table with room for `capacity` pairs.
    init(capacity: Int) {
        var bits = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        keys = Array(repeating: Self.empty, count: 1 << bits)
        values = Array(repeating: 0, count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// Reads the merges, each "left right" in the byte alphabet.
    ///
    /// - Throws: `missingKey`, or `badValue` if a merge is malformed or names a token that the vocabulary lacks.
    init(_ metadata: GGUFMetadata, _ vocabulary: Vocabulary) throws(ModelError) {
        let key = "tokenizer.ggml.merges"
        let merges = try metadata.strings(key)
        self.init(capacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            // The alphabet has no space, so the one space separates.
            let parts = merge.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            guard parts.count == 2, let left = ByteAlphabet.bytes(of: Substring(parts[0])),
                let right = ByteAlphabet.bytes(of: Substring(parts[1])), let first = vocabulary.ordinary(left),
                let second = vocabulary.ordinary(right), let joined = vocabulary.ordinary(left + right)
            else {
                throw ModelError.damaged(
                    .badValue, "merge \(rank), '\(merge)', is not two tokens of the vocabulary that join into a third",
                    file: metadata.file, key: key)
            }
            insert(first, second, Merge(rank: UInt32(rank), id: joined))
        }
    }

    private func slot(_ key: UInt64) -> Int {
        // Fibonacci hashing: the high bits of the product with 2⁶⁴ / φ.
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Adds a merge; of two for one pair the first stays.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let key = Self.key(left, right)
        var index = slot(key)
        while keys[index] != Self.empty {
            if keys[index] == key { return }
            index = (index + 1) & (keys.count - 1)
        }
        keys[index] = key
        values[index] = UInt64(merge.rank) << 32 | UInt64(UInt32(bitPattern: merge.id))
    }

    func merge(_ left: Int32, _ right: Int32) -> Merge {
        let key = Self.key(left, right)
        var index = slot(key)
        while keys[index] != key {
            if keys[index] == Self.empty { return .none }
            index = (index + 1) & (keys.count - 1)
        }
        let value = values[index]
        return Merge(rank: UInt32(value >> 32), id: Int32(bitPattern: UInt32(truncatingIfNeeded: value)))
    }
}
