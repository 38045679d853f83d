import CorpusIngest
import Foundation
import TestSupport

/// A corpus folder in the making: a copy of one in the checkout, changed as a test needs it.
struct ScratchCorpus {
    let folder: ScratchFolder
    var url: URL { folder.url }

    /// A copy of the small test corpus.
    static func small() throws -> ScratchCorpus {
        try ScratchCorpus(copying: Fixtures.url("corpora/small"))
    }

    /// A copy of the everyday corpus with the first so many records of each file.
    static func everyday(records: Int) throws -> ScratchCorpus {
        let corpus = try ScratchCorpus(copying: Fixtures.root.appending(path: "Corpora/everyday"))
        for name in ["dialogues", "conversations", "sentences", "messages"] {
            try corpus.edit("\(name).jsonl") { $0.removeSubrange(min(records, $0.count)...) }
        }
        return corpus
    }

    init(copying source: URL) throws {
        folder = try ScratchFolder()
        try FileManager.default.removeItem(at: folder.url)
        try FileManager.default.copyItem(at: source, to: folder.url)
    }

    /// Changes the lines of a file.
    func edit(_ file: String, _ change: (inout [String]) throws -> Void) throws {
        let text = String(decoding: try Data(contentsOf: url.appending(path: file)), as: UTF8.self)
        var lines = text.split(separator: "\n").map(String.init)
        try change(&lines)
        try write(file, lines.map { $0 + "\n" }.joined())
    }

    /// Replaces text in one line of a file; every occurrence in that line.
    func replace(_ old: String, with new: String, in file: String, line: Int) throws {
        try edit(file) { lines in
            guard lines[line - 1].contains(old) else { throw Missing(text: old, line: lines[line - 1]) }
            lines[line - 1] = lines[line - 1].replacingOccurrences(of: old, with: new)
        }
    }

    /// Writes a whole file.
    func write(_ file: String, _ text: String) throws {
        try Data(text.utf8).write(to: url.appending(path: file))
    }

    /// Reads the corpus as it is now.
    func read() throws -> Corpus { try CorpusSource([url.path]).readAll() }

    /// The text that a test meant to replace was not there.
    struct Missing: Error {
        let text: String
        let line: String
    }
}
