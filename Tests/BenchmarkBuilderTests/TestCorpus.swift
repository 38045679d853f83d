import BenchmarkStore
import Foundation
import TestSupport

/// Made-up corpora of any size, stored without a reader.
struct TestCorpus {
    var name = "made-up"
    var version = "1"
    var language = "en"
    var languages = [("es", "Spanish"), ("nl", "Dutch")]
    var tones = [("witty", "in a witty tone")]
    var dialogues = 20
    var conversations = 10
    var sentences = 40
    var messages = 20
    /// Put before every text, so that two corpora need not share any.
    var prefix = ""
    /// Gives documents, by key, another text.
    var texts: [String: String] = [:]
    var isReversed = false
    var licence = "CC0-1.0"
    var origin = "project"
    /// The source's own split of documents, by key.
    var splits: [String: Split] = [:]
    /// Further texts of documents, by key.
    var further: [String: [DocumentTextRecord]] = [:]

    var contents: CorpusContents {
        let manifest = CanonicalManifest(
            languages: languages.map { .init(code: $0.0, name: $0.1) },
            tones: tones.map { .init(name: $0.0, instruction: $0.1) })
        let corpus = CorpusRecord(
            name: name, version: version, title: "Made up", licence: licence, citation: "Nobody (2026).",
            language: language, origin: origin, manifest: (try? CanonicalJSON.text(manifest)) ?? "{}",
            contentHash: ContentHash(of: "\(self)").hex)
        var documents: [DocumentContents] = []
        for (kind, count) in [
            (DocumentKind.dialogue, dialogues), (.conversation, conversations), (.sentence, sentences),
            (.message, messages),
        ] {
            documents += (0..<count).map { document(kind, $0) }
        }
        return CorpusContents(corpus: corpus, files: [], documents: isReversed ? documents.reversed() : documents)
    }

    /// Twelve words that no other key has, so that no two documents are alike.
    static func words(_ key: String) -> String {
        let hex = Array(ContentHash(of: key).hex)
        return stride(from: 0, to: 60, by: 5).map { String(hex[$0..<$0 + 5]) }.joined(separator: " ")
    }

    private func document(_ kind: DocumentKind, _ number: Int) -> DocumentContents {
        let key = "\(kind.rawValue)-\(number)"
        let text = texts[key] ?? "\(prefix)Ada: \(Self.words(key)).\nBo: “Yes” / ¿sí? 🎈"
        let hash = ContentHash(of: text).hex
        let turns = text.split(separator: "\n").map { Turn(speaker: "Ada", text: String($0)) }
        let hasTurns = kind == .dialogue || kind == .conversation
        let record = DocumentRecord(
            key: key, kind: kind, topic: "numbers", turns: hasTurns ? turns : nil, text: text,
            speaker: kind == .conversation ? "Ada" : nil, textHash: hash, split: splits[key])
        let role: TextRole =
            switch kind {
            case .dialogue: .summary
            case .conversation: .reply
            case .sentence: .translation
            case .message: .rewrite
            }
        func version(_ variantKind: VariantKind, _ variant: String) -> DocumentTextRecord {
            DocumentTextRecord(
                role: role, variantKind: variantKind, variant: variant, text: "\(role) \(variant) of \(key)",
                origin: origin)
        }
        var versions = hasTurns ? [version(.source, "")] : []
        if kind != .message { versions += languages.map { version(.language, $0.0) } }
        if kind != .sentence { versions += tones.map { version(.tone, $0.0) } }
        return DocumentContents(document: record, texts: versions + (further[key] ?? []))
    }

    private struct CanonicalManifest: Encodable {
        struct Language: Encodable {
            let code: String
            let name: String
        }
        struct Tone: Encodable {
            let name: String
            let instruction: String
        }
        let languages: [Language]
        let tones: [Tone]
    }
}

/// A store in a scratch folder with some made-up corpora.
struct TestStore {
    let folder: ScratchFolder
    let database: BenchmarkDatabase

    init(_ corpora: TestCorpus...) throws {
        folder = try ScratchFolder()
        database = try BenchmarkDatabase(path: folder.path("test.sqlite").path)
        for corpus in corpora { try database.insertCorpus(corpus.contents) }
    }

    /// All files under a folder, by path.
    static func files(in folder: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let url = folder.appending(path: path)
            if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true { continue }
            files[path] = try Data(contentsOf: url)
        }
        return files
    }
}
