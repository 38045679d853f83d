import BenchmarkBuilder
import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct DatasetExportTests {
    private let parameters = BuildParameters(name: "test", corpora: ["made-up"])

    @Test func storesAndExportsTheSameBenchmark() throws {
        let store = try TestStore(TestCorpus())
        let folder = store.folder.path("out/test")
        let report = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        #expect(report.outcome == .inserted(id: report.outcome.id) && report.folderChanged == true)
        #expect(report.settings.count == 5 + 6)
        let build = try #require(try store.database.build(named: "test"))
        #expect(build.contentHash == report.contentHash && build.seed == 1)
        #expect(try store.database.corpora(ofBuild: build.id).map(\.name) == ["made-up"])
        let settings = try store.database.settings(ofBuild: build.id)
        #expect(settings.map(\.name) == report.settings.map(\.name))
        let files = try TestStore.files(in: folder)
        #expect(files.count == report.files && files.values.reduce(0) { $0 + $1.count } == report.bytes)
        for setting in settings {
            for split in Split.allCases {
                let stored = try store.database.examples(ofSetting: setting.id, split: split)
                let data = files["\(setting.name).\(split.rawValue).jsonl"] ?? Data()
                let lines = try data.split(separator: 0x0A).map {
                    try JSONDecoder().decode(ExportedRow.self, from: Data($0))
                }
                #expect(lines.map(\.input) == stored.map(\.input))
                #expect(lines.map(\.reference) == stored.map(\.reference))
                #expect(lines.allSatisfy { $0.setting == setting.name && $0.instruction == setting.instruction })
                #expect(lines.allSatisfy { $0.split == split.rawValue && $0.licence == "CC0-1.0" })
                #expect(stored.map(\.position) == Array(stored.indices))
            }
        }
    }

    @Test func writesSortedKeysAndLineFeedsOnly() throws {
        let store = try TestStore(TestCorpus(dialogues: 1, conversations: 0, sentences: 0, messages: 0))
        let folder = store.folder.path("test")
        _ = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        let text = String(
            decoding: try #require(try TestStore.files(in: folder)["summarize.train.jsonl"]), as: UTF8.self)
        #expect(
            text == #"{"corpus":"made-up@1","document":"dialogue-0","further_origins":[],"further_references":[],"#
                + #""id":"made-up@1/dialogue-0/summarize","#
                + #""input":"Ada: \#(TestCorpus.words("dialogue-0")).\nBo: “Yes” / ¿sí? 🎈","#
                + #""instruction":"Summarize this dialogue in one or two sentences.","licence":"CC0-1.0","#
                + #""origin":"project","reference":"summary  of dialogue-0","setting":"summarize","split":"train"}"#
                + "\n")
        #expect(try !TestStore.files(in: folder).keys.contains("summarize.test.jsonl"))
    }

    @Test func givesTheSameBytesFromAnotherStoreAndOthersFromAnotherSeedOrText() throws {
        func files(_ corpus: TestCorpus, seed: Int64 = 1) throws -> [String: Data] {
            let store = try TestStore(corpus)
            let folder = store.folder.path("test")
            _ = try BenchmarkBuilder.build(
                BuildParameters(name: "test", seed: seed, corpora: ["made-up"]), in: store.database, exportingTo: folder
            )
            return try TestStore.files(in: folder)
        }
        let first = try files(TestCorpus())
        #expect(try files(TestCorpus()) == first)
        var reversed = TestCorpus()
        reversed.isReversed = true
        // Only the corpus's own hash may tell that its documents came in another order.
        let other = try files(reversed)
        #expect(other.filter { $0.key.hasSuffix(".jsonl") } == first.filter { $0.key.hasSuffix(".jsonl") })
        #expect(try files(TestCorpus(), seed: 2)["summarize.test.jsonl"] != first["summarize.test.jsonl"])
        let changed = try files(TestCorpus(texts: ["dialogue-3": "Ada: Something else.\nBo: Really?"]))
        #expect(changed["build.json"] != first["build.json"])
    }

    @Test func changesNothingTheSecondTimeAndReplacesStaleFiles() throws {
        let store = try TestStore(TestCorpus(), TestCorpus(name: "plain", tones: [], messages: 0))
        let folder = store.folder.path("test")
        let first = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        let again = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        #expect(again.outcome == .unchanged(id: first.outcome.id) && again.folderChanged == false)
        #expect(again.contentHash == first.contentHash)
        #expect(try TestStore.files(in: folder).keys.contains("rewrite/witty.train.jsonl"))
        let plain = BuildParameters(name: "test", corpora: ["plain"])
        let other = try BenchmarkBuilder.build(plain, in: store.database, exportingTo: folder)
        #expect(other.folderChanged == true)
        #expect(try !TestStore.files(in: folder).keys.contains { $0.hasPrefix("rewrite") })
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: store.folder.url.path).allSatisfy {
                !$0.hasPrefix(".test")
            })
    }

    @Test func comparesAFolderByteByByte() throws {
        let store = try TestStore(TestCorpus())
        let folder = store.folder.path("test")
        func differences() throws -> [ExportDifference]? {
            try BenchmarkBuilder.check(parameters, in: store.database, against: folder).differences
        }
        #expect(try differences() == nil)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let missing = try #require(try differences())
        #expect(missing.count > 20 && missing.allSatisfy { $0.kind == .missing })
        #expect(try store.database.build(named: "test") == nil)
        _ = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        #expect(try differences() == [])
        let changed = folder.appending(path: "summarize.train.jsonl")
        var lines = String(decoding: try Data(contentsOf: changed), as: UTF8.self).split(separator: "\n").map(
            String.init)
        lines[2] = lines[2].replacingOccurrences(of: "Ada", with: "Ida")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: changed)
        try FileManager.default.removeItem(at: folder.appending(path: "README.md"))
        try Data().write(to: folder.appending(path: "translate/xx.test.jsonl"))
        #expect(
            try differences()?.map(\.description) == [
                "README.md: is missing", "summarize.train.jsonl:3: differs from here on",
                "translate/xx.test.jsonl: is not part of the build",
            ])
    }

    @Test func neverReplacesAFolderWithOtherPeoplesFiles() throws {
        let store = try TestStore(TestCorpus())
        let folder = store.folder.path("precious")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: folder.appending(path: "thesis.txt"))
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        }
        #expect(error?.code == .foreignFolder && error?.message.contains("thesis.txt") == true)
        #expect(try TestStore.files(in: folder) == ["thesis.txt": Data("mine".utf8)])
        #expect(try store.database.build(named: "test") == nil)
        try FileManager.default.removeItem(at: folder.appending(path: "thesis.txt"))
        let report = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        #expect(report.folderChanged == true)
        try Data("mine".utf8).write(to: folder.appending(path: "notes.txt"))
        let again = BuildParameters(name: "test", seed: 5, corpora: ["made-up"])
        #expect(throws: BuildError.self) { try BenchmarkBuilder.build(again, in: store.database, exportingTo: folder) }
        #expect(try store.database.build(named: "test")?.seed == 1)
    }

    @Test func saysWhenTheFolderCannotBeWritten() throws {
        let store = try TestStore(TestCorpus())
        let file = store.folder.path("file")
        try Data("x".utf8).write(to: file)
        for target in [file, file.appending(path: "test")] {
            let error = #expect(throws: BuildError.self) {
                try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: target)
            }
            #expect(error?.code == .io, "\(String(describing: error))")
        }
        #expect(try Data(contentsOf: file) == Data("x".utf8))
    }

    @Test func exportsRestrictedTextOnlyOnTheUsersWord() throws {
        let store = try TestStore(TestCorpus(), TestCorpus(name: "closed", licence: "CC-BY-NC-ND-4.0"))
        let both = BuildParameters(name: "test", corpora: ["made-up", "closed"])
        let folder = store.folder.path("test")
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.build(both, in: store.database, exportingTo: folder)
        }
        #expect(error?.code == .licence)
        for part in ["closed@1", "CC-BY-NC-ND-4.0", "no derivatives"] {
            #expect(error?.message.contains(part) == true, "\(part)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        #expect(try store.database.build(named: "test") == nil)
        let stored = try BenchmarkBuilder.build(both, in: store.database)
        #expect(stored.folderChanged == nil)
        #expect(stored.provenance.text.contains("closed@1: CC-BY-NC-ND-4.0 (no commercial use, no derivatives)\n"))
        #expect(
            try BenchmarkBuilder.build(both, in: store.database, exportingTo: folder, isAllowed: true).folderChanged
                == true)
    }

    @Test func describesItselfInManifestAndCard() throws {
        let store = try TestStore(TestCorpus())
        let folder = store.folder.path("test")
        let report = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder)
        let files = try TestStore.files(in: folder)
        let manifest = try JSONDecoder().decode(BuildManifest.self, from: try #require(files["build.json"]))
        #expect(manifest.contentHash == report.contentHash && manifest.format == "braid-build")
        #expect(manifest.parameters.corpora == ["made-up@1"])
        #expect(
            manifest.findings?.references == [
                "project": report.settings.reduce(0) { $0 + $1.examples.values.reduce(0, +) }
            ])
        #expect(manifest.findings?.leaks.proof.isClean == true)
        for file in manifest.files {
            let data = try #require(files[file.path])
            #expect(ContentHash(of: data).hex == file.sha256 && data.count == file.bytes)
            #expect(data.count { $0 == 0x0A } == file.examples)
        }
        #expect(
            manifest.corpora.first?.documents == ["dialogue": 20, "conversation": 10, "sentence": 40, "message": 20])
        let card = String(decoding: try #require(files["README.md"]), as: UTF8.self)
        let header = try #require(card.components(separatedBy: "---\n").dropFirst().first)
        for part in [
            "license:\n- \"cc0-1.0\"\n", "language:\n- \"en\"\n- \"es\"\n- \"nl\"\n", "size_categories:\n- \"n<1K\"\n",
            "- \"summarization\"\n- \"translation\"\n- \"text-generation\"\n",
            "path: \"summarize+translate/es.test.jsonl\"\n",
        ] { #expect(header.contains(part), "\(part)") }
        for part in [
            "| `reply+rewrite/witty` | `reply-rewrite-witty` | Write the next reply in this conversation. Write the reply in a witty tone. |",
            "arXiv:2507.16083", report.contentHash, "| made-up 1 | CC0-1.0 | 20 | 10 | 40 | 20 |", "- Nobody (2026).",
        ] { #expect(card.contains(part), "\(part)") }
        for (path, data) in files {
            let text = String(decoding: data, as: UTF8.self)
            #expect(!text.contains("\r") && text.hasSuffix("\n") && !text.contains(store.folder.url.path), "\(path)")
        }
    }
}
