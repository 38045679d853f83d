import BenchmarkBuilder
import BenchmarkStore
import TextSafety

/// Fills missing references of a stored corpus with a model: translations, tones, and summaries or replies themselves.
///
/// Every text is marked with the model's name (`model:<name>`), so that builds and reports tell it from a person's. A
/// request that was answered before, whatever the corpus, is answered from the table `annotations`. Each answer is
/// stored as it comes: a second call goes on where the first stopped.
public struct Annotator {
    /// What is to be filled in.
    public struct Wishes: Sendable {
        /// Languages to translate into, with their English names.
        public var languages: [Targets.Language]
        /// Tones to rewrite in, with their words for prompts.
        public var tones: [Targets.Tone]
        /// Which kinds of documents.
        public var kinds: [DocumentKind]
        /// The most documents, from the first; nil for all.
        public var limit: Int?
        /// The most tokens of an answer.
        public var maximumTokens: Int

        /// Wishes; by default for documents of all kinds.
        public init(
            languages: [Targets.Language] = [], tones: [Targets.Tone] = [],
            kinds: [DocumentKind] = DocumentKind.allCases,
            limit: Int? = nil, maximumTokens: Int = 256
        ) {
            self.languages = languages
            self.tones = tones
            self.kinds = kinds
            self.limit = limit
            self.maximumTokens = maximumTokens
        }
    }

    /// What was done.
    public struct Report: Hashable, Sendable {
        /// Texts that were missing.
        public var missing = 0
        /// Texts that were added.
        public var added = 0
        /// Answers that were there from an earlier request.
        public var cached = 0
        /// Answers that were cut off, empty, or a copy of what was to be changed; they are not stored.
        public var refused = 0

        /// Numbers of texts, 0 by default.
        public init(missing: Int = 0, added: Int = 0, cached: Int = 0, refused: Int = 0) {
            self.missing = missing
            self.added = added
            self.cached = cached
            self.refused = refused
        }
    }

    /// How many requests are handed to the model together.
    static let batch = 64

    private let database: BenchmarkDatabase
    private let model: any AnnotatingModel

    /// An annotator of a database's corpora.
    public init(_ database: BenchmarkDatabase, model: any AnnotatingModel) {
        self.database = database
        self.model = model
    }

    /// A text that is missing, and how to ask for it.
    private struct Gap {
        let text: DocumentTextRecord
        let request: AnnotationRequest
        /// What an answer must differ from.
        let source: String
    }

    /// Fills what is missing.
    ///
    /// - Parameter onProgress: the texts done and missing so far.
    /// - Throws: `RunError` of code `stopped` where it was asked to, `server`; `StoreError`; what the model throws.
    public func run(
        corpus: CorpusRecord, _ wishes: Wishes, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: (Report) -> Void = { _ in }
    ) throws -> Report {
        try describe(corpus, wishes)
        var report = Report()
        // Summaries and replies first: what is to be translated must be there.
        for isSourcePass in [true, false] {
            var documents = try database.documents(ofCorpora: [corpus.id], kinds: wishes.kinds)
            if let limit = wishes.limit { documents = Array(documents.prefix(limit)) }
            let gaps = documents.flatMap { isSourcePass ? sources($0, wishes) : variants($0, wishes) }
            report.missing += gaps.count
            try fill(gaps, &report, shouldStop, onProgress)
        }
        return report
    }

