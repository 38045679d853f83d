import BenchmarkStore
import SeededRandom
import TextMetrics

/// A whole benchmark in memory: settings with their examples, before it is stored or exported.
public struct BenchmarkPlan: Sendable {
    /// A reference of an example beyond the first.
    public struct FurtherReference: Hashable, Sendable {
        /// What it says.
        public let text: String
        /// Who wrote it.
        public let origin: String
    }

    /// One question of a setting with its reference and where it comes from.
    public struct Example: Hashable, Sendable {
        /// The corpus, as `name@version`.
        public let corpus: String
        /// The document's name in its corpus.
        public let document: String
        /// The document's row number.
        public let documentID: Int64
        /// Where the document lies.
        public let split: Split
        /// What the model reads before the instruction.
        public let input: String
        /// What it should write.
        public let reference: String
        /// Who wrote the reference.
        public let origin: String
        /// The document's cluster of near-duplicates.
        public let cluster: String
        /// Other references, as good as the first.
        public var furtherReferences: [FurtherReference] = []
    }

    /// A setting with its examples, in order within each split.
    public struct Setting: Hashable, Sendable {
        /// The task or composition.
        public let record: SettingRecord
        /// The examples of all splits, train first.
        public let examples: [Example]

        /// The examples of one split, in order.
        public func examples(of split: Split) -> [Example] { examples.filter { $0.split == split } }
    }

    /// What the build was asked for, with every corpus as `name@version`.
    public let parameters: BuildParameters
    /// The corpora, by name and version.
    public let corpora: [CorpusRecord]
    /// How many documents of each kind each corpus has.
    public let documents: [String: [DocumentKind: Int]]
    /// The settings that have examples, in the order of tables.
    public let settings: [Setting]
    /// What the documents have in common, and the proof that nothing of it leaks.
    public let leaks: LeakReport
    /// The documents that were left out so that the sources' splits could be kept, with the reason.
    public let exclusions: [Exclusion]
    /// How many documents have a split of their source's own.
    public let documentsWithOwnSplit: Int
    /// The documents that share a text, or nearly do, by row numbers.
    public let duplicatePairs: [DuplicatePairRecord]
    /// How many references are by whom, those beyond the first included.
    public let referenceOrigins: [String: Int]
    /// How many texts by models were not used, since the parameters do not name their model, by origin.
    public let unusedAnnotations: [String: Int]

    /// A document that was left out of a build.
    public struct Exclusion: Hashable, Sendable {
        /// The document's row number.
        public let documentID: Int64
        /// The corpus, as `name@version`.
        public let corpus: String
        /// The document's name in its corpus.
        public let document: String
        /// Why, naming the document that was kept.
        public let reason: String
    }

    /// Plans a build of corpora and all their documents.
    ///
    /// - Parameters:
    ///   - parameters: valid parameters; their corpora are those given here.
    ///   - corpora: the corpora's records, in any order.
    ///   - documents: all documents of all the corpora, in any order.
    /// - Throws: `BuildError` of code `corpus`, `disagreement` or `leak`.
    public init(
        parameters: BuildParameters, corpora: [CorpusRecord], documents: [DocumentContents]
    ) throws(BuildError) {
        let sorted = corpora.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
        let references = Dictionary(sorted.map { ($0.id, $0.reference) }, uniquingKeysWith: { first, _ in first })
        var parameters = parameters
        parameters.corpora = sorted.map(\.reference)
        let rules = try References(annotations: parameters.annotations, corpora: sorted, documents: documents)
        let targets = try Targets(of: sorted) { corpus, kind, name in
            rules.variants[corpus.id]?.contains(References.Variant(kind: kind, name: name)) == true
        }
        let documents = documents.sorted {
            (references[$0.document.corpusID] ?? "", $0.document.key)
                < (references[$1.document.corpusID] ?? "", $1.document.key)
        }
        let clusters = DocumentClusters(documents.map { $0.clusterEntry(rules.usable($0)) })
        let official = OfficialSplits(documents.map(\.document.split), clusters)
        let names = clusters.names { !official.excluded.contains($0) }
        let items = documents.indices.map { place in
            let document = documents[place].document
            return SplitAssigner.Item(
                id: document.id, corpus: references[document.corpusID] ?? "", kind: document.kind,
                textHash: document.textHash, cluster: names[place], official: document.split,
                decided: official.splits[place])
        }
        let kept = items.indices.filter { !official.excluded.contains($0) }.map { items[$0] }
        let splits = SplitAssigner.assign(kept, shares: parameters.shares, seed: parameters.seed)
        try LeakCheck.run(kept, splits: splits)

        let clusterOf = Dictionary(items.map { ($0.id, $0.cluster) }) { first, _ in first }
        let ordered = Self.ordered(documents, corpora: references, seed: parameters.seed)
        let settings = SettingCatalogue.settings(for: targets, kinds: Set(documents.map(\.document.kind)))
            .map { setting in
                Setting(
                    record: setting, examples: Self.examples(of: setting, ordered, references, rules, splits, clusterOf)
                )
            }
            .filter { !$0.examples.isEmpty }
        guard !settings.isEmpty else {
            throw BuildError(.corpus, "the corpora hold nothing to build from: ingest some with translations or tones")
        }
        self.parameters = parameters
        self.corpora = sorted
        self.documents = Dictionary(grouping: items, by: \.corpus).mapValues { items in
            Dictionary(grouping: items, by: \.kind).mapValues(\.count)
        }
        self.settings = settings
        let reasons = official.reasons(items, keys: documents.map(\.document.key), splits: splits)
        exclusions = reasons.map { place, reason in
            Exclusion(
                documentID: items[place].id, corpus: items[place].corpus, document: documents[place].document.key,
                reason: reason.text)
        }
        documentsWithOwnSplit = items.count { $0.official != nil }
        duplicatePairs = clusters.links.map {
            DuplicatePairRecord(
                firstID: items[$0.first].id, secondID: items[$0.second].id, texts: $0.texts.rawValue,
                similarity: $0.similarity)
        }
        let keptIn = Dictionary(uniqueKeysWithValues: reasons.map { ($0.place, $0.reason.keptIn) })
        leaks = LeakReport(
            items.indices.map {
                LeakReport.Document(
                    corpus: items[$0].corpus, key: documents[$0].document.key, official: items[$0].official,
                    keptIn: keptIn[$0])
            }, clusters, proof: LeakProof(settings.flatMap(\.proofRows), clusters, documents: items.map(\.id)))
        referenceOrigins = settings.flatMap(\.examples).reduce(into: [:]) { counts, example in
            for origin in [example.origin] + example.furtherReferences.map(\.origin) { counts[origin, default: 0] += 1 }
        }
        unusedAnnotations = rules.leftOut
    }

