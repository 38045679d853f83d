import BenchmarkStore
import CorpusIngest
import Foundation
import GRDB
import TestSupport
import Testing

/// Opening, unpacking and cutting into lines, before any format looks at the bytes.
@Suite struct SourceTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func lines(_ file: SourceFile) throws -> [String] {
        var reader = LineReader(try file.open(), path: file.path)
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    private func write(_ text: String, _ name: String = "a.txt") throws -> SourceFile {
        let url = folder.path(name)
        try Data(text.utf8).write(to: url)
        return SourceFile(path: name, url: url)
    }

    @Test(arguments: [
        ("", []), ("\n", [""]), ("one", ["one"]), ("one\ntwo\n", ["one", "two"]), ("one\r\ntwo\r\n", ["one", "two"]),
        ("\u{FEFF}one\n\ntwo", ["one", "", "two"]),
        // Only LF ends a line: neither CR alone, nor U+2028, nor U+0085, nor a form feed.
        ("a\rb\u{2028}c\u{85}d\u{0C}e\n", ["a\rb\u{2028}c\u{85}d\u{0C}e"]),
    ])
    func cutsLinesAtLineFeedsOnly(_ text: String, _ expected: [String]) throws {
        #expect(try lines(try write(text)) == expected)
    }

    @Test func cutsLinesThatSpanPieces() throws {
        let long = String(repeating: "x", count: ByteStream.pieceSize - 1)
        let text = "short\n" + long + "\r\n" + long + long + "\nlast"
        #expect(try lines(try write(text)) == ["short", long, long + long, "last"])
    }

    @Test func givesBlocksOfWholeLinesWithTheirNumbers() throws {
        let text = (1...2_000).map { "line \($0)\n" }.joined() + "end"
        var reader = LineReader(try write(text).open(), path: "a.txt")
        var found: [String] = []
        var next = 1
        while let block = try reader.nextBlock(100) {
            #expect(block.firstLine == next)
            block.bytes.forEachLine(from: block.firstLine) { line, number in
                found.append(String(decoding: line, as: UTF8.self))
                next = number + 1
            }
        }
        #expect(found == (1...2_000).map { "line \($0)" } + ["end"] && reader.lines == 2_001)
    }

    @Test(arguments: PackedFiles.Packing.allCases)
    func readsPackedFilesAsIfTheyWerePlain(_ packing: PackedFiles.Packing) throws {
        let name = ["a.jsonl.gz", "a.zip", "a.tar.gz", "a.tar"][
            PackedFiles.Packing.allCases.firstIndex(of: packing) ?? 0]
        let url = folder.path(name)
        let text = (1...5_000).map { "{\"n\": \($0)}\n" }.joined()
        try PackedFiles.write(
            [("data/b.jsonl", text), ("data/", ""), ("__MACOSX/data/._b.jsonl", "x"), ("c.jsonl", "{}\n")], as: packing,
            to: url)
        let files = try SourceListing.files(at: url.path)
        if packing == .gzip {
            #expect(files.map(\.path) == [name] && files.map(\.name) == ["a.jsonl"])
        } else {
            #expect(files.map(\.path) == ["\(name)!data/b.jsonl", "\(name)!c.jsonl"])
        }
        #expect(try lines(files[0]).count == 5_000)
        #expect(try lines(files[0]).last == "{\"n\": 5000}")
    }

