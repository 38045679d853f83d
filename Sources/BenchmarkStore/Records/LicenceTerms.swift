/// What a licence forbids, as far as its SPDX identifier tells it.
///
/// Creative Commons identifiers name their terms (`CC-BY-NC-ND-4.0`). A `LicenseRef-` identifier stands for a text that
/// no register has; its terms are read from the same abbreviations, and count as unknown without any. So do those of
/// an identifier of no known family of licences, such as `proprietary`. In an expression (`MIT AND CC-BY-NC-4.0`) the
/// strictest counts, joined by `OR` too, since nobody has chosen.
public struct LicenceTerms: Hashable, Sendable {
    /// Whether commercial use is forbidden.
    public let forbidsCommercialUse: Bool
    /// Whether publishing anything derived from the text is forbidden.
    public let forbidsDerivatives: Bool
    /// Whether what is derived must be published under the same licence.
    public let sharesAlike: Bool
    /// Whether no terms are known, so that nothing may be assumed to be allowed.
    public let isUnknown: Bool

    /// The terms of an SPDX identifier.
    public init(_ licence: String) {
        let parts = licence.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        forbidsCommercialUse = parts.contains("NC")
        forbidsDerivatives = parts.contains("ND")
        sharesAlike = parts.contains("SA") || parts.contains("SHARING")
        // Words of an expression stand between blanks; the `or` of `GPL-3.0-or-later` does not.
        let joined = licence.uppercased().split { $0.isWhitespace || $0 == "(" || $0 == ")" }
            .split(omittingEmptySubsequences: false) { $0 == "AND" || $0 == "OR" }
        let isForeign = joined.contains { operand in
            let family = (operand.first ?? "").prefix { $0.isLetter || $0.isNumber }
            return !Self.families.contains(String(family))
        }
        isUnknown = isForeign && !forbidsCommercialUse && !forbidsDerivatives
    }

    /// How the identifiers begin whose terms allow what is not named in them: free licences that texts and software have.
    private static let families: Set = [
        "0BSD", "AFL", "AGPL", "APACHE", "ARTISTIC", "BSD", "BSL", "C", "CC", "CC0", "CDLA", "CECILL", "ECL", "EPL",
        "ETALAB", "EUPL", "GFDL", "GPL", "ISC", "LGPL", "LGPLLR", "LPPL", "MIT", "MPL", "MS", "NCSA", "NLOD", "ODBL",
        "ODC", "OFL", "OGL", "OSL", "PDDL", "POSTGRESQL", "PSF", "PYTHON", "UNLICENSE", "WTFPL", "ZLIB",
    ]

    /// Whether the text, or what is made of it, may not be published without the user's own word for it.
    public var restrictsExport: Bool { forbidsCommercialUse || forbidsDerivatives || isUnknown }

    /// The terms in words, such as `no commercial use, no derivatives`; empty for a licence without such terms.
    public var words: String {
        var words: [String] = []
        if forbidsCommercialUse { words.append("no commercial use") }
        if forbidsDerivatives { words.append("no derivatives") }
        if sharesAlike { words.append("share alike") }
        if isUnknown { words.append("terms not known") }
        return words.joined(separator: ", ")
    }

    /// A licence with its terms in words, such as `CC-BY-NC-4.0 (no commercial use)`.
    public static func described(_ licence: String) -> String {
        let words = LicenceTerms(licence).words
        let name = licence.isEmpty ? "no licence" : licence
        return words.isEmpty ? name : "\(name) (\(words))"
    }
}
