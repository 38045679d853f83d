/// How BLEU cuts texts into tokens; raw values are the names that signatures print.
public enum BLEUTokenizer: String, Hashable, Sendable, CaseIterable, Codable {
    /// mteval-v13a's rules for Western languages, sacreBLEU's default.
    case mteval13a = "13a"
    /// mteval-v14's rules by Unicode category.
    case international = "intl"
    /// sacreBLEU's Chinese tokenizer, with the two faults that `ChineseTokenizer` tells of.
    case chinese = "zh"
    /// One token a character (Unicode scalar).
    case character = "char"
    /// Blanks alone separate.
    case blanks = "none"
    /// The Chinese tokenizer put right: every Han ideograph and no Western punctuation by mistake.
    case han = "braid-han"

    /// The tokenizer of that name.
    ///
    /// - Throws: `TextMetricsError.unsupportedTokenizer` for sacreBLEU's tokenizers that need a downloaded model or a
    ///   dictionary, `.unknownTokenizer` for any other name.
    public init(named name: String) throws(TextMetricsError) {
        if let known = BLEUTokenizer(rawValue: name) {
            self = known
            return
        }
        let offered = BLEUTokenizer.allCases.map(\.rawValue).joined(separator: ", ")
        switch name {
        case "flores101", "flores200", "spm", "spBLEU-1K":
            throw TextMetricsError(
                .unsupportedTokenizer,
                "needs a SentencePiece model downloaded while scoring; use one of \(offered), or chrF++", key: name)
        case "ja-mecab", "ko-mecab":
            throw TextMetricsError(
                .unsupportedTokenizer,
                "needs MeCab and its dictionary, and scores change with the dictionary's version; use char, or chrF++",
                key: name)
        default:
            throw TextMetricsError(.unknownTokenizer, "is no BLEU tokenizer; use one of \(offered)", key: name)
        }
    }

    /// The tokens of a text, in order; two tokens are the same only scalar by scalar.
    public func tokens(of text: String) -> [String] {
        scalarTokens(of: text).map { String(scalars: $0) }
    }

    /// The tokens as scalars, which unlike strings compare without canonical equivalence, as the reference does.
    package func scalarTokens(of text: String) -> [[Unicode.Scalar]] {
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.last, last.isPythonWhitespace { scalars.removeLast() }
        switch self {
        case .mteval13a: return Mteval13aTokenizer.tokens(of: scalars)
        case .international: return InternationalTokenizer.tokens(of: scalars)
        case .chinese: return ChineseTokenizer.tokens(of: scalars, standsAlone: ChineseTokenizer.isChineseAsInSacreBLEU)
        case .han: return ChineseTokenizer.tokens(of: scalars, standsAlone: ChineseTokenizer.isChinese)
        case .character: return scalars.filter { !$0.isPythonWhitespace }.map { [$0] }
        case .blanks: return scalars.splitAtPythonWhitespace()
        }
    }
}