    @Test(arguments: [PackedFiles.Packing.gzip, .zip, .tarGzip])
    func refusesAPackedFileThatIsCutShort(_ packing: PackedFiles.Packing) throws {
        let url = folder.path(packing == .zip ? "a.zip" : packing == .gzip ? "a.gz" : "a.tar.gz")
        var generator = SystemRandomNumberGenerator()
        let text = (0..<20_000).map { _ in String(generator.next() % 1_000_000) + "\n" }.joined()
        try PackedFiles.write([("a.txt", text)], as: packing, to: url)
        let whole = try Data(contentsOf: url)
        try whole.prefix(whole.count / 2).write(to: url)
        let error = #expect(throws: CorpusError.self) {
            for file in try SourceListing.files(at: url.path) { _ = try lines(file) }
        }
        #expect(error?.code == .unreadable && error?.message.contains("cannot be unpacked") == true)
    }

    @Test(arguments: PackedFiles.Packing.allCases.filter { $0 != .gzip })
    func readsMembersWhoseNamesAreNotASCII(_ packing: PackedFiles.Packing) throws {
        let url = folder.path("a.packed")
        try PackedFiles.write([("mit Lücke/日本.txt", "one\n"), ("Ü.txt", "two\n")], as: packing, to: url)
        let files = try SourceListing.files(at: url.path)
        #expect(files.map(\.path) == ["a.packed!mit Lücke/日本.txt", "a.packed!Ü.txt"])
        #expect(try files.map(lines) == [["one"], ["two"]])
    }

    @Test func takesAnEmptyGzipFileForAnEmptyFile() throws {
        let url = folder.path("a.txt.gz")
        try PackedFiles.write([("a.txt", "")], as: .gzip, to: url)
        let files = try SourceListing.files(at: url.path)
        #expect(files.map(\.name) == ["a.txt"])
        #expect(try lines(files[0]) == [])
    }

    @Test func readsAPipeOnceAndLeavesThoseInAFolderAlone() throws {
        _ = try write("one\n")
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        #expect(try SourceListing.files(at: folder.url.path).map(\.path) == ["a.txt"])
        let writer = Thread { try? Data("one\ntwo\n".utf8).write(to: pipe) }
        writer.start()
        var files = try SourceListing.files(at: pipe.path)
        #expect(files.map(\.path) == ["pipe"])
        #expect(try lines(files[0]) == ["one", "two"] && lines(files[0]) == ["one", "two"])
        let copy = files[0].url.path
        #expect(FileManager.default.fileExists(atPath: copy))
        files = []
        #expect(!FileManager.default.fileExists(atPath: copy))
    }

    @Test func takesAnArchiveOfManyFilesAsOneCollection() throws {
        let url = folder.path("many.tar.gz")
        try PackedFiles.write((1...150).map { ("d/\($0).json", "{\"n\": \($0)}") }, as: .tarGzip, to: url)
        let files = try SourceListing.files(at: url.path)
        #expect(files.count == 1 && files[0].isCollection)
        #expect(String(decoding: try files[0].head(), as: UTF8.self) == "{\"n\": 1}")
    }

    @Test func listsAFolderDeepAndInOrderWithoutHiddenFiles() throws {
        for name in ["b/2.txt", "b/1.txt", "a.txt", ".hidden", "b/.git/x"] {
            let url = folder.path(name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: url)
        }
        #expect(try SourceListing.files(at: folder.url.path).map(\.path) == ["a.txt", "b/1.txt", "b/2.txt"])
    }

    @Test func saysWhenAPathIsNotThere() throws {
        let error = #expect(throws: CorpusError.self) { try CorpusSource([folder.path("nothing").path]) }
        #expect(error?.code == .unreadable)
    }

    @Test(arguments: [
        ("dialogsum.dev.jsonl", Split.validation), ("train.tsv", .train), ("newstest2013.en", nil),
        ("x.test.de", .test),
        ("eng_Latn.devtest", .test), ("attestation.txt", nil), ("Synthetic-Persona-Chat_valid.csv", .validation),
    ])
    func tellsTheSplitByAWordOfTheName(_ name: String, _ split: Split?) {
        #expect(SplitName.split(inNameOf: SourceFile(path: name, url: folder.path(name))) == split)
    }
}

@Suite struct CleanedTextTests {
    @Test(
        arguments: [
            ("plain", "plain", []), ("", "", []), (" a", "a", .outerBlanks), ("a\u{A0}", "a", .outerBlanks),
            ("\u{A0}a", "a", .outerBlanks), ("\u{2009}a\u{2009}", "a", .outerBlanks),
            ("a\r\nb\rc", "a\nb\nc", .lineEnds),
            ("Cafe\u{301}", "Café", .normalForm), ("“a” – ‘b’ …", "“a” – ‘b’ …", []), ("日本", "日本", []),
            ("a\u{2000}b", "a\u{2002}b", .normalForm), ("été à Köln", "été à Köln", []), ("\u{212B}", "Å", .normalForm),
            ("a\u{200B}b", "a\u{200B}b", []), ("a…", "a…", []),
        ] as [(String, String, CorpusText.Changes)])
    func isCleanedAndSaysWhatChanged(_ text: String, _ expected: String, _ changes: CorpusText.Changes) {
        let cleaned = CorpusText.cleanedWithChanges(text)
        #expect(Array(cleaned.text.utf8) == Array(expected.utf8) && cleaned.changes == changes)
    }
}

@Suite struct StreamingTests {
    private let folder: ScratchFolder
    private let database: BenchmarkDatabase

    init() throws {
        folder = try ScratchFolder()
        database = try BenchmarkDatabase(path: folder.path("test.sqlite").path)
    }

