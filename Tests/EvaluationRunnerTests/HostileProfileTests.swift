import AdapterMerging
import BenchmarkStore
import EvaluationRunner
import EvaluationSupport
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Profiles, databases and servers that mean harm.
@Suite("A hostile profile", .timeLimit(.minutes(10))) struct HostileProfileTests {
    private func refusal(_ text: String) throws -> RunError {
        try #require(throws: RunError.self) { try Profile(text: text, file: "x.yml") }
    }

    private func profile(name: String = "x", build: String = "b", more: String = "") -> String {
        "format: braid-profile\nversion: 1\nname: \(name)\nbuild: \(build)\nsettings: all\nmethods: [{name: cat}]\n\(more)"
    }

    @Test(
        "has no name that leads to another folder",
        arguments: [
            "../../x", "..", ".", "a/b", "/etc", "\"\"", "\"a\\nb\"", "\".hidden\"", "a b", "\"a\\e[2J\"",
        ])
    func name(_ name: String) throws {
        for (text, key) in [(profile(name: name), "name"), (profile(build: name), "build")] {
            let error = try refusal(text)
            #expect(error.code == .badProfile && error.key == key, "\(error)")
            #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
    }

    @Test("may be called what files may be called", arguments: ["quick", "A_b-c.2", "x"])
    func plainName(_ name: String) throws {
        #expect(try Profile(text: profile(name: name), file: "x.yml").name == name)
        let long = String(repeating: "a", count: 129)
        #expect(try refusal(profile(name: long)).key == "name")
        // Command lines would take it for an option.
        #expect(try refusal(profile(name: "\"-rf\"")).key == "name")
    }

    @Test("is no bomb of aliases")
    func aliases() throws {
        let bomb = (1...9).map { level in
            "a\(level): &a\(level) [\(Array(repeating: level == 1 ? "x" : "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }.joined()
        // As values, and as keys, which are compared with all others as they are read.
        for more in [bomb, bomb + "? *a9\n: 1\n? *a9\n: 2\n"] {
            #expect(try refusal(profile(more: more)).message.contains("aliases"))
        }
        // One search space for all 28 methods is no bomb.
        let methods = (0..<28).map { number in
            "  - {name: ties, as: t\(number), search: \(number == 0 ? "&s {density: [0.2, 0.9], budget: 5}" : "*s")}\n"
        }
        let shared =
            "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods:\n" + methods.joined()
        #expect(try Profile(text: shared, file: "x.yml").methods.count == 28)
        let few = "adapters: &a {rank: 2}\n"
        #expect(try Profile(text: profile(more: few), file: "x.yml").adapters.rank == 2)
    }

    @Test(
        "has no number that overflows",
        arguments: [
            "9223372036854775807:0", "1:1:1:1:1:1:1:1:1:1:1:1", "-99999999999:59", "99999999999999999999", "1e400",
        ])
    func numbers(_ number: String) throws {
        #expect(try refusal(profile(more: "test-documents: \(number)\n")).code == .badProfile)
        #expect(try refusal(profile(more: "seed: \(number)\n")).code == .badProfile)
    }

    @Test("keeps a text with colons in quotes")
    func times() throws {
        #expect(try Profile(text: profile(more: "title: \"1:1:1:1:1:1\"\n"), file: "x.yml").title == "1:1:1:1:1:1")
        #expect(try Profile(text: profile(more: "title: 12:30\n"), file: "x.yml").title == "12:30")
    }

    @Test("is neither nested without end nor longer than a profile")
    func size() throws {
        let nested = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(try refusal(profile(more: "system: \(nested)\n")).code == .badProfile)
        #expect(try refusal(profile(more: String(repeating: "# x\n", count: 100_000))).message.contains("bytes"))
        let endless = #expect(throws: RunError.self) { try Profile(contentsOf: URL(filePath: "/dev/zero")) }
        #expect(endless?.message.contains("bytes") == true)
    }

    @Test("searches no lists without end")
    func search() throws {
        let list = (0..<1_001).map { "0.\($0 + 1000)" }.joined(separator: ", ")
        let text = profile().replacing("{name: cat}", with: "{name: ties, search: {density: [\(list)]}}")
        #expect(try refusal(text).message.contains("1001 values"))
    }

    @Test("runs no code of a tag")
    func tags() throws {
        for tag in ["!!python/object/apply:os.system [\"touch x\"]", "!ruby/object:Gem::Installer {}"] {
            #expect(try refusal(profile(more: "description: \(tag)\n")).code == .badProfile)
        }
    }

    @Test("in a database leads to no file outside the folder of adapters")
    func adapterPath() throws {
        let tiny = try TinyBenchmark()
        let secret = tiny.folder.path("secret")
        try PEFTAdapterFolder(secret).write(
            LoRAAdapter(factors: [
                AdapterSite(layer: 0, projection: .up): LoRAFactors(
                    rank: 1, inputs: 1, outputs: 1, a: [1], b: [1], scaling: 1)
            ]))
        let hash = try ContentHash(ofFileAt: PEFTAdapterFolder(secret).tensorFile.path).hex
        for path in ["../secret", secret.path, "x/../../secret"] {
            let record = AdapterRecord(
                modelID: 1, buildID: 1, recipeHash: hash, task: "summarize", kind: "lora", rank: 1, alpha: 1, seed: 1,
                path: path, sha256: hash, recipe: "{}", parameters: 2, bytes: 8, trainExamples: 1, trainTokens: 1,
                steps: 1,
                seconds: 1, firstLoss: 1, lastLoss: 1)
            let error = #expect(throws: RunError.self) {
                try AdapterArchive(tiny.folder.path("Adapters")).read(record, in: tiny.database)
            }
            #expect(error?.code == .unreadable && error?.message.contains("outside the folder") == true)
        }
    }

    @Test("on a server cannot send corpus text and key elsewhere")
    func redirect() throws {
        let other = try TinyServer { _, _ in (200, #"{"choices":[{"message":{"role":"assistant","content":"x"}}]}"#) }
        defer { other.stop() }
        for status in [301, 302, 307, 308] {
            let server = try TinyServer(headers: ["Location: http://127.0.0.1:\(other.port)/v1"]) { _, _ in
                (status, "moved")
            }
            defer { server.stop() }
            let client = ChatServer(
                address: try #require(URL(string: "http://127.0.0.1:\(server.port)/v1")), name: "test", key: "secret",
                tries: 1)
            let error = #expect(throws: RunError.self) {
                try client.answer(
                    [AnnotationRequest(system: nil, message: "Hi", maximumTokens: 4)], shouldStop: { false },
                    onAnswer: { _, _ in })
            }
            #expect(error?.code == .server && error?.message.contains("\(status)") == true)
        }
        #expect(other.received.isEmpty)
    }

    @Test("on a server gets no endless answer in")
    func endlessAnswer() throws {
        let text = String(repeating: "x", count: 20 << 20)
        let server = try TinyServer { _, _ in
            (200, #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"}}]}"#)
        }
        defer { server.stop() }
        let client = ChatServer(
            address: try #require(URL(string: "http://127.0.0.1:\(server.port)/v1")), name: "test", tries: 1)
        let error = #expect(throws: RunError.self) {
            try client.answer(
                [AnnotationRequest(system: nil, message: "Hi", maximumTokens: 4)], shouldStop: { false },
                onAnswer: { _, _ in })
        }
        #expect(error?.code == .server && error?.message.contains("16 MiB") == true)
    }
}
