import BenchmarkStore
import CLibArchive
import CorpusIngest
import Foundation
import Testing
import TestSupport
import TextSafety

/// Corpora that mean harm: bombs, floods, and names that lead elsewhere. What entities may do is in `XMLReaderTests`.
@Suite(.timeLimit(.minutes(10))) struct HostileFilesTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private static var columns: SourceOptions {
        var options = SourceOptions.told
        options.format = "columns"
        options.columns = ["id": "id", "text": "en", "translations.es": "es"]
        return options
    }

    private func read(_ bytes: some Sequence<UInt8>, as name: String, _ options: SourceOptions) throws -> Corpus {
        let url = folder.path(name)
        try Data(bytes).write(to: url)
        return try CorpusSource([url.path], options).readAll()
    }

    /// The error that reading a text ends with.
    private func refusal(_ text: String, as name: String, _ options: SourceOptions = .told) throws -> CorpusError {
        try #require(throws: CorpusError.self) { _ = try read(text.utf8, as: name, options) }
    }

    // MARK: XML

    private static func memory(head: String = "", _ units: String) -> String {
        "<?xml version=\"1.0\"?>\(head)<tmx version=\"1.4\"><header srclang=\"en\"/><body>\(units)</body></tmx>"
    }

    private static let unit =
        "<tu><tuv xml:lang=\"en\"><seg>Sea</seg></tuv><tuv xml:lang=\"es\"><seg>Mar</seg></tuv></tu>"

    /// Values with brackets in them, as are allowed, and what stands before the tag.
    @Test(arguments: [
        ("", ""), ("", ">"), ("<!-- it's -->", "-->"), ("<?p > '?>", "?>"), ("<prop><![CDATA[ ]>\" ]]></prop>", "]]>"),
        ("<note>'</note>", "<?".replacing("<", with: "&lt;")), ("<!---> <? -->", ">"),
    ])
    func aTagOfVeryManyAttributesIsRefused(_ before: String, _ value: String) throws {
        // libxml2 compares each with all others: a minute for a file of one megabyte.
        let attributes = (0..<20_000).map { "a\($0)=\"\(value)\"" }.joined(separator: " ")
        let error = try refusal(Self.memory("\(before)<tu \(attributes)></tu>"), as: "a.tmx")
        #expect(error.code == .unreadable && error.message.hasPrefix("a tag is longer than 32 KiB"), "\(error)")
        let fewer = (0..<2_000).map { "a\($0)=\"\(value)\"" }.joined(separator: " ")
        let units = "\(before)<tu \(fewer)>\(Self.unit.dropFirst(4))" + String(repeating: Self.unit, count: 2_000)
        #expect(try read(Self.memory(units).utf8, as: "b.tmx", .told).documents.count == 2_001)
    }

    @Test func aDocumentTypeIsKeptShortAndAddsFewAttributes() throws {
        func type(_ count: Int) -> String {
            "<!DOCTYPE tmx [\((0..<count).map { "<!ATTLIST tu a\($0) CDATA \"x\">\n" }.joined())]>"
        }
        var options = SourceOptions.told
        options.format = "tmx"
        let long = try refusal(Self.memory(head: type(10_000), Self.unit), as: "a.tmx", options)
        #expect(long.message.hasPrefix("what stands before the first element is longer than 128 KiB"))
        let many = try refusal(Self.memory(head: type(17), Self.unit), as: "b.tmx", options)
        #expect(many.message.contains("adds 17 attributes"))
        #expect(try read(Self.memory(head: type(16), Self.unit).utf8, as: "c.tmx", .told).documents.count == 1)
    }

    /// 18 MB of text in elements that are each small.
    @Test(arguments: [
        ("<tuv xml:lang=\"en\"><seg>", "<hi>", "</hi>", "</seg></tuv>"), ("<prop>", "<hi>", "</hi>", "</prop>"),
        ("", "<tuv xml:lang=\"en\"><seg>", "</seg></tuv>", ""),
    ])
    func aUnitOfATranslationMemoryIsLimited(_ head: String, _ open: String, _ close: String, _ tail: String) throws {
        let flood = String(repeating: open + String(repeating: "x", count: 1_000) + close, count: 18_000)
        let error = try refusal(Self.memory("<tu>\(head)\(flood)\(tail)</tu>"), as: "a.tmx")
        #expect(error.code == .unreadable && error.message.contains("longer than 16 MiB"), "\(error)")
    }

    @Test func languagesAreNamesAndNotTooMany() throws {
        func unit(_ code: String) -> String { Self.unit.replacing("\"es\"", with: "\"\(code)\"") }
        let error = try refusal(Self.memory(unit("../../x")), as: "a.tmx")
        #expect(error.code == .incomplete && error.message.contains("../../x"))
        var options = SourceOptions.told
        options.languages = [.init(code: "fr", name: "French")]
        #expect(try read(Self.memory(unit("../../x") + unit("fr")).utf8, as: "b.tmx", options).documents.count == 1)
        let many = try refusal(Self.memory((0..<1_100).map { unit("a\($0)") }.joined()), as: "c.tmx")
        #expect(many.code == .unreadable && many.message.contains("more than 1000 languages"))
    }

    @Test func tonesAreNames() throws {
        var options = SourceOptions.told
        options.format = "columns"
        options.columns = ["text": "t", "tones.witty": "w"]
        options.tones = [.init(name: "../../x", instruction: "in a tone")]
        let error = try refusal(#"{"t": "Hi", "w": "Ho"}"#, as: "a.jsonl", options)
        #expect(error.code == .incomplete && error.message.contains("../../x"))
    }

    // MARK: Archives

    @Test(arguments: [PackedFiles.Packing.gzip, .zip, .tarGzip])
    func anArchiveThatUnpacksToFarMoreThanTextIsRefused(_ packing: PackedFiles.Packing) throws {
        let name = "a.jsonl" + (packing == .zip ? ".zip" : packing == .gzip ? ".gz" : ".tar.gz")
        // 68 MB of line feeds take some 70 kB.
        let bomb = "{\"id\": 1, \"en\": \"A\", \"es\": \"B\"}" + String(repeating: "\n", count: 68_000_000)
        try PackedFiles.write([("a.jsonl", bomb), ("b.jsonl", "{}")], as: packing, to: folder.path(name))
        let size = try #require(FileManager.default.attributesOfItem(atPath: folder.path(name).path)[.size] as? Int)
        #expect(size < 1_000_000)
        let error = #expect(throws: CorpusError.self) {
            _ = try CorpusSource([folder.path(name).path], Self.columns).readAll()
        }
        #expect(
            error?.code == .unreadable && error?.message.hasPrefix("unpacks to more than 200 times its size") == true)
    }

    @Test(arguments: [PackedFiles.Packing.zip, .tar, .tarGzip])
    func pathsInAnArchiveAreOnlyNames(_ packing: PackedFiles.Packing) throws {
        let inner = try ScratchFolder()
        let archive = inner.path("sub/a.pack")
        try FileManager.default.createDirectory(at: inner.path("sub"), withIntermediateDirectories: true)
        let record = #"{"id": 1, "en": "A cat.", "es": "Un gato."}"# + "\n"
        let paths = ["../evil.jsonl", "../../evil.jsonl", "/braid-evil.jsonl", "a/../../../evil.jsonl"]
        try PackedFiles.write(
            paths.enumerated().map { ($1, record.replacing("1", with: "\($0)")) }, as: packing, to: archive)
        let source = try CorpusSource([archive.path], Self.columns)
        #expect(Set(source.units.map(\.file.path)) == Set(paths.map { "a.pack!\($0)" }))
        let database = try BenchmarkDatabase(path: inner.path("sub/b.sqlite").path)
        #expect(try CorpusIngester.ingest(source, into: database).documents[.sentence] == 4)
        let files = try FileManager.default.subpathsOfDirectory(atPath: inner.url.path)
        #expect(
            files.allSatisfy { $0 == "sub" || $0.hasPrefix("sub/a.pack") || $0.hasPrefix("sub/b.sqlite") }, "\(files)")
        #expect(!FileManager.default.fileExists(atPath: "/braid-evil.jsonl"))
        #expect(
            !FileManager.default.fileExists(
                atPath: inner.url.deletingLastPathComponent().appending(path: "evil.jsonl").path))
    }

    @Test func linksInAnArchiveLeadNowhere() throws {
        let secret = folder.path("secret.jsonl")
        try Data(#"{"id": 1, "en": "not for you", "es": "no"}"#.utf8).write(to: secret)
        let archive = folder.path("a.tar")
        let writer = archive_write_new()
        archive_write_set_format_ustar(writer)
        #expect(archive_write_open_filename(writer, archive.path) == ARCHIVE_OK)
        let record = Array(#"{"id": 2, "en": "A cat.", "es": "Un gato."}"#.utf8)
        for (path, link) in [("link.jsonl", secret.path), ("real.jsonl", nil)] as [(String, String?)] {
            let entry = archive_entry_new()
            defer { archive_entry_free(entry) }
            archive_entry_set_pathname(entry, path)
            archive_entry_set_perm(entry, 0o644)
            // AE_IFLNK and AE_IFREG, macros that Swift does not see.
            archive_entry_set_filetype(entry, link == nil ? 0o100000 : 0o120000)
            if let link { archive_entry_set_symlink(entry, link) }
            archive_entry_set_size(entry, link == nil ? Int64(record.count) : 0)
            #expect(archive_write_header(writer, entry) == ARCHIVE_OK)
            if link == nil { #expect(archive_write_data(writer, record, record.count) == record.count) }
        }
        archive_write_free(writer)
        let corpus = try CorpusSource([archive.path], Self.columns).readAll()
        #expect(corpus.files.map(\.path) == ["a.tar!real.jsonl"] && corpus.documents.map(\.text) == ["A cat."])
    }

    // MARK: Floods

    @Test func aLineHoldsSoManyValuesAndNoMore() throws {
        let line = #"{"id": 1, "en": "A", "es": "B", "more": ["# + String(repeating: "0,", count: 1_100_000) + "0]}\n"
        let next = #"{"id": 2, "en": "A cat.", "es": "Un gato."}"#
        let corpus = try read((line + next).utf8, as: "a.jsonl", Self.columns)
        #expect(corpus.documents.map(\.text) == ["A cat."])
        #expect(corpus.files[0].rejects.first?.reason.contains("more than 1048576 values") == true)
    }

    @Test func aRowHoldsSoManyFieldsAndNoMore() throws {
        let commas = String(repeating: ",", count: 1_000_000)
        let corpus = try read("id,en,es\n1,A,B\n\(commas)\n2,C,D\n".utf8, as: "a.csv", Self.columns)
        #expect(corpus.documents.map(\.text) == ["A", "C"])
        #expect(corpus.files[0].rejects.map(\.line) == [3])
        #expect(corpus.files[0].rejects.first?.reason.contains("1000001 fields") == true)
        let header = try refusal("\(commas)\n1,A,B\n", as: "b.csv", Self.columns)
        #expect(header.message.contains("the header") && header.message.contains("fields"))
    }

    @Test func aFloodOfBlankLinesOrFaultsIsCountedAndNotKept() throws {
        let blank = try read(
            (#"{"id": 1, "en": "A", "es": "B"}"# + String(repeating: "\n", count: 2_000_000)).utf8, as: "a.jsonl",
            Self.columns)
        #expect(blank.documents.count == 1 && blank.problems.count <= 10_000)
        let unlisted = blank.problems.compactMap { $0.message.firstMatch(of: #/^up to here (\d+) further/#)?.1 }
        let counted = unlisted.compactMap { Int($0) }.reduce(blank.problems.count - unlisted.count, +)
        #expect(counted == 1_999_999)
        let faults = #"{"id": 1, "en": "A", "es": "B"}"# + "\n" + String(repeating: "x\n", count: 250_000)
        let wrong = try read(faults.utf8, as: "b.jsonl", Self.columns)
        #expect(wrong.files[0].seen == 250_001 && wrong.files[0].rejected == 250_000 && wrong.files[0].records == 1)
        #expect(wrong.problems.count == 100_000 && wrong.files[0].rejects.count == 100_000)
    }

    /// Comparing or normalising any of them would take hours.
    @Test(arguments: ["a.jsonl", "escapes.jsonl", "key.jsonl", "a.csv", "header.csv", "a.tmx", "id.tmx"])
    func marksWithoutEndAreRefused(_ name: String) throws {
        let marks = "a" + String(repeating: "\u{301}\u{316}", count: name == "id.tmx" ? 5_000 : 1_000_000)
        let escapes = "a" + String(repeating: #"\u0301\u0316"#, count: 500_000)
        let text =
            switch name {
            case "a.jsonl": #"{"id": 1, "en": "A", "es": "B"}"# + "\n{\"id\": 2, \"en\": \"\(marks)\", \"es\": \"B\"}\n"
            case "escapes.jsonl":
                #"{"id": 1, "en": "A", "es": "B"}"# + "\n{\"id\": 2, \"en\": \"\(escapes)\", \"es\": \"B\"}\n"
            case "key.jsonl": #"{"id": 1, "en": "A", "es": "B"}"# + "\n{\"id\": 2, \"\(marks)\": 1}\n"
            case "a.csv": "id,en,es\n1,A,B\n2,\(marks),B\n"
            case "header.csv": "id,en,es,\(marks)\n1,A,B,C\n"
            case "a.tmx": Self.memory(Self.unit + Self.unit.replacing("Sea", with: marks))
            default: Self.memory(Self.unit + Self.unit.replacing("<tu>", with: "<tu tuid=\"\(marks)\">"))
            }
        let options = name.hasSuffix("tmx") ? SourceOptions.told : Self.columns
        let outcome = Result { try read(text.utf8, as: name, options) }
        switch outcome {
        case .success(let corpus):
            #expect(corpus.documents.count == 1 && corpus.files[0].rejects.count == 1, "\(corpus.documents.count)")
            #expect(corpus.files[0].rejects.first?.reason.contains("more than 256 accents") == true)
        case .failure(let error): #expect("\(error)".contains("more than 256 accents"), "\(error)")
        }
        let few = "a" + String(repeating: "\u{301}", count: 256)
        #expect(!few.hasEndlessMarks && (few + "\u{316}").hasEndlessMarks && !(few + "b" + few).hasEndlessMarks)
    }

    @Test func aFileOfWhiteSpaceIsNoList() throws {
        let text = String(repeating: " ", count: 20_000_000) + "[]"
        #expect(try refusal(text, as: "a.json", Self.columns).code == .unreadable)
        var options = SourceOptions.told
        options.format = "samsum"
        let error = try refusal(text, as: "b.json", options)
        #expect(error.code == .unreadable && error.message.contains("16 MiB of white space"), "\(error)")
    }

    // MARK: Terminals

    @Test func aPreviewShowsControlCharactersAsSigns() throws {
        let record = #"{"id": "a\u001b]0;x\u0007", "en": "red \u001b[31m \u009b2J \u202e back", "es": "B\u0008"}"#
        let url = folder.path("a.jsonl")
        try Data(record.utf8).write(to: url)
        let text = try SourcePreview(of: CorpusSource([url.path], Self.columns)).text
        #expect(text.contains("red ␛[31m ⟦U+009B⟧2J ⟦U+202E⟧ back"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }
}
