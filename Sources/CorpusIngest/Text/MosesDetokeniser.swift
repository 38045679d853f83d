import Foundation

/// Takes back what Moses's tokeniser did to a sentence: escapes and the blanks round punctuation.
///
/// The rules are those of Moses's `detokenizer.perl` for English, German, Spanish and French, as `sacremoses` applies them.
/// Capitals that were lost stay lost.
public struct MosesDetokeniser: Sendable {
    private let language: String

    /// A detokeniser of a language's texts, by BCP 47 tag; languages without rules of their own have the general ones.
    public init(language: String) { self.language = String(language.prefix { $0 != "-" }) }

    /// The sentence as people write it.
    public func detokenised(_ text: String) -> String {
        let tokens = Self.unescaped(" \(text) ".replacing(" @-@ ", with: "-"))
            .split { $0.isWhitespace }.map(String.init)
        var result = ""
        // Whether the next token stands off from what is there.
        var isApart = false
        var quotes: [String: Int] = [:]
        func add(_ token: String, joinsLeft: Bool, joinsRight: Bool) {
            if isApart, !joinsLeft { result += " " }
            result += token
            isApart = !joinsRight
        }
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            if token.unicodeScalars.allSatisfy(Self.isOpening) {
                add(token, joinsLeft: false, joinsRight: true)
            } else if token.unicodeScalars.allSatisfy(Self.isClosing) {
                // French has a blank before these, alone.
                let isSpaced = language == "fr" && ["?", "!", ":", ";", "\\", "%"].contains(token)
                add((isSpaced ? " " : "") + token, joinsLeft: true, joinsRight: false)
            } else if language == "en", index > 0, token.first == "'", token.dropFirst().first?.isLetter == true {
                // I 'm → I'm
                add(token, joinsLeft: true, joinsRight: false)
            } else if language == "fr", token.last == "'", token.dropLast().last?.isLetter == true,
                next?.first?.isLetter == true
            {
                // qu' en → qu'en
                add(token, joinsLeft: false, joinsRight: true)
            } else if token.unicodeScalars.allSatisfy(Self.isQuote) {
                let kind = token.unicodeScalars.allSatisfy { "„“".unicodeScalars.contains($0) } ? "\"" : token
                let count = quotes[kind, default: 0]
                if count % 2 == 1 {
                    add(token, joinsLeft: true, joinsRight: false)
                    quotes[kind] = count + 1
                } else if language == "en", token == "'", index > 0, tokens[index - 1].last == "s" {
                    // the dogs ' → the dogs'
                    add(token, joinsLeft: true, joinsRight: false)
                } else {
                    add(token, joinsLeft: false, joinsRight: true)
                    quotes[kind] = count + 1
                }
            } else {
                add(token, joinsLeft: false, joinsRight: false)
            }
        }
        return result.trimmingCharacters(in: .whitespaces)
    }

    /// Whether a text has escapes of Moses's tokeniser.
    static func hasEscapes(_ text: String) -> Bool {
        text.contains("&") && escapes.contains { text.contains($0.escape) }
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return escapes.reduce(text) { $0.replacing($1.escape, with: $1.character) }
    }

    /// The escapes, `&amp;` last, so that `&amp;lt;` becomes `&lt;`.
    private static let escapes: [(escape: String, character: String)] = [
        ("&bar;", "|"), ("&#124;", "|"), ("&lt;", "<"), ("&gt;", ">"), ("&bra;", "["), ("&ket;", "]"), ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&"),
    ]

    /// Currency signs, opening brackets and marks: they join the word after them.
    private static func isOpening(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .currencySymbol || "([{¿¡".unicodeScalars.contains(scalar)
    }

    /// Punctuation and closing brackets: they join the word before them.
    private static func isClosing(_ scalar: Unicode.Scalar) -> Bool { ",.?!:;\\%}])".unicodeScalars.contains(scalar) }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { "'\"„“`".unicodeScalars.contains(scalar) }
}

extension FieldReader {
    /// A tokenised text as people write it where that is asked for, with what was changed noted.
    mutating func plain(_ text: String, language: String, detokenises: Bool) -> String {
        guard detokenises else {
            if MosesDetokeniser.hasEscapes(text) { note(.tokeniserEscapes) }
            return text
        }
        let plain = MosesDetokeniser(language: language).detokenised(text)
        if plain != text { note(.detokenised) }
        return plain
    }
}

extension Irregularity {
    /// The escapes and blanks of a tokeniser were taken back.
    static let detokenised = Irregularity(
        "detokenised", "escapes and blanks of a tokeniser were taken back", changesText: true)
    /// The escapes of a tokeniser stand in a text.
    static let tokeniserEscapes = Irregularity(
        "tokeniser-escapes", "escapes of a tokeniser, such as &apos;, stand in a text: --detokenise takes them back")
}
