/// The stem and the language in the name of a line-aligned file: `newstest2013.de`, `corpus.en-fr.fr.txt`, `eng_Latn.dev`.
struct ParallelName: Hashable {
    /// What the files of a text share: `newstest2013`, `dev`.
    let stem: String
    /// BCP 47 tag.
    let language: String

    /// The parts of a name without folders; nil where it has no language in the right place.
    init?(_ name: String) {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 2, parts.last == "txt" { parts.removeLast() }
        guard parts.count >= 2, let first = parts.first, let last = parts.last, !first.isEmpty else { return nil }
        if let language = LanguageCode.tag(last) {
            self.init(stem: parts.dropLast().joined(separator: "."), language: language)
        } else if parts.count == 2, SplitName.split(named: last) != nil, let language = LanguageCode.tag(first) {
            // FLORES puts the language in front, the split behind.
            self.init(stem: last, language: language)
        } else {
            return nil
        }
    }

    private init(stem: String, language: String) {
        self.stem = stem
        self.language = language
    }

    /// Files of several languages that share folder and stem, source first, then by language; in the order of the files.
    ///
    /// A group without the source language, or with nothing else, is none. The languages that the user asks for are kept
    /// where any were named.
    static func groups(of files: [SourceFile], _ options: SourceOptions) -> [(stem: String, parts: [SourceUnit.Part])] {
        let source = options.language ?? "en"
        let wanted = options.languages.map { Set($0.map(\.code)) }
        var order: [String] = []
        var groups: [String: (stem: String, parts: [SourceUnit.Part])] = [:]
        for file in files {
            guard let name = ParallelName(file.name) else { continue }
            if let wanted, name.language != source, !wanted.contains(name.language) { continue }
            let place = "\(file.folder)/\(name.stem)"
            if groups[place] == nil { order.append(place) }
            groups[place, default: (name.stem, [])].parts.append(SourceUnit.Part(name.language, file))
        }
        return order.compactMap { place in
            guard var group = groups[place], group.parts.count > 1,
                let first = group.parts.firstIndex(where: { $0.label == source })
            else { return nil }
            let sourcePart = group.parts.remove(at: first)
            group.parts = [sourcePart] + group.parts.sorted { $0.label < $1.label }
            return group
        }
    }
}

extension [SourceUnit] {
    /// The languages of all parts but the first of each unit, by code.
    func languages(but others: Set<String> = []) -> [CorpusManifest.Language] {
        Set(flatMap { $0.parts.dropFirst().map(\.label) }).subtracting(others).sorted().map {
            CorpusManifest.Language(code: $0)
        }
    }
}
