import BenchmarkStore
import EvaluationSupport
import Foundation
import TestSupport
import Testing

/// A tiny benchmark in a folder of its own, with what is asked of the program there.
struct TinyPlace {
    private let tiny: TinyBenchmark
    let folder: URL
    var database: String { folder.appending(path: "braid.sqlite").path }

    /// - Parameters:
    ///   - other: a folder to work in; nil is one of its own.
    ///   - epochs: of each training; a great many take longer than any test waits.
    init(in other: URL? = nil, epochs: Int = 1) throws {
        tiny = try TinyBenchmark()
        folder = other ?? tiny.folder.url
        try tiny.database.close()
        if let other {
            try FileManager.default.copyItem(
                at: tiny.folder.path("braid.sqlite"), to: other.appending(path: "braid.sqlite"))
        }
        let profile = TinyBenchmark.profileText().replacing("epochs: 1,", with: "epochs: \(epochs),")
        try Data(profile.utf8).write(to: folder.appending(path: "tiny.yml"))
    }

    func arguments(_ verb: String) -> [String] {
        [
            verb, "--profile", "tiny.yml", "--model", Fixtures.url("tiny/tiny-llama.gguf").path, "--threads", "1",
            "--database", database, "--quiet",
        ]
    }

    func run(_ verb: String) throws -> BraidBinary.Result {
        try BraidBinary.run(arguments(verb), in: folder)
    }

    func start(_ verb: String) throws -> Process { try BraidBinary.start(arguments(verb), in: folder) }

    /// Whether a process has the right to run and train.
    var isLocked: Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: database + ".running")[.size] as? Int
        return (size ?? 0) > 0
    }

    /// The files of a report that no measurement is in.
    func report() throws -> [Data] {
        let result = try BraidBinary.run(
            ["report", "--database", database, "--output", folder.appending(path: "out").path], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        return try ["index.html", "leaderboard.md", "leaderboard.csv", "results.json"].map {
            try Data(contentsOf: folder.appending(path: "out").appending(path: $0))
        }
    }

    func rows(_ sql: String) throws -> [String] {
        try ReadOnlyQuery(path: database).run(sql).rows.map { row in row.map { "\($0)" }.joined(separator: "|") }
    }

    /// Every adapter of the database is whole: its file has the hash that was stored.
    func checkAdapters() throws {
        for row in try ReadOnlyQuery(path: database).run("SELECT path, sha256 FROM adapters").rows {
            guard case .text(let path) = row[0], case .text(let hash) = row[1] else { continue }
            var file = folder.appending(path: "Adapters").appending(path: path)
            if file.pathExtension != "safetensors" { file.append(path: "adapter_model.safetensors") }
            #expect(try ContentHash(ofFileAt: file.path).hex == hash, "\(path)")
        }
    }

    func checkIntegrity() throws {
        #expect(try rows("SELECT * FROM pragma_integrity_check") == ["text(\"ok\")"])
        #expect(try rows("SELECT * FROM pragma_foreign_key_check").isEmpty)
    }
}
