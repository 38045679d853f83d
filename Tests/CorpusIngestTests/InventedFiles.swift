import CorpusIngest
import Foundation
import TestSupport

/// A folder of source files that a test wrote.
struct InventedFiles {
    let folder: ScratchFolder

    /// Writes files, by their paths in the folder.
    init(_ files: [String: String]) throws {
        folder = try ScratchFolder()
        for (path, text) in files { try add(path, Data(text.utf8)) }
    }

    /// Writes one more file.
    func add(_ path: String, _ bytes: Data) throws {
        let file = folder.path(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    /// What is to be read, found by looking.
    func source(_ options: SourceOptions = SourceOptions()) throws -> CorpusSource {
        try CorpusSource([folder.url.path], options)
    }

    /// The corpus that the files make.
    func read(_ options: SourceOptions = SourceOptions()) throws -> Corpus { try source(options).readAll() }
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
