import EvaluationRunner
import EvaluationSupport
import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("A profile")
struct ProfileTests {
    private let head = "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\n"

    @Test(
        "is refused with the key that is wrong",
        arguments: [
            ("", "empty"), ("- a\n- b", "mapping"), ("format: [", "x.yml"),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\n"
                    + "corpora: [{path: p, kind: dialog}]",
                "corpora[0].kind: must be one of dialogue, conversation, sentence, message, not \"dialog\""
            ),
            ("format: other\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]", "format"),
            ("format: braid-profile\nversion: 2\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]", "version"),
            ("format: braid-profile\nversion: 1\nbuild: b\nsettings: all\nmethods: [{name: cat}]", "name: is missing"),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: some\nmethods: [{name: cat}]",
                "settings"
            ),
            ("format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: []", "methods"),
            ("format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethds: [{name: cat}]", "methds"),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{nam: cat}]",
                "methods[0].nam"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nnew-tokens: 0",
                "new-tokens"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nadapters: {rank: many}",
                "adapters.rank"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}, {name: cat}]",
                "methods[1]: there is a method \"cat\" already"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat, as: reference}]",
                "methods[0].as"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat, as: ties}]",
                "methods[0].as: \"ties\" is another method"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat, as: a b}]",
                "methods[0].as: \"a b\" must be letters"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nadapters: {learning-rate: []}",
                "adapters.learning-rate: is an empty list"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nadapters: {learning-rate: [1, 11]}",
                "adapters.learning-rate: is 11"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nadapters: {learning-rate: [1, 2], validation-examples: 0}",
                "adapters.validation-examples"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nadapters: {rnk: 1}",
                "adapters.rnk"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nprecision: int4",
                "f32 or int8"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nsampling: {top-p: 2}",
                "topP is 2"
            ),
            (
                "format: braid-profile\nversion: 1\nname: x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\nsampling: {topp: 1}",
                "sampling.topp"
            ),
        ])
    func isRefused(text: String, words: String) {
        let error = #expect(throws: RunError.self) { try Profile(text: text, file: "x.yml") }
        let message = error.map { "\($0)" } ?? ""
        #expect(message.hasPrefix("x.yml"))
        #expect(message.contains(words), "\(message)")
        #expect(!message.contains("\n"))
    }

    @Test(
        "is refused with the line of the key, or of the nearest part of its path",
        arguments: [
            ("  - name: cat\ncorpra: []", "x.yml:8: corpra: is not a key"),
            ("  - name: cat\n    search: {per: cell}", "x.yml:8: methods[0].search.per: must be one of"),
            ("  - name: cat\n  - as: two", "x.yml:8: methods[1].name: is missing"),
            ("  - name: cat\nadapters:\n  epochs: 2\n  rank: 0", "x.yml:10: adapters.rank: is 0"),
            ("  - name: cat\n  - name: cat", "x.yml:8: methods[1]: there is a method"),
            ("  - {name: cat\nseed: 1", "x.yml:8: this is not YAML: "),
        ])
    func isRefusedWithItsLine(rest: String, words: String) {
        let error = #expect(throws: RunError.self) { try Profile(text: head + "methods:\n" + rest, file: "x.yml") }
        #expect(error.map { "\($0)" }?.hasPrefix(words) == true, "\(String(describing: error))")
    }

    @Test(
        "is refused before it runs where a search cannot be made",
        arguments: [
            ("search: {density: []}", "methods[0].search.density: is an empty list"),
            ("search: {density: 0.5}", "methods[0].search.density: must be a list of values to try, or a range"),
            ("search: {density: {from: 0.3}}", "methods[0].search.density: must be a list"),
            ("search: {density: {from: 0.3, to: 0.9, step: 0.1}}", "methods[0].search.density: must be a list"),
            ("search: {density: [0.5, 0.2, 0.5]}", "methods[0].search.density: names a value twice"),
            ("search: {density: {from: 0.8, to: 0.3}}", "methods[0].search.density: goes from 0.8 to 0.3"),
            ("search: {density: [0.5], budget: 0}", "methods[0].search.budget: is 0; it must be 1 to 100000"),
            ("search: {density: [0.5], examples: 0}", "methods[0].search.examples: is 0"),
            ("search: {density: [0.5], per: cell}", "methods[0].search.per: must be one of setting, family, run"),
            ("search: {budget: 3}", "methods[0].search: names no parameter"),
            ("search: {densty: [0.5]}", "methods[0].search.densty[0]: method 'ties' has no parameter 'densty'"),
            ("search: {densty: {from: 0.1, to: 0.5}}", "methods[0].search.densty.from: method 'ties' has no parameter"),
            ("search: {density: [0.5, 1.5]}", "methods[0].search.density[1]: method 'ties': density is 1.5"),
            ("search: {density: {from: 0.5, to: 2}}", "methods[0].search.density.to: method 'ties': density is 2"),
            (
                "search: {density: [0.5, 1.5], majority-sign: [total, frequency]}",
                "methods[0].search.density[1]: method"
            ),
            ("search: {majority-sign: [total, most]}", "methods[0].search.majority-sign[1]"),
            ("search: {weights: [[1, 1], [1]]}", "methods[0].search.weights[1]"),
            ("parameters: {density: 1}, search: {density: [0.5]}", "methods[0].search.density: is both fixed and"),
        ])
    func searchIsRefused(entry: String, words: String) throws {
        let tiny = try TinyBenchmark(validation: [2])
        let error = #expect(throws: RunError.self) {
            let profile = try TinyBenchmark.profile("  - {name: ties, \(entry)}")
            _ = try Evaluation(profile: profile, surroundings: tiny.surroundings)
        }
        let message = error.map { "\($0)" } ?? ""
        #expect(message.replacing(#/^tiny\.yml:\d+: /#, with: "").hasPrefix(words), "\(message)")
    }

    @Test("has the documented defaults")
    func defaults() throws {
        let profile = try Profile(text: head + "methods: [{name: zero-shot}]", file: "x.yml")
        #expect(profile.seed == 1 && profile.newTokens == 64 && profile.sanity && profile.testDocuments == nil)
        #expect(profile.precision == .float32 && profile.sampling.isGreedy)
        #expect(profile.adapters.rank == 16 && profile.adapters.alpha == 32 && profile.adapters.epochs == 3)
        #expect(profile.adapters.learningRates == [0.001] && profile.adapters.validationExamples == 16)
    }

    @Test("keeps its text, so that its hash changes with every character")
    func hash() throws {
        let one = try Profile(text: head + "methods: [{name: zero-shot}]", file: "x.yml")
        let two = try Profile(text: head + "methods: [{name: zero-shot}]\n", file: "x.yml")
        #expect(one.hash != two.hash && one.hash.count == 64)
    }

    @Test("of the project can be read, and all its methods exist")
    func quickProfile() throws {
        let profile = try Profile(contentsOf: Fixtures.root.appending(path: "Benchmark/quick.yml"))
        #expect(try profile.makeMethods().count == profile.methods.count)
    }
}
