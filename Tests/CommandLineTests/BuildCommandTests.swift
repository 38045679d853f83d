import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite("braid build")
struct BuildCommandTests {
    private static let manifest =
        #"{"languages":[{"code":"es","name":"Spanish"}],"tones":[{"name":"witty","instruction":"in a witty tone"}]}"#

    /// A corpus of dialogues of forty words; equal numbers are equal dialogues.
    private func corpus(_ name: String, licence: String, _ dialogues: [(number: Int, split: Split?)]) -> CorpusContents
    {
        CorpusContents(
            corpus: CorpusRecord(
                name: name, version: "1", title: name, licence: licence, language: "en", origin: "person",
                manifest: Self.manifest, contentHash: ContentHash(of: name).hex),
            files: [],
            documents: dialogues.enumerated().map { index, dialogue in
                let words = (0..<40).map { "word\(dialogue.number * 100 + $0)" }.joined(separator: " ")
                return DocumentContents(
                    document: DocumentRecord(
                        key: "d\(index)", kind: .dialogue, turns: [Turn(speaker: "Ada", text: words)],
                        text: "Ada: \(words)", textHash: ContentHash(of: words).hex, split: dialogue.split),
                    texts: [
                        DocumentTextRecord(role: .summary, text: "\(name) \(index)", origin: "person"),
                        DocumentTextRecord(
                            role: .summary, variantKind: .language, variant: "es", text: "es \(name) \(index)",
                            origin: "model:tiny"),
                    ])
            })
    }

    private func database(in folder: ScratchFolder) throws {
        let database = try BenchmarkDatabase(path: folder.path("braid.sqlite").path)
        try database.insertCorpus(corpus("talks", licence: "CC-BY-4.0", [(1, .train), (2, .validation), (3, .test)]))
        try database.insertCorpus(
            corpus("retold", licence: "CC-BY-NC-ND-4.0", [(2, .train), (3, .test), (4, .train), (5, nil)]))
    }

    @Test("writes out restricted text only on the user's word, and builds without files")
    func licences() throws {
        let folder = try ScratchFolder()
        try database(in: folder)
        let refused = try BraidBinary.run("build", "retold", in: folder.url)
        #expect(refused.status == 1 && refused.output.isEmpty)
        for part in ["retold@1", "CC-BY-NC-ND-4.0", "no derivatives", "--i-may", "--no-export"] {
            #expect(refused.errors.contains(part), "\(refused.errors)")
        }
        let inside = try BraidBinary.run("build", "retold", "--no-export", in: folder.url)
        #expect(inside.status == 0 && inside.errors.contains("CC-BY-NC-ND-4.0 (no commercial use, no derivatives)"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("Benchmark").path))
        #expect(try BraidBinary.run("build", "retold", "--i-may", in: folder.url).status == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path("Benchmark/retold/build.json").path))
    }

    @Test("uses a model's annotations only where the model is named, and says which are not used")
    func annotations() throws {
        let folder = try ScratchFolder()
        try database(in: folder)
        let plain = try BraidBinary.run("build", "talks", "--no-export", in: folder.url)
        #expect(plain.status == 0 && plain.errors.contains("References: 3 by person\n"))
        #expect(plain.errors.contains("Not used: 3 texts by model:tiny; name it with --annotations tiny"))
        let named = try BraidBinary.run("build", "talks", "--no-export", "--annotations", "tiny", in: folder.url)
        #expect(named.status == 0 && named.errors.contains("References: 3 by model:tiny, 3 by person\n"))
        let wrong = try BraidBinary.run("build", "talks", "--no-export", "--annotations", "tyni", in: folder.url)
        #expect(wrong.status == 1 && wrong.errors.contains("(tiny)"))
    }

    @Test("shows what corpora of the database have in common and what is left out, and compares the folder")
    func check() throws {
        let folder = try ScratchFolder()
        try database(in: folder)
        let arguments = ["build", "both", "--corpus", "talks", "--corpus", "retold"]
        let before = try BraidBinary.run(arguments + ["--check"], in: folder.url)
        #expect(before.status == 0, "\(before.errors)")
        for part in [
            "retold@1: CC-BY-NC-ND-4.0", "References: 6 by person", "2 clusters",
            "Left out: 1 document that retold@1 has in train, for repeating what is kept in validation.",
            "0 inputs, 0 clusters",
            "Benchmark/both is not there",
        ] { #expect(before.output.contains(part), "\(before.output)") }
        #expect(try BraidBinary.run(arguments + ["--i-may"], in: folder.url).status == 0)
        let after = try BraidBinary.run(arguments + ["--check"], in: folder.url)
        #expect(after.status == 0 && after.output.contains("byte for byte"))
        try Data("x".utf8).write(to: folder.path("Benchmark/both/summarize.test.jsonl"))
        let changed = try BraidBinary.run(arguments + ["--check"], in: folder.url)
        #expect(changed.status == 1 && changed.errors.contains("summarize.test.jsonl:1"))
    }

    @Test("says that a corpus to check is neither a folder nor stored")
    func nothingToCheck() throws {
        let folder = try ScratchFolder()
        let result = try BraidBinary.run("build", "--check", "nothing", in: folder.url)
        #expect(result.status == 1 && result.errors.contains("Corpora/nothing") && result.errors.contains("ingest"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("braid.sqlite").path))
    }
}
