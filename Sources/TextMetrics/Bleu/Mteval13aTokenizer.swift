/// The `13a` tokenizer: the language-independent and Western rules of NIST's mteval-v13a as sacreBLEU has them.
enum Mteval13aTokenizer {
    static func tokens(of text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var text = text.replacing("<skipped>", by: "").replacing("-\n", by: "").replacing("\n", by: " ")
        if text.contains("&") {
            text = text.replacing("&quot;", by: "\"").replacing("&amp;", by: "&")
                .replacing("&lt;", by: "<").replacing("&gt;", by: ">")
        }
        return westernTokens(of: [" "] + text + [" "])
    }

    /// The rules that `13a` and `zh` have in common.
    static func westernTokens(of text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        text
            // ([{-~[-` -&(-+:-@/])  →  " \1 "
            .padding(where: isSeparatePunctuation)
            // ([^0-9])([.,])  →  "\1 \2 "
            .rewritingPairs(where: { !isDigit($0) && isPointOrComma($1) }, as: { [$0, " ", $1, " "] })
            // ([.,])([^0-9])  →  " \1 \2"
            .rewritingPairs(where: { isPointOrComma($0) && !isDigit($1) }, as: { [" ", $0, " ", $1] })
            // ([0-9])(-)  →  "\1 \2 "
            .rewritingPairs(where: { isDigit($0) && $1 == "-" }, as: { [$0, " ", $1, " "] })
            .splitAtPythonWhitespace()
    }

    private static func isSeparatePunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": true
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

    private static func isPointOrComma(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }
}
