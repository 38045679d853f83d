/// Finds control and user-defined tokens in a text: the leftmost first, and of those that start together the longest.
struct SpecialTokenFinder: Sendable {
    // By first byte; longest first.
    private var candidates: [[(bytes: [UInt8], id: Int32)]] = Array(repeating: [], count: 256)
    private var isEmpty = true

    /// Looks for these tokens.
    init(_ ids: [Int32], in vocabulary: Vocabulary) {
        for id in ids {
            guard let bytes = vocabulary.bytes(id), let first = bytes.first else { continue }
            candidates[Int(first)].append((Array(bytes), id))
            isEmpty = false
        }
        for index in candidates.indices {
            candidates[index].sort { ($1.bytes.count, $0.id) < ($0.bytes.count, $1.id) }
        }
    }

    /// Calls `body` with each stretch of ordinary text (which may be empty) and the token that ends it, nil at the end.
    func split(_ text: [UInt8], _ body: (_ ordinary: ArraySlice<UInt8>, _ token: Int32?) -> Void) {
        var start = 0
        while let (range, id) = firstMatch(in: text, from: start) {
            body(text[start..<range.lowerBound], id)
            start = range.upperBound
        }
        body(text[start...], nil)
    }

    private func firstMatch(in text: [UInt8], from start: Int) -> (range: Range<Int>, id: Int32)? {
        if isEmpty { return nil }
        for index in start..<text.count where !candidates[Int(text[index])].isEmpty {
            for (bytes, id) in candidates[Int(text[index])] where text[index...].starts(with: bytes) {
                return (index..<index + bytes.count, id)
            }
        }
        return nil
    }
}
