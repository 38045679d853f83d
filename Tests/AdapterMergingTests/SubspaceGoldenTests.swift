import AdapterMerging
import ModelEngine
import TestSupport
import Testing

/// The contents of `subspace-merges/index.json` with its adapters.
struct SubspaceGoldens {
    struct Index: Decodable {
        var inputs: [GoldenMerges.Index.Input]
        var merges: [Merge]
    }

    /// A merge whose dense results are in the method's file under `prefix/layer`.
    struct Merge: Decodable, Sendable, CustomTestStringConvertible {
        var method: String
        var prefix: String
        var options: [String: ParameterValue]
        var adapters: [String]
        var weights: [Double]
        var lambda: Double
        var ranks: [String: Int]

        var testDescription: String { "\(method)/\(prefix)" }
    }

    let index: Index
    private let inputs: [String: LoRAAdapter]

    init() throws {
        index = try Fixtures.json(Index.self, "subspace-merges/index.json")
        var inputs: [String: LoRAAdapter] = [:]
        for input in index.inputs {
            inputs[input.name] = try GoldenTensors("subspace-merges/\(input.file)")
                .adapter(scaling: input.alpha / Float(input.rank))
        }
        self.inputs = inputs
    }

    /// All merges of a method.
    static func merges(_ method: String) -> [Merge] {
        ((try? SubspaceGoldens().index.merges) ?? []).filter { $0.method == method }
    }

    func adapters(of merge: Merge) -> [LoRAAdapter] { merge.adapters.compactMap { inputs[$0] } }
}

/// Every merge of `subspace-merges/`: the dense definition on float64 against the factored form.
struct SubspaceGoldenTests {
    private let goldens: SubspaceGoldens

    init() throws { goldens = try SubspaceGoldens() }

    @Test func `the index holds every method on six lists of adapters`() {
        let methods = Dictionary(grouping: goldens.index.merges, by: \.method).mapValues(\.count)
        #expect(
            methods == ["knots": 36, "tsv-m": 12, "iso-c": 12, "iso-cts": 12, "core-space": 72, "pico": 36])
    }

    /// Layer by layer ‖ours − reference‖ ≤ 1e-5 ‖reference‖, and no rank beyond what the list of adapters allows.
    private func check(_ result: LoRAAdapter, _ merge: SubspaceGoldens.Merge) throws {
        let file = try GoldenTensors("subspace-merges/\(merge.method).safetensors")
        #expect(result.sites.map(\.description).sorted() == merge.ranks.keys.sorted())
        for site in result.sites {
            let expected = try #require(file.tensors["\(merge.prefix)/\(site)"]).floats.map(Double.init)
            let distance = distance(result.update(site), expected)
            #expect(distance <= 1e-5 * norm(expected), "\(site): \(distance / norm(expected))")
            let factors = try #require(result.factors[site])
            let available = goldens.adapters(of: merge).reduce(0) { $0 + ($1.factors[site]?.rank ?? 0) }
            #expect(factors.rank >= merge.ranks[site.description] ?? .max)
            #expect(factors.rank <= min(available, factors.inputs, factors.outputs))
        }
    }

    private func run(_ merge: SubspaceGoldens.Merge) throws -> LoRAAdapter {
        let adapters = goldens.adapters(of: merge)
        let options = MethodParameters(merge.options)
        switch merge.method {
        case "tsv-m":
            return try TSVM.merge(
                adapters, weights: merge.weights, lambda: merge.lambda, k: options.integer("k"))
        case "iso-c":
            return try IsoC.merge(
                adapters, weights: merge.weights, lambda: merge.lambda, meanOver: word(options, "mean-over"))
        case "iso-cts":
            return try IsoCTS.merge(
                adapters, weights: merge.weights, lambda: merge.lambda, meanOver: word(options, "mean-over"),
                common: options.number("common"))
        case "core-space":
            return try CoreSpace.merge(
                adapters, weights: merge.weights, lambda: merge.lambda, rule: word(options, "rule"),
                density: options.number("density"), keep: options.number("keep"),
                isotropic: options.flag("isotropic"), masks: try masks(merge))
        case "pico":
            return try Pico.merge(
                adapters, weights: merge.weights, lambda: merge.lambda, rule: word(options, "rule"),
                density: options.number("density"), rescale: word(options, "rescale"))
        default:
            return try KnOTS.merge(
                adapters, weights: merge.weights, lambda: merge.lambda, rule: word(options, "rule"),
                density: options.number("density"), majoritySign: word(options, "majority-sign"), masks: masks(merge))
        }
    }

    /// The masks of a merge that drops entries at random.
    private func masks(_ merge: SubspaceGoldens.Merge) throws -> KnOTS.MaskSource {
        let masks = try GoldenTensors("subspace-merges/\(merge.method).safetensors").tensors
            .mapValues { $0.type == "U8" ? $0.flags : [] }
        return { position, site, count in
            let mask = masks["\(merge.prefix)/mask/\(position)/\(site)"] ?? []
            #expect(mask.count == count)
            return mask
        }
    }

    private func word<Word: RawRepresentable<String>>(_ options: MethodParameters, _ name: String) throws -> Word {
        try #require(Word(rawValue: try options.string(name)))
    }

    @Test(arguments: SubspaceGoldens.merges("knots"))
    func `KnOTS equals its dense definition`(_ merge: SubspaceGoldens.Merge) throws {
        try check(run(merge), merge)
    }

    @Test(arguments: SubspaceGoldens.merges("tsv-m"))
    func `TSV-M equals its dense definition`(_ merge: SubspaceGoldens.Merge) throws {
        try check(run(merge), merge)
    }

    @Test(arguments: SubspaceGoldens.merges("iso-c") + SubspaceGoldens.merges("iso-cts"))
    func `the isotropic merges equal their dense definition`(_ merge: SubspaceGoldens.Merge) throws {
        try check(run(merge), merge)
    }

    @Test(arguments: SubspaceGoldens.merges("core-space"))
    func `Core Space equals its dense definition`(_ merge: SubspaceGoldens.Merge) throws {
        try check(run(merge), merge)
    }

    @Test(arguments: SubspaceGoldens.merges("pico"))
    func `Pico equals its dense definition`(_ merge: SubspaceGoldens.Merge) throws {
        try check(run(merge), merge)
    }
}

/// The Euclidean norm; for a matrix, Frobenius'.
func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

/// The norm of a difference, infinite if the lengths differ.
func distance(_ first: [Double], _ second: [Double]) -> Double {
    first.count == second.count ? norm(zip(first, second).map { $0 - $1 }) : .infinity
}