    private func fill(
        _ gaps: [Gap], _ report: inout Report, _ shouldStop: @escaping @Sendable () -> Bool,
        _ onProgress: (Report) -> Void
    ) throws {
        // Equal requests, of documents with equal texts, are sent once.
        var open: [(hash: String, json: String, gaps: [Gap])] = []
        var places: [String: Int] = [:]
        for gap in gaps {
            let json = try CanonicalJSON.text(gap.request)
            let hash = ContentHash(parts: ["model": model.name, "request": json]).hex
            if let known = try database.annotation(hash) {
                report.added += try database.saveAnnotation(known, as: [marked(gap, known.answer)])
                report.cached += 1
            } else if let place = places[hash] {
                open[place].gaps.append(gap)
            } else {
                places[hash] = open.count
                open.append((hash, json, [gap]))
            }
        }
        onProgress(report)
        for start in stride(from: 0, to: open.count, by: Self.batch) {
            let batch = Array(open[start..<min(start + Self.batch, open.count)])
            let requests = batch.map { $0.gaps[0].request }
            try model.answer(requests, shouldStop: shouldStop) { index, answer in
                let (hash, json, gaps) = batch[index]
                // Of a server that may answer anything.
                let text = answer.text.hasEndlessMarks ? "" : answer.text.trimmingWhiteSpace.precomposed
                guard answer.isComplete, !text.isEmpty, text != gaps[0].source else {
                    report.refused += gaps.count
                    return
                }
                let record = AnnotationRecord(requestHash: hash, model: model.name, request: json, answer: text)
                report.added += try database.saveAnnotation(record, as: gaps.map { marked($0, text) })
                onProgress(report)
            }
            if shouldStop() { throw RunError(.stopped, "stopped; run the same command to go on") }
        }
    }

    private func marked(_ gap: Gap, _ answer: String) -> DocumentTextRecord {
        var text = gap.text
        text.text = answer
        text.origin = "model:\(model.name)"
        return text
    }

    /// The summary or reply in the source language, where that itself is missing.
    private func sources(_ contents: DocumentContents, _ wishes: Wishes) -> [Gap] {
        let document = contents.document
        let role: TextRole
        switch document.kind {
        case .dialogue: role = .summary
        case .conversation: role = .reply
        case .sentence, .message: return []
        }
        guard contents.text(role) == nil else { return [] }
        let input =
            role == .reply
            ? Instructions.conversation(document.text, nextSpeaker: document.speaker) : document.text
        let instruction = role == .reply ? Instructions.reply : Instructions.summarize
        return [gap(document, role, .source, "", input, instruction, wishes)]
    }

    /// Translations and tones that are missing.
    private func variants(_ contents: DocumentContents, _ wishes: Wishes) -> [Gap] {
        let document = contents.document
        let role: TextRole =
            switch document.kind {
            case .dialogue: .summary
            case .conversation: .reply
            case .sentence: .translation
            case .message: .rewrite
            }
        let hasTurns = document.kind == .dialogue || document.kind == .conversation
        guard let source = hasTurns ? contents.text(role)?.text : document.text else { return [] }
        var gaps: [Gap] = []
        if document.kind != .message {
            for language in wishes.languages where contents.text(role, .language, language.code) == nil {
                gaps.append(
                    gap(
                        document, role, .language, language.code, source,
                        Instructions.translate(into: language.name), wishes))
            }
        }
        if document.kind != .sentence {
            for tone in wishes.tones where contents.text(role, .tone, tone.name) == nil {
                gaps.append(
                    gap(document, role, .tone, tone.name, source, Instructions.rewrite(tone.instruction), wishes))
            }
        }
        return gaps
    }

    private func gap(
        _ document: DocumentRecord, _ role: TextRole, _ kind: VariantKind, _ variant: String, _ input: String,
        _ instruction: String, _ wishes: Wishes
    ) -> Gap {
        Gap(
            text: DocumentTextRecord(
                documentID: document.id, role: role, variantKind: kind, variant: variant, text: "", origin: ""),
            request: AnnotationRequest(
                system: nil, message: Instructions.prompt(input: input, instruction: instruction),
                maximumTokens: wishes.maximumTokens),
            source: input)
    }

    /// Adds languages and tones that are new to the corpus to its description, so that builds offer them.
    private func describe(_ corpus: CorpusRecord, _ wishes: Wishes) throws {
        let known = try Targets(of: [corpus])
        let languages = wishes.languages.filter { language in !known.languages.contains { $0.code == language.code } }
        let tones = wishes.tones.filter { tone in !known.tones.contains { $0.name == tone.name } }
        if languages.isEmpty, tones.isEmpty { return }
        let manifest = try Targets(languages: known.languages + languages, tones: known.tones + tones)
            .replacingTargets(inManifest: corpus.manifest)
        try database.updateManifest(ofCorpus: corpus.id, to: manifest)
    }
}
