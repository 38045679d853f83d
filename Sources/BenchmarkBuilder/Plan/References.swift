import BenchmarkStore

/// Which of its documents' texts a build may use as references, and by whom they are.
///
/// A text by a model in a corpus that is not that model's own is an annotation: somebody else's answer, put where the
/// source has none. Annotations are used only where the build names their model.
struct References {
    /// Texts by models that the build does not name, by origin.
    private(set) var leftOut: [String: Int] = [:]
    /// The languages and tones that a corpus's documents have usable texts in, by the corpus's row number.
    private(set) var variants: [Int64: Set<Variant>] = [:]
    private let allowed: Set<String>
    private let ownOrigins: [Int64: String]

    /// A language or a tone.
    struct Variant: Hashable {
        let kind: VariantKind
        let name: String
    }

    /// The rules for some corpora.
    ///
    /// - Parameters:
    ///   - annotations: names of the models whose annotations are used.
    ///   - corpora: the corpora of the build.
    ///   - documents: all their documents.
    /// - Throws: `BuildError` of code `parameters` for a model that annotated nothing.
    init(
        annotations: [String], corpora: [CorpusRecord], documents: [DocumentContents]
    ) throws(BuildError) {
        allowed = Set(annotations.map { Self.modelPrefix + $0 })
        ownOrigins = Dictionary(corpora.map { ($0.id, $0.origin) }, uniquingKeysWith: { first, _ in first })
        var found: Set<String> = []
        for contents in documents {
            for text in contents.texts where isAnnotation(text, in: contents.document.corpusID) {
                found.insert(text.origin)
                if !allowed.contains(text.origin) { leftOut[text.origin, default: 0] += 1 }
            }
            for text in usable(contents) {
                let variant = Variant(kind: text.variantKind, name: text.variant)
                variants[contents.document.corpusID, default: []].insert(variant)
            }
        }
        for name in annotations where !found.contains(Self.modelPrefix + name) {
            let known = found.map { $0.dropFirst(Self.modelPrefix.count) }.sorted().joined(separator: ", ")
            throw BuildError(
                .parameters,
                "no text of the corpora was annotated by \"\(name)\" (\(known.isEmpty ? "none by any model" : known)): "
                    + "run `braid annotate`, or name another",
                key: "annotations")
        }
    }

    /// The texts of a document that the build may use, in their order; without annotations that it does not name.
    func usable(_ contents: DocumentContents) -> [DocumentTextRecord] {
        contents.texts.filter {
            allowed.contains($0.origin) || !isAnnotation($0, in: contents.document.corpusID)
        }
    }

    /// The references of a document in one role and variant, the first of them first and none twice.
    func texts(
        of contents: DocumentContents, _ role: TextRole, _ kind: VariantKind, _ variant: String
    ) -> [DocumentTextRecord] {
        var seen: Set<String> = []
        let own = usable(contents).filter { $0.role == role && $0.variantKind == kind && $0.variant == variant }
        // The source's own before a model's.
        let ordered =
            own.filter { !isAnnotation($0, in: contents.document.corpusID) }
            + own.filter { isAnnotation($0, in: contents.document.corpusID) }
        return ordered.filter { seen.insert($0.text).inserted }
    }

    private func isAnnotation(_ text: DocumentTextRecord, in corpus: Int64) -> Bool {
        text.origin.hasPrefix(Self.modelPrefix) && text.origin != ownOrigins[corpus]
    }

    private static let modelPrefix = "model:"
}
