import TextMetrics

/// How the codes in source files are compared with those that are asked for.
extension LanguageTag {
    /// The code in its usual spelling: `EN_us` → `en-US`, `zh-hant` → `zh-Hant`.
    static func canonical(_ code: String) -> String {
        let parts = code.split { $0 == "-" || $0 == "_" }
        guard let first = parts.first else { return code }
        var result = [first.lowercased()]
        var isPrivate = first.count == 1
        for part in parts.dropFirst() {
            isPrivate = isPrivate || part.count == 1
            switch part.count {
            case 2 where !isPrivate: result.append(part.uppercased())
            case 4 where !isPrivate && part.allSatisfy(\.isLetter):
                result.append(part.prefix(1).uppercased() + part.dropFirst().lowercased())
            default: result.append(part.lowercased())
            }
        }
        return result.joined(separator: "-")
    }

    /// The language without region, script and variant: `es` of `es-419`.
    static func primary(_ code: String) -> String {
        code.split { $0 == "-" || $0 == "_" }.first.map { $0.lowercased() } ?? code
    }

    /// Whether a text in the language `code` is one in the language that is asked for.
    ///
    /// A code without region stands for every one of its language. One with a region stands for itself alone: who asks for
    /// `pt-BR` does not want `pt-PT`.
    static func isCovered(_ code: String, by wanted: String) -> Bool {
        canonical(code) == canonical(wanted) || !canonical(wanted).contains("-") && primary(code) == primary(wanted)
    }

    /// Which of some codes to take for the one that is asked for: itself where it is among them, or all that it covers.
    static func matches(of wanted: String, among codes: some Sequence<String>) -> [String] {
        let exact = codes.filter { canonical($0) == canonical(wanted) }
        return exact.isEmpty ? codes.filter { isCovered($0, by: wanted) } : exact
    }
}
