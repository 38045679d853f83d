/// Byte-level byte-pair encoding: pieces by a regular expression, and within each the merging of its bytes.
///
/// Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section 2.2.
struct ByteLevelEncoder: TextEncoder {
    private let preTokenizer: PreTokenizer
    private let merges: MergeTable
    private let byteTokens: [Int32?]
    // Only where a piece that is a token is taken whole.
    private let wholePieces: Vocabulary?

    /// An encoder.
    ///
    /// - Parameters:
    ///   - preTokenizer: Splits, normalises, and says whether a piece that is a token is taken whole.
    ///   - merges: The vocabulary's merges.
    ///   - vocabulary: The tokens; bytes without one yield nothing.
    init(_ preTokenizer: PreTokenizer, _ merges: MergeTable, _ vocabulary: Vocabulary) {
        self.preTokenizer = preTokenizer
        self.merges = merges
        byteTokens = (0...255).map { (byte: UInt8) in vocabulary.ordinary([byte]) }
        wholePieces = preTokenizer.takesWholePieces ? vocabulary : nil
    }

    func encode(_ text: [UInt8], into result: inout [Int32]) {
        let text = preTokenizer.composes ? CanonicalComposition.apply(to: text) : text
        var merger = PairMerger(merges)
        var symbols: [Int32] = []
        preTokenizer.forEachPiece(in: text, CharacterClass.classify(text), range: text.indices) { piece in
            if let whole = wholePieces?.ordinary(Array(text[piece])) {
                result.append(whole)
                return
            }
            symbols.removeAll(keepingCapacity: true)
            // A byte without a token is left out before merging, so its neighbours may merge, as in the reference.
            for byte in text[piece] { if let id = byteTokens[Int(byte)] { symbols.append(id) } }
            merger.merge(&symbols)
            result += symbols
        }
    }
}
