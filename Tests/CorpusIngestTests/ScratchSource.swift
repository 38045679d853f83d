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
}
