/// The merges of a SentencePiece vocabulary, which has none written out: two tokens merge if together they are one.
///
/// The better the score of the token that arises, the sooner. Scores fall with the ids in every vocabulary of this
/// kind, so a token's turn is its id: of the ordinary tokens, the k-th by score has the k-th least id for its turn. Those
/// defined by hand have no score and keep their own id. Of two ways to make one token the shorter left part goes first.
/// These are the merges that the reference tokenizers derive from such a vocabulary.
///
/// A hash table with open addressing and linear probing. A token's hash is a polynomial in its bytes modulo 2⁶⁴, so that
/// the hash of two tokens together follows from theirs.
struct PieceMerges: MergeRules {
    private let vocabulary: Vocabulary
    // By token: hash, factor for the hash of what stands before it, and turn.
    private var hashes: [UInt64] = []
    private var factors: [UInt64] = []
    private var turns: [UInt32]
    // Tokens by hash; −1 is free.
    private var slots: [Int32]
    private let shift: UInt64

    private static let base: UInt64 = 0x100_0000_01B3
    /// Of tokens that neither merge nor arise.
    private static let never = UInt32.max

    /// Reads the scores.
    ///
    /// - Throws: `missingKey`, or `badValue` if their number is not that of the tokens or one is no number.
    init(_ metadata: GGUFMetadata, _ vocabulary: Vocabulary) throws(ModelError) {
        let key = "tokenizer.ggml.scores"
        let scores = try metadata.floats(key)
        guard scores.count == vocabulary.count, scores.allSatisfy({ !$0.isNaN }) else {
            throw ModelError.damaged(
                .badValue,
                "there are \(vocabulary.count) tokens but \(scores.count) scores, or a score is not a number",
                file: metadata.file, key: key)
        }
        // A rank is a turn and eight bits for the length of the left part.
        guard vocabulary.count < 1 << 24 - 1 else {
            throw ModelError(
                .badValue, "\(vocabulary.count) tokens are more than are supported; choose another model file",
                file: metadata.file, key: key)
        }
        self.vocabulary = vocabulary
        turns = Self.turns(scores, vocabulary)
        var bits = 4
        while 1 << bits < vocabulary.count * 2 { bits += 1 }
        slots = Array(repeating: -1, count: 1 << bits)
        shift = UInt64(64 - bits)
        hashes.reserveCapacity(vocabulary.count)
        factors.reserveCapacity(vocabulary.count)
        for id in 0..<Int32(vocabulary.count) {
            let bytes = vocabulary.bytes(id) ?? []
            hashes.append(Self.hash(bytes))
            factors.append(bytes.reduce(1) { factor, _ in factor &* Self.base })
            if turns[Int(id)] != Self.never { insert(id, bytes) }
        }
    }

    private static func turns(_ scores: [Float], _ vocabulary: Vocabulary) -> [UInt32] {
        var turns = [UInt32](repeating: never, count: vocabulary.count)
        for id in vocabulary.all(.userDefined) { turns[Int(id)] = UInt32(id) }
        let ordinary = (vocabulary.all(.normal) + vocabulary.all(.unused)).sorted()
        // Equal scores keep the order of ids.
        let ranked = ordinary.sorted { (-scores[Int($0)], $0) < (-scores[Int($1)], $1) }
        for (place, id) in zip(ordinary, ranked) { turns[Int(id)] = UInt32(place) }
        return turns
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 &* base &+ UInt64($1) &+ 1 }
    }

    private func slot(_ hash: UInt64) -> Int {
        // The polynomial's high bits depend on few bytes of a short token, so both halves are mixed before the product
        // with 2⁶⁴ / φ.
        Int(truncatingIfNeeded: ((hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    private mutating func insert(_ id: Int32, _ bytes: ArraySlice<UInt8>) {
        // Where two tokens stand for the same bytes, the first has them.
        if bytes.isEmpty || token(bytes) != nil { return }
        var index = slot(hashes[Int(id)])
        while slots[index] >= 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = id
    }

    /// The token of exactly these bytes, blanks being written as such.
    func token(_ bytes: ArraySlice<UInt8>) -> Int32? {
        find(Self.hash(bytes)) { $0 == bytes }
    }

    private func find(_ hash: UInt64, _ isEqual: (ArraySlice<UInt8>) -> Bool) -> Int32? {
        var index = slot(hash)
        while slots[index] >= 0 {
            let id = slots[index]
            if hashes[Int(id)] == hash, let bytes = vocabulary.bytes(id), isEqual(bytes) { return id }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    func merge(_ left: Int32, _ right: Int32) -> Merge {
        let (first, second) = (Int(left), Int(right))
        guard turns[first] != Self.never, turns[second] != Self.never else { return .none }
        let hash = hashes[first] &* factors[second] &+ hashes[second]
        guard let start = vocabulary.bytes(left), let end = vocabulary.bytes(right),
            let id = find(
                hash, { $0.count == start.count + end.count && $0.starts(with: start) && $0.suffix(end.count) == end })
        else { return .none }
        return Merge(rank: turns[Int(id)] << 8 | UInt32(min(start.count, 255)), id: id)
    }
}