    /// A pack of so many sentences, with some lines changed.
    private func pack(_ count: Int, _ change: [Int: String] = [:], name: String = "pack.jsonl") throws -> URL {
        var lines = [
            #"{"format":"braid-corpus","formatVersion":1,"name":"pack","version":"1","title":"t","description":"d","#
                + #""licence":"CC0-1.0","citation":"c","language":"en","languages":[{"code":"nl","name":"Dutch"}],"#
                + #""tones":[],"origin":"project"}"#
        ]
        for number in 1...count {
            lines.append(
                change[number]
                    ?? #"{"id":"s-\#(number)","kind":"sentence","topic":"t","text":"Number \#(number) is here.","#
                    + #""translations":{"nl":"Nummer \#(number) is hier."}}"#)
        }
        let url = folder.path(name)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
        return url
    }

    @Test func storesAPackOfOneFileInOrder() throws {
        let report = try CorpusIngester.ingest(folder: try pack(20_000), into: database)
        #expect(report.documents == [.sentence: 20_000] && report.texts == 20_000)
        let documents = try database.documents(ofCorpora: [report.outcome.id])
        #expect(documents.map(\.document.key) == (1...20_000).map { "s-\($0)" })
        #expect(documents.map(\.document.record) == Array(1...20_000))
        #expect(documents[7].text(.translation, .language, "nl")?.text == "Nummer 8 is hier.")
        // The index that a large corpus drops meanwhile is there again.
        let indices = try database.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE name = 'documents_by_text'")
        }
        #expect(indices == ["documents_by_text"])
    }

    @Test func undoesEverythingForOneBadRecordFarDown() throws {
        let url = try pack(5_000, [4_990: #"{"id":"s-4990","kind":"sentence","topic":"t"}"#])
        let error = #expect(throws: CorpusError.self) { try CorpusIngester.ingest(folder: url, into: database) }
        #expect(error?.code == .refused && error?.problems.first?.line == 4_991)
        #expect(try database.corpora().isEmpty)
    }

    @Test func keepsRejectsWithLineAndReasonWhereAskedToSkipBadRecords() throws {
        let url = try pack(
            3_000,
            [
                5: "{", 6: "",
                1_000: #"{"id":"s-7","kind":"sentence","topic":"t","text":"Twice.","translations":{"nl":"Tweemaal."}}"#,
                2_000: #"{"id":"s-2000","kind":"poem"}"#,
            ])
        let report = try CorpusIngester.ingest(
            folder: url, into: database, options: CorpusIngester.Options(skipsBad: true))
        #expect(report.documents == [.sentence: 2_996] && report.rejected == 3)
        let stored = try #require(try database.corpusFiles(ofCorpus: report.outcome.id).first)
        #expect(stored.rejects.map(\.line) == [6, 7, 1_001, 2_001] && stored.file.rejected == 4)
        #expect(stored.file.records == 2_996)
        #expect(stored.rejects[2].reason.contains("is taken by pack.jsonl: record 6"))
    }

    @Test func readsPacksFromGzipAndRecognisesThemByHash() throws {
        let text = String(decoding: try Data(contentsOf: try pack(50)), as: UTF8.self)
        let url = folder.path("pack.jsonl.gz")
        try PackedFiles.write([("pack.jsonl", text)], as: .gzip, to: url)
        let first = try CorpusIngester.ingest(folder: url, into: database)
        let second = try CorpusIngester.ingest(folder: url, into: database)
        #expect(first.documents == [.sentence: 50] && second.outcome == .unchanged(id: first.outcome.id))
    }

    @Test func previewCountsAndShowsWithoutStoring() throws {
        let preview = try SourcePreview(of: try CorpusSource([try pack(40, [3: "{}"]).path]))
        #expect(preview.kinds == [.sentence: 39] && preview.examples.map(\.key) == ["s-1", "s-2", "s-4"])
        #expect(preview.texts == ["translation nl by project": 39])
        #expect(preview.text.contains("40 records, 39 documents, 1 bad"))
        #expect(preview.text.contains("pack.jsonl:4"))
    }

    @Test func previewFindsTheSameFaultsAsStoring() throws {
        let twice = #"{"id":"s-7","kind":"sentence","topic":"t","text":"Twice.","translations":{"nl":"Tweemaal."}}"#
        let source = try CorpusSource([try pack(1_000, [3: "{", 700: twice]).path])
        let preview = try SourcePreview(of: source)
        let error = #expect(throws: CorpusError.self) { try CorpusIngester.ingest(source, into: database) }
        #expect(preview.problems == error?.problems && preview.problems.map(\.code) == [.syntax, .duplicateID])
        #expect(preview.kinds == [.sentence: 998] && preview.files.map(\.records) == [998])
    }

    @Test func namesEverythingThatAForeignCorpusMustSayOfItself() throws {
        let about = FormatDescription(name: "x", title: "X", yields: "", layout: "")
        let error = #expect(throws: CorpusError.self) {
            try CorpusManifest(SourceOptions(), facts: about, targets: SourceTargets(), units: [], origin: "x.tmx")
        }
        #expect(error?.code == .incomplete)
        for flag in ["--name", "--corpus-version", "--licence", "--citation"] {
            #expect(error?.message.contains(flag) == true)
        }
    }
}
