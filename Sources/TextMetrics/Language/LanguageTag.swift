/// A language tag of BCP 47, such as `es`, `pt-BR`, `zh-Hant-HK` or `de-x-formal`, taken apart.
public struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    /// The language, lower case: `pt` of `pt-BR`, `yue` of `zh-yue`.
    public let language: String
    /// The script, such as `Hant`; nil where the tag names none.
    public let script: String?
    /// The tag as it was given, `_` read as `-`.
    public let description: String

    /// Reads a tag; nil where the text is not well-formed.
    ///
    /// Grammar (RFC 5646): `language ["-" extlang] ["-" script] ["-" region] *("-" variant) *("-" extension)
    /// ["-x" 1*("-" privateuse)]`, where subtags have up to eight ASCII letters and digits. Whether a subtag is registered is
    /// not looked at; tags that are private as a whole (`x-…`) or grandfathered (`i-…`) are not taken.
    public init?(_ text: String) {
        let tag = String(text.map { $0 == "_" ? "-" : $0 })
        let subtags = tag.split(separator: "-", omittingEmptySubsequences: false)
        // A single letter or digit announces what follows it, except behind `x`.
        let announced = subtags.firstIndex { $0 == "x" || $0 == "X" }.map { subtags[...$0] } ?? subtags[...]
        guard subtags.allSatisfy(Self.isSubtag), let first = subtags.first, Self.isAlphabetic(first, 2...8),
            announced.count < subtags.count || announced.last?.count != 1
        else { return nil }
        var language = first.lowercased()
        var rest = subtags.dropFirst()
        // An extended language names the language itself: `zh-yue` is `yue`.
        while first.count <= 3, let extended = rest.first, Self.isAlphabetic(extended, 3...3) {
            language = extended.lowercased()
            rest = rest.dropFirst()
        }
        self.language = language
        script = rest.first.flatMap { Self.isAlphabetic($0, 4...4) ? $0.capitalized : nil }
        description = tag
    }

    /// What the language check calls the language: the tag without region, variants and private use.
    ///
    /// `pt-BR` and `pt-PT`, or `de-x-formal` and `de-x-informal`, differ in ways that counting characters cannot judge, so
    /// each pair is one language to it; `sr-Latn` and `sr-Cyrl` stay two.
    public var detected: String { script.map { "\(language)-\($0)" } ?? language }

    /// What the language check calls the language of a code; a code that is no tag stands for itself.
    public static func detected(_ code: String) -> String { LanguageTag(code)?.detected ?? code }

    private static func isSubtag(_ text: Substring) -> Bool {
        (1...8).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
    }

    private static func isAlphabetic(_ text: Substring, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
    }
}

extension Substring {
    /// The first letter upper case, the rest lower; for ASCII.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
