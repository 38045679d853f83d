/// How ordinary text becomes tokens: the part of a tokenizer that differs between kinds of vocabulary.
protocol TextEncoder: Sendable {
    /// Appends the tokens of UTF-8 text that lies between control and user-defined tokens.
    ///
    /// - Complexity: O(n log n) in the length of the text.
    func encode(_ text: [UInt8], into result: inout [Int32])
}
