import AdapterMerging
import ModelEngine
import TestSupport
import Testing

/// Every merge of `published-merges/`: the formulas of papers and of the authors' programs, written down apart from ours.
struct PublishedMergeGoldenTests {
    struct Index: Decodable {
        struct Input: Decodable {
            var name: String
            var scaling: Float
        }

        var inputs: [Input]
        var cases: [Case]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var method: String
        var number: Int
        var options: [String: ParameterValue]
        var adapters: [String]
        var weights: [Double]?

        var testDescription: String { "\(method)/\(number)" }
    }

    private static let learned = [
        "lora-soups", "adamerging", "projection-merge", "learnable-calibration", "learnable-calibration-plus",
    ]
    private static let sites: [AdapterSite] = [.query(0), .down(1)]

    private let adapters: [String: LoRAAdapter]
    private let file: GoldenTensors

    init() throws {
        let tensors = try GoldenTensors("published-merges/adapters.safetensors")
        var adapters: [String: LoRAAdapter] = [:]
        for input in try Self.index().inputs {
            adapters[input.name] = try tensors.adapter(prefix: "\(input.name)/", scaling: input.scaling)
        }
        self.adapters = adapters
        file = try GoldenTensors("published-merges/merges.safetensors")
    }

    private static func index() throws -> Index { try Fixtures.json(Index.self, "published-merges/index.json") }

    private static func cases(_ methods: [String]) -> [Case] {
        ((try? index().cases) ?? []).filter { methods.contains($0.method) }
    }

    private func inputs(_ merge: Case) -> [LoRAAdapter] { merge.adapters.compactMap { adapters[$0] } }

    private func golden(_ merge: Case, _ site: AdapterSite, _ part: String) throws -> [Float] {
        try #require(file.tensors["\(merge.number)/\(site)/\(part)"], "\(merge)/\(site)/\(part)").floats
    }

    /// Layer by layer, ‖ours − reference‖ ≤ 1e-5 ‖reference‖.
    private func checkUpdates(_ result: LoRAAdapter, _ merge: Case) throws {
        #expect(result.sites == Self.sites)
        for site in result.sites {
            #expect(relativeError(result.update(site), try golden(merge, site, "update").map(Double.init)) <= 1e-5)
        }
    }

    @Test func `the index holds every method with its cases`() throws {
        let counts = Dictionary(grouping: try Self.index().cases, by: \.method).mapValues(\.count)
        #expect(
            counts == [
                "lorahub": 3, "tsv-m": 2, "iso-c": 2, "iso-cts": 3, "lora-soups": 2, "adamerging": 2,
                "projection-merge": 2, "learnable-calibration": 4, "learnable-calibration-plus": 4,
            ])
        #expect(adapters.mapValues { $0.sites } == ["a", "b", "c", "d", "e"].reduce(into: [:]) { $0[$1] = Self.sites })
    }

    @Test(arguments: cases(["lorahub"]))
    func `LoraHub's composition equals PEFT with the authors' sum of state dictionaries`(_ merge: Case) throws {
        try checkUpdates(LoraHub.merge(inputs(merge), weights: try #require(merge.weights)), merge)
    }

    @Test(arguments: cases(["tsv-m", "iso-c", "iso-cts"]))
    func `subspace merges equal the papers' algorithms where those meet no singular value of 0`(
        _ merge: Case
    ) throws {
        switch merge.method {
        case "tsv-m": try checkUpdates(TSVM.merge(inputs(merge)), merge)
        case "iso-c": try checkUpdates(IsoC.merge(inputs(merge)), merge)
        default:
            let common = try MethodParameters(merge.options).number("common")
            try checkUpdates(IsoCTS.merge(inputs(merge), common: common), merge)
        }
    }

    /// The method's start with the golden numbers in place of those that are trained.
    private func trained(_ merge: Case) throws -> TrainableAdapter {
        let inputs = inputs(merge)
        let options = MethodParameters(merge.options)
        let form = try merge.method == "learnable-calibration" ? options.string("form") : ""
        var result =
            switch merge.method {
            case "lora-soups": try LoRASoups.start(inputs)
            case "adamerging": try AdaMerging.start(inputs)
            case "projection-merge": try ProjectionMerge.start(inputs, weights: merge.weights)
            case "learnable-calibration":
                try LearnableCalibration.start(
                    inputs, weights: merge.weights, form: try #require(LearnableCalibration.Form(rawValue: form)))
            default:
                try LearnableCalibrationPlus.start(
                    inputs, weights: merge.weights, rank: options.integer("rank"), seed: 1)
            }
        for site in result.sites {
            var terms = try #require(result.terms[site])
            switch merge.method {
            case "lora-soups", "adamerging":
                let coefficients = try golden(merge, site, "coefficients")
                #expect(coefficients.count == terms.count)
                for (index, coefficient) in coefficients.enumerated() { terms[index].coefficient = coefficient }
            case "projection-merge": terms[0].middle = try golden(merge, site, "middle")
            case "learnable-calibration" where form == "column-wise":
                terms[1].factors.b = try golden(merge, site, "vector")
            case "learnable-calibration": terms[1].factors.bias = try golden(merge, site, "vector")
            default:
                terms[1].factors.a = try golden(merge, site, "first")
                terms[1].factors.b = try golden(merge, site, "second")
            }
            result.terms[site] = terms
        }
        return result
    }

    @Test(arguments: cases(learned))
    func `a learned method's LoRA equals its formula with the same numbers`(_ merge: Case) throws {
        let plain = try trained(merge).merged
        try checkUpdates(plain, merge)
        for site in plain.sites {
            let factors = try #require(plain.factors[site])
            let inputs = try golden(merge, site, "inputs").map(Double.init)
            let count = inputs.count / factors.inputs
            let update = factors.update
            var gains: [Double] = []
            for row in 0..<factors.outputs {
                for column in 0..<count {
                    let sum = (0..<factors.inputs).reduce(0) {
                        $0 + update[row * factors.inputs + $1] * inputs[$1 * count + column]
                    }
                    gains.append(sum + Double(factors.scaling) * Double(factors.bias?[row] ?? 0))
                }
            }
            #expect(relativeError(gains, try golden(merge, site, "gains").map(Double.init)) <= 1e-5)
        }
    }
}
