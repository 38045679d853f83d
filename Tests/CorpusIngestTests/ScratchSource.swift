import CorpusIngest
import Foundation
import TestSupport

/// A folder of source files that a test wrote itself.
struct ScratchSource {
    let folder: ScratchFolder

    /// Files with their texts, by their paths in the folder.
    init(_ files: KeyValuePairs<String, String>) throws {
        folder = try ScratchFolder()
        for (name, text) in files { try write(name, Data(text.utf8)) }
    }

    func write(_ name: String, _ data: Data) throws {
        let url = folder.path(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// The folder as a source.
    func source(_ options: SourceOptions = SourceOptions()) throws -> CorpusSource {
        try CorpusSource([folder.url.path], options)
    }

    /// Everything in the folder.
    func read(_ options: SourceOptions = SourceOptions()) throws -> Corpus { try source(options).readAll() }

    /// What is found at some of the files; at all of them by default.
    func source(_ names: [String] = [], _ options: SourceOptions = SourceOptions()) throws -> CorpusSource {
        let paths = names.isEmpty ? [folder.url.path] : names.map { folder.path($0).path }
        return try CorpusSource(paths, options)
    }

    /// Reads one file's text as a corpus.
    static func read(
        _ text: String, as name: String, _ options: SourceOptions = SourceOptions()
    ) throws -> Corpus {
        let scratch = try ScratchSource([name: text])
        // The folder goes away with its last use.
        return try withExtendedLifetime(scratch) { try scratch.source([name], options).readAll() }
    }
}

extension Corpus {
    /// The records of the first file that have an irregularity, by its name.
    var irregularities: [String: [Int]] {
        let log = files[0].irregularities
        return Dictionary(uniqueKeysWithValues: log.kinds.map { ($0.name, log.records[$0] ?? []) })
    }

    /// The reasons why records of the first file are not kept, by record.
    var reasons: [String: String] {
        Dictionary(files[0].rejects.map { ($0.record, $0.reason) }, uniquingKeysWith: { first, _ in first })
    }
}

extension CorpusDocument {
    /// The texts of a variant's versions, in order; the source's by default.
    func versions(_ variant: String = "") -> [String] { versions.filter { $0.variant == variant }.map(\.text) }
}

extension SourceOptions {
    /// Everything that a corpus without facts of its own must be told.
    static var told: SourceOptions {
        var options = SourceOptions()
        options.name = "invented"
        options.version = "1"
        options.licence = "CC0-1.0"
        options.citation = "Invented for a test."
        return options
    }
}

extension Corpus {
    /// The numbers of the records with an irregularity, over all files.
    func records(with name: String) -> [Int] {
        files.flatMap { file in
            file.irregularities.records.filter { $0.key.name == name }.flatMap(\.value)
        }
    }

    /// The texts of a document's versions in a language.
    func texts(_ key: String, _ variant: String) -> [String] {
        documents.first { $0.key == key }?.versions.filter { $0.variant == variant }.map(\.text) ?? []
    }
}