    /// Documents in an order drawn from the seed and their texts, the same for every setting.
    ///
    /// So the first so many test examples of one setting are about the same documents as those of another.
    private static func ordered(
        _ documents: [DocumentContents], corpora: [Int64: String], seed: Int64
    ) -> [DocumentContents] {
        let drawn = documents.map { contents in
            let hash = contents.document.textHash
            var generator = SeededGenerator(seed: UInt64(bitPattern: seed), purpose: "order \(hash)")
            let name = "\(hash) \(corpora[contents.document.corpusID] ?? "") \(contents.document.key)"
            return (draw: generator.next(), name: name, contents: contents)
        }
        return drawn.sorted { ($0.draw, $0.name) < ($1.draw, $1.name) }.map(\.contents)
    }

    private static func examples(
        of setting: SettingRecord, _ documents: [DocumentContents], _ corpora: [Int64: String], _ rules: References,
        _ splits: [Int64: Split], _ clusters: [Int64: String]
    ) -> [Example] {
        var bySplit: [Split: [Example]] = [:]
        for contents in documents where contents.document.kind == setting.documentKind {
            let document = contents.document
            // A corpus without this language or tone has no example here.
            let references = rules.texts(of: contents, setting.role, setting.variantKind, setting.target ?? "")
            guard let reference = references.first, let split = splits[document.id] else { continue }
            let input =
                document.kind == .conversation
                ? Instructions.conversation(document.text, nextSpeaker: document.speaker) : document.text
            bySplit[split, default: []].append(
                Example(
                    corpus: corpora[document.corpusID] ?? "", document: document.key, documentID: document.id,
                    split: split, input: input, reference: reference.text, origin: reference.origin,
                    cluster: clusters[document.id] ?? document.textHash,
                    furtherReferences: references.dropFirst().map {
                        FurtherReference(text: $0.text, origin: $0.origin)
                    }))
        }
        return Split.allCases.flatMap { bySplit[$0] ?? [] }
    }
}

extension BenchmarkPlan.Setting {
    /// The examples as the proof against leaks sees them.
    fileprivate var proofRows: [LeakProof.Row] {
        examples.map {
            LeakProof.Row(
                document: $0.documentID, cluster: $0.cluster, split: $0.split, input: $0.input,
                references: [$0.reference] + $0.furtherReferences.map(\.text))
        }
    }
}

extension DocumentContents {
    /// The document as the search for duplicates sees it, with those of its texts that the build may use.
    fileprivate func clusterEntry(_ texts: [DocumentTextRecord]) -> DocumentClusters.Entry {
        let spoken = document.turns.map { $0.map(\.text).joined(separator: "\n") } ?? document.text
        let sources = texts.filter { $0.variantKind == .source }
        let reply = sources.first { $0.role == .reply }
        return DocumentClusters.Entry(
            textHash: document.textHash, spokenText: spoken, wholeText: reply.map { "\(spoken)\n\($0.text)" },
            sourceTexts: sources.map(\.text))
    }
}

extension CorpusRecord {
    /// The corpus as `name@version`.
    package var reference: String { "\(name)@\(version)" }
}
