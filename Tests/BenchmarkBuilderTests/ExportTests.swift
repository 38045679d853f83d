import BenchmarkBuilder
import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct ExportTests {
    private let parameters = BuildParameters(name: "test", corpora: ["odd"], annotations: ["someone"])

    /// A store with the odd corpus, built.
    private func store(_ licence: String = "CC0-1.0") throws -> TestStore {
        let store = try TestStore()
        try store.database.insertCorpus(.odd(licence: licence))
        _ = try BenchmarkBuilder.build(parameters, in: store.database)
        return store
    }

    @Test func tablesAndLinesSayTheSameWhateverTheTextsHold() throws {
        let store = try store()
        let folder = store.folder.path("out")
        let report = try BenchmarkBuilder.export("test", from: store.database, to: folder)
        let files = try TestStore.files(in: folder)
        #expect(report.folderChanged && report.files == files.count && report.reminders.isEmpty)
        #expect(report.manifest.files.count == report.manifest.tables?.count)
        var references: Set<String> = []
        var furtherCounts: Set<Int> = []
        for (file, table) in zip(report.manifest.files, report.manifest.tables ?? []) {
            #expect(file.path.dropLast(6) == table.path.dropLast(4) && file.examples == table.examples)
            let data = try #require(files[file.path])
            let rows = try ExportedRow.lines(data)
            #expect(rows.count == file.examples && rows.count > 0)
            #expect(try ExportedRow.table(#require(files[table.path])) == rows, "\(table.path)")
            #expect(rows.allSatisfy { $0.further_references.count == $0.further_origins.count })
            // What str.splitlines of Python, or a browser, takes for the end of a line.
            let text = String(decoding: data, as: UTF8.self).unicodeScalars
            #expect(!text.contains { ["\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }, "\(file.path)")
            references.formUnion(rows.map(\.reference))
            furtherCounts.formUnion(rows.map(\.further_references.count))
        }
        for trap in ["\"", "both\r\nof them", "\"\u{301}accent", "\u{2028}separator\u{2029}", "  spaces  ", "None"] {
            #expect(references.contains(trap), "\(trap.debugDescription)")
        }
        #expect(furtherCounts == [0, 1, 2])
    }

    @Test func isTheBuildsFolderAndMore() throws {
        let store = try store()
        let (built, given) = (store.folder.path("built"), store.folder.path("given"))
        _ = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: built)
        let report = try BenchmarkBuilder.export("test", from: store.database, to: given)
        let (small, large) = (try TestStore.files(in: built), try TestStore.files(in: given))
        #expect(small.keys.allSatisfy { large[$0] != nil } && !small.keys.contains { $0.hasSuffix(".csv") })
        for (path, data) in small where path.hasSuffix(".jsonl") { #expect(large[path] == data, "\(path)") }
        let manifest = try JSONDecoder().decode(BuildManifest.self, from: #require(small["build.json"]))
        #expect(manifest.contentHash == report.manifest.contentHash && manifest.tables == nil)
        #expect(manifest.contentHash == (try store.database.build(named: "test")?.contentHash))
    }

    @Test func givesTheSameBytesFromAnotherDatabaseAndWhenRepeated() throws {
        let first = try store()
        let second = try TestStore(TestCorpus(name: "before"))
        try second.database.insertCorpus(.odd())
        _ = try BenchmarkBuilder.build(parameters, in: second.database)
        var files: [[String: Data]] = []
        for store in [first, second] {
            let folder = store.folder.path("out")
            _ = try BenchmarkBuilder.export("test", from: store.database, to: folder)
            #expect(try !BenchmarkBuilder.export("test", from: store.database, to: folder).folderChanged)
            files.append(try TestStore.files(in: folder))
        }
        #expect(files[0] == files[1] && files[0].count > 40)
    }

    @Test func writesTheSettingsAskedForAlone() throws {
        let store = try store()
        let folder = store.folder.path("out")
        let report = try BenchmarkBuilder.export(
            "test", from: store.database, to: folder, settings: ["reply+translate", "summarize", "summarize"])
        #expect(
            report.manifest.settings.map(\.name) == ["summarize", "reply+translate/es", "reply+translate/nl"])
        let build = try #require(try store.database.build(named: "test"))
        #expect(report.manifest.partOf == build.contentHash && report.manifest.contentHash != build.contentHash)
        #expect(
            report.manifest.findings?.references.values.reduce(0, +)
                == report.manifest.files.reduce(0) { $0 + $1.examples })
        let files = try TestStore.files(in: folder)
        let card = String(decoding: try #require(files["README.md"]), as: UTF8.self)
        #expect(card.contains("Only some settings") && !card.contains("witty"))
        #expect(files.keys.allSatisfy { !$0.hasPrefix("rewrite") && !$0.hasPrefix("summarize+") })
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export("test", from: store.database, to: folder, settings: ["summarise"])
        }
        #expect(error?.code == .parameters && error?.message.contains("\"summarise\"; it has summarize, reply") == true)
    }

    @Test func refusesABuildThatIsNotThereOrNoLongerWhatItWas() throws {
        let store = try store()
        let folder = store.folder.path("out")
        let missing = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export("tset", from: store.database, to: folder)
        }
        #expect(missing?.message.contains("it has: test") == true && missing?.message.contains("braid build") == true)
        let stored = try #require(try store.database.build(named: "test"))
        _ = try store.database.insertBuild(
            BuildContents(
                build: BuildRecord(
                    name: "old", seed: 1, parameters: stored.parameters, contentHash: ContentHash(of: "old").hex),
                corpora: [], settings: []))
        let stale = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export("old", from: store.database, to: folder)
        }
        #expect(stale?.code == .stale && !FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func neverReplacesOtherPeoplesFilesButWhatAnOlderBraidWrote() throws {
        let store = try store()
        let folder = store.folder.path("out")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mine = folder.appending(path: "mine.csv")
        try Data("mine".utf8).write(to: mine)
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export("test", from: store.database, to: folder)
        }
        #expect(error?.code == .foreignFolder && error?.message.contains("mine.csv") == true)
        #expect(try TestStore.files(in: folder) == ["mine.csv": Data("mine".utf8)])
        try FileManager.default.removeItem(at: mine)
        // The first layout of build.json knew no tables.
        try Data(#"{"format":"braid-build","formatVersion":1,"files":[{"path":"old.jsonl"}]}"#.utf8).write(
            to: folder.appending(path: "build.json"))
        try Data("{}\n".utf8).write(to: folder.appending(path: "old.jsonl"))
        #expect(try BenchmarkBuilder.export("test", from: store.database, to: folder).folderChanged)
        #expect(try TestStore.files(in: folder)["old.jsonl"] == nil)
        #expect(
            try !FileManager.default.contentsOfDirectory(atPath: store.folder.url.path).contains {
                $0.hasPrefix(".out")
            })
    }

    @Test func needsTheUsersWordForTextUnderARestrictingLicence() throws {
        let store = try store("CC-BY-NC-SA-4.0")
        let folder = store.folder.path("out")
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export("test", from: store.database, to: folder)
        }
        #expect(error?.code == .licence && !FileManager.default.fileExists(atPath: folder.path))
        let report = try BenchmarkBuilder.export("test", from: store.database, to: folder, isAllowed: true)
        #expect(report.reminders.count == 1 && report.manifest.corpora.first?.licenceTerms != nil)
        let card = String(decoding: try #require(TestStore.files(in: folder)["README.md"]), as: UTF8.self)
        #expect(card.contains("Licence of the texts: CC-BY-NC-SA-4.0 (no commercial use, share alike)."))
    }

    @Test func restrictingLicencesOfCorporaThatGiveNothingDoNotMatter() throws {
        let store = try TestStore(TestCorpus(name: "free", tones: []))
        var contents = TestCorpus(name: "bound", dialogues: 0, conversations: 0, sentences: 0, prefix: "b").contents
        contents.corpus.licence = "CC-BY-ND-4.0"
        try store.database.insertCorpus(contents)
        _ = try BenchmarkBuilder.build(
            BuildParameters(name: "test", corpora: ["free", "bound"]), in: store.database)
        let folder = store.folder.path("out")
        #expect(throws: BuildError.self) { try BenchmarkBuilder.export("test", from: store.database, to: folder) }
        let report = try BenchmarkBuilder.export("test", from: store.database, to: folder, settings: ["reply"])
        #expect(report.manifest.corpora.map(\.name) == ["free"])
    }

    @Test func refusesATextThatNoTableCanHold() throws {
        let store = try TestStore(TestCorpus(name: "odd", tones: [("witty", "in a\u{0} tone")]))
        _ = try BenchmarkBuilder.build(BuildParameters(name: "test", corpora: ["odd"]), in: store.database)
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export("test", from: store.database, to: store.folder.path("out"))
        }
        #expect(error?.code == .corpus && error?.message.contains("NUL character in its instruction") == true)
    }

    @Test(arguments: [
        (Publication(url: "example.org"), "https://"), (Publication(url: "https://"), "https://"),
        (Publication(date: "2026-13-01"), "2026-01-31"), (Publication(date: "1.2.2026"), "2026-01-31"),
        (Publication(date: "2026-1-1"), "2026-01-31"),
    ])
    func refusesWhatIsNoAddressOrDate(publication: Publication, help: String) throws {
        let store = try store()
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.export(
                "test", from: store.database, to: store.folder.path("out"), publication: publication)
        }
        #expect(error?.code == .parameters && error?.message.contains(help) == true)
    }
}
