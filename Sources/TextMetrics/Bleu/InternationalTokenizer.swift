/// The `intl` tokenizer: mteval-v14's rules by Unicode category, as sacreBLEU has them.
///
/// A full stop behind a number at the very end stays with it, as in the original.
enum InternationalTokenizer {
    static func tokens(of text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        text
            // (\P{N})(\p{P})  →  "\1 \2 "
            .rewritingPairs(where: { !isNumber($0) && isPunctuation($1) }, as: { [$0, " ", $1, " "] })
            // (\p{P})(\P{N})  →  " \1 \2"
            .rewritingPairs(where: { isPunctuation($0) && !isNumber($1) }, as: { [" ", $0, " ", $1] })
            // (\p{S})  →  " \1 "
            .padding(where: isSymbol)
            .splitAtPythonWhitespace()
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: true
        default: false
        }
    }
}
