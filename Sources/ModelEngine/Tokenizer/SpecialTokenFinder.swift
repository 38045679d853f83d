/// Finds control and user-defined tokens in a text: the leftmost first, and of those that start together the longest.
struct SpecialTokenFinder: Sendable {
    private var ids: [ArraySlice<UInt8>: Int32] = [:]
    // By first byte: the lengths that occur, longest first.
    private var lengths: [[Int]] = Array(repeating: [], count: 256)

    /// Looks for these tokens as the vocabulary has them written.
    init(_ tokens: [Int32], in vocabulary: Vocabulary) {
        for id in tokens {
            guard let text = vocabulary.written(id), let first = text.first, ids[text[...]] == nil else { continue }
            ids[text[...]] = id
            if !lengths[Int(first)].contains(text.count) { lengths[Int(first)].append(text.count) }
        }
        for index in lengths.indices { lengths[index].sort(by: >) }
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
        if ids.isEmpty { return nil }
        for index in start..<text.count {
            for length in lengths[Int(text[index])] where index + length <= text.count {
                if let id = ids[text[index..<index + length]] { return (index..<index + length, id) }
            }
        }
        return nil
    }
}
