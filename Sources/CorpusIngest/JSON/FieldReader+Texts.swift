import BenchmarkStore

/// Texts of foreign formats, which may be empty, repeated or as yet uncleaned.
extension FieldReader {
    /// The string under a required key, as it stands.
    mutating func string(_ key: String, of parent: JSONObject) -> String? {
        guard let value = required(key, of: parent) else { return nil }
        if case .string(let raw) = value { return raw }
        let path = parent.path(of: key)
        note(.wrongType, at: path, "\(path) is \(value.kindName): it must be a string")
        return nil
    }

    /// One variant's references in their order: empty ones are left out and equal ones kept, and both are noted.
    mutating func references(
        _ texts: [(key: String, raw: String)], role: TextRole, kind: VariantKind = .source, variant: String = "",
        origin: String? = nil
    ) -> [CorpusVersion] {
        var versions: [CorpusVersion] = []
        for (key, raw) in texts {
            guard let text = optional(raw, at: key, oneLine: true) else {
                note(.noReference)
                continue
            }
            if versions.contains(where: { $0.text == text }) { note(.sameReferences) }
            versions.append(
                CorpusVersion(role: role, variantKind: kind, variant: variant, text: text, origin: origin))
        }
        return versions
    }
}

extension SourceFile {
    /// The name without `.gz` and the ending of its kind, for the keys of documents: `dialogsum.dev`.
    var stem: String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
