import Foundation

/// Turns the language codes of data sets into BCP 47 tags.
public enum LanguageCode {
    /// The tag of a code such as `eng`, `spa_Latn`, `pt-br` or `zho_Hant`; nil where it names no language.
    ///
    /// Three letters become two where ISO 639-1 has two, and a script is left out where the language is usually written in
    /// it: `spa_Latn` is `es`, `zho_Hant` is `zh-Hant`.
    public static func tag(_ code: String) -> String? {
        let parts = code.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }.map(String.init)
        guard let first = parts.first?.lowercased(), (2...3).contains(first.count), parts.count <= 3,
            parts.allSatisfy({ $0.utf8.allSatisfy { $0.isASCIILetterOrDigit } })
        else { return nil }
        let language = usualCodes[first] ?? Locale.LanguageCode(first).identifier(.alpha2) ?? first
        var script: String?
        var region: String?
        for part in parts.dropFirst() {
            switch part.count {
            case 4 where script == nil && region == nil: script = part.capitalized
            case 2 where region == nil: region = part.uppercased()
            case 3 where region == nil && part.allSatisfy(\.isNumber): region = part
            default: return nil
            }
        }
        // A script beside it makes even a code that ICU lacks one of a language.
        guard script != nil || Locale.LanguageCode(language).isISOLanguage else { return nil }
        if script == Locale.Language(identifier: language).script?.identifier { script = nil }
        return [language, script, region].compactMap(\.self).joined(separator: "-")
    }

    /// What CLDR calls the chief languages of some groups, for which ISO 639-3 has codes of their own.
    private static let usualCodes = [
        "als": "sq", "arb": "ar", "ayr": "ay", "azj": "az", "cmn": "zh", "ekk": "et", "gaz": "om", "khk": "mn",
        "kmr": "ku", "lvs": "lv", "npi": "ne", "ory": "or", "pbt": "ps", "pes": "fa", "plt": "mg", "quy": "qu",
        "swh": "sw", "uzn": "uz", "ydd": "yi", "zsm": "ms",
    ]
}

extension UInt8 {
    fileprivate var isASCIILetterOrDigit: Bool {
        (0x61...0x7A).contains(self | 0x20) || (0x30...0x39).contains(self)
    }
}
