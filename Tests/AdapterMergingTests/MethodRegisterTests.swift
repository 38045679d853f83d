import AdapterMerging
import Foundation
import ModelEngine
import Testing

struct MethodRegisterTests {
    @Test func `methods are listed by family, in the order of the families`() {
        let places = MethodRegister.all.map { MethodFamily.allCases.firstIndex(of: $0.descriptor.family) ?? -1 }
        #expect(places == places.sorted())
        #expect(Set(places) == Set(MethodFamily.allCases.indices.dropFirst()), "every family but the sanity rows")
    }

    @Test(arguments: MethodRegister.names)
    func `every method describes itself and can be made with its defaults`(_ name: String) throws {
        let descriptor = try MethodRegister.type(named: name).descriptor
        #expect(!descriptor.title.isEmpty && !descriptor.reference.isEmpty)
        #expect(descriptor.parameters.allSatisfy { !$0.explanation.isEmpty && !$0.explanation.hasSuffix(".") })
        #expect(Set(descriptor.parameters.map(\.name)).count == descriptor.parameters.count)
        let method = try MethodRegister.make(name: name)
        #expect(method.parameters.values.keys.sorted() == descriptor.parameters.map(\.name).sorted())
        #expect(try MethodRegister.make(name: name, parameters: method.parameters).parameters == method.parameters)
    }

    @Test func `titles and names are unique`() {
        #expect(Set(MethodRegister.names).count == MethodRegister.all.count)
        #expect(Set(MethodRegister.all.map { $0.descriptor.title }).count == MethodRegister.all.count)
    }

    @Test func `families and recipes fit together`() throws {
        for type in MethodRegister.all {
            let recipe = try type.init(parameters: [:]).recipe
            switch (type.descriptor.family, recipe) {
            case (.noAdapter, .prompt), (.oneAdapter, .mainAdapter), (.costlyReference, .twoPasses),
                (.costlyReference, .learned),
                (.dataFreeMerge, .merge), (.search, .searched), (.learned, .learned):
                break
            default: Issue.record("\(type.descriptor.name) is listed as \(type.descriptor.family)")
            }
        }
    }

    @Test(arguments: [
        ("tie", "ties"), ("DARE_TIES", "dare-ties"), ("liner", "linear"), ("zeroshot", "zero-shot"),
        ("learnable-calibration-pls", "learnable-calibration-plus"), ("few shot", "few-shot"),
    ])
    func `an unknown name brings the nearest one and all others`(_ typed: String, _ meant: String) {
        let error = #expect(throws: MergeError.self) { try MethodRegister.make(name: typed) }
        #expect(error?.code == .unknownMethod)
        #expect(error?.message.contains("did you mean '\(meant)'?") == true)
        #expect(error?.message.contains(MethodRegister.names.joined(separator: ", ")) == true)
    }

    @Test(arguments: ["", "x", "something else entirely", "🧵"])
    func `a name that is near to nothing brings the list alone`(_ typed: String) {
        let error = #expect(throws: MergeError.self) { try MethodRegister.make(name: typed) }
        #expect(
            error?.description == "there is no method '\(typed)'; the methods are "
                + MethodRegister.names.joined(separator: ", "))
    }

    @Test func `an unknown parameter brings the known ones`() {
        let error = #expect(throws: MergeError.self) {
            try MethodRegister.make(name: "dare-linear", parameters: ["densty": 0.5])
        }
        #expect(
            error?.description
                == "method 'dare-linear' has no parameter 'densty' (did you mean 'density'?). Its parameters are "
                + "weights (a list of numbers, one for each adapter; default [0.5,0.5]); "
                + "density (a number above 0 and at most 1; default 0.5).")
        let none = #expect(throws: MergeError.self) { try ZeroShot(parameters: ["shots": 1]) }
        #expect(none?.description == "method 'zero-shot' has no parameter 'shots'. It takes no parameters.")
    }

    @Test(
        arguments: [
            ("few-shot", "shots", 0), ("few-shot", "shots", 2.5), ("few-shot", "shots", 65),
            ("few-shot", "shots", "two"), ("few-shot", "choice", "best"),
            ("multi-step-reversed", "first-pass", "words"),
            ("few-shot", "shots", true), ("ties", "density", 0), ("ties", "density", 1.1),
            ("ties", "density", .number(.nan)),
            ("ties", "density", [0.5]), ("ties", "majority-sign", "loudest"), ("ties", "majority-sign", 1),
            ("linear", "weights", [1]), ("linear", "weights", [1, 1, 1]), ("linear", "weights", [1, .infinity]),
            ("linear", "weights", 0.5), ("cat", "weights", "equal"), ("learnable-calibration", "learning-rate", 0),
            ("learnable-calibration", "epochs", 0), ("learnable-calibration", "examples", -1),
            ("learnable-calibration-plus", "rank", 0), ("few-shot", "shots", .number(1e300)),
        ] as [(String, String, ParameterValue)])
    func `a bad value is refused with its range`(_ method: String, _ parameter: String, _ value: ParameterValue) {
        let error = #expect(throws: MergeError.self) {
            try MethodRegister.make(name: method, parameters: MethodParameters([parameter: value]))
        }
        #expect(error?.code == .badParameter)
        #expect(error?.key == parameter)
        #expect(error?.message.contains("must be ") == true)
    }

    @Test func `weights are spread over as many adapters as there are`() throws {
        let three = try MethodRegister.make(name: "ties", adapters: 3).parameters
        #expect(try three.numbers("weights") == Array(repeating: 1.0 / 3, count: 3))
        let one = try MethodRegister.make(name: "cat", adapters: 1).parameters
        #expect(try one.numbers("weights") == [1])
        let given = try MethodRegister.make(name: "cat", parameters: ["weights": [1, 2, -3]], adapters: 3)
        #expect(try given.parameters.numbers("weights") == [1, 2, -3])
        let error = #expect(throws: MergeError.self) {
            try MethodRegister.make(name: "cat", parameters: ["weights": [1, 2]], adapters: 3)
        }
        #expect(error?.message.contains("must be a list of 3 numbers") == true)
    }

    @Test func `shots reach the recipe`() throws {
        guard case .prompt(let shots, let choice) = try FewShot(parameters: ["shots": 5, "choice": "nearest"]).recipe
        else {
            Issue.record("not a prompt")
            return
        }
        #expect(shots == 5 && choice == .nearest)
    }

    @Test(arguments: ["linear", "cat", "ties", "dare-ties", "dare-linear", "magnitude-prune"])
    func `recipes merge with the given parameters`(_ name: String) throws {
        let adapters = [LoRAAdapter.random(seed: 1), .random(seed: 2)]
        func merged(_ parameters: MethodParameters, seed: UInt64 = 1) throws -> LoRAAdapter {
            guard case .merge(let merge) = try MethodRegister.make(name: name, parameters: parameters).recipe else {
                throw CancellationError()
            }
            return try merge(adapters, seed)
        }
        #expect(try merged([:]).sites == adapters[0].sites)
        #expect(try merged(["weights": [1, -1]]) != merged([:]))
        #expect(try (merged([:], seed: 2) == merged([:])) == !name.hasPrefix("dare"))
        if try MethodRegister.type(named: name).descriptor.parameters.contains(where: { $0.name == "density" }) {
            #expect(try merged(["density": 0.9]) != merged([:]))
        }
    }
}

struct MethodParametersTests {
    @Test func `equal parameters have equal JSON, whatever their order`() throws {
        let parameters = try TIES(parameters: ["density": 1, "weights": [0.7, -0.3]]).parameters
        #expect(parameters.json == #"{"density":1,"majority-sign":"total","weights":[0.7,-0.3]}"#)
        // Runs from before Core Space had `keep` go on.
        let core = try MethodRegister.make(name: "core-space", parameters: ["keep": 0.7]).parameters
        #expect(try core.number("keep") == 0.7 && !core.json.contains("keep"))
        #expect(
            try MethodRegister.make(name: "core-space", parameters: ["keep": 0.5]).parameters.json.contains(
                #""keep":0.5"#))
        #expect(MethodParameters().json == "{}")
        #expect(MethodParameters(["é\"\n": "\u{1}🧵\\"]).json == #"{"é\"\n":"\u0001🧵\\"}"#)
    }

    @Test func `values survive coding`() throws {
        let values: [String: ParameterValue] = ["a": "word", "b": 0.25, "c": true, "d": [1, 2], "e": 3]
        let data = try JSONEncoder().encode(values)
        #expect(try JSONDecoder().decode([String: ParameterValue].self, from: data) == values)
    }

    @Test func `a value of another type is refused by name`() {
        let parameters: MethodParameters = ["density": "half"]
        let wrong = #expect(throws: MergeError.self) { try parameters.number("density") }
        #expect(wrong?.description == #"'density': a number is needed, but it is "half""#)
        let missing = #expect(throws: MergeError.self) { try parameters.flag("fast") }
        #expect(missing?.description == "'fast': true or false is needed, but it is missing")
    }
}

struct CompositionCostTests {
    private let adapters = [LoRAAdapter.random(seed: 1), .random(seed: 2)]

    private func cost(_ name: String, _ parameters: MethodParameters = [:]) throws -> CompositionCost {
        try MethodRegister.make(name: name, parameters: parameters).recipe.cost(for: adapters)
    }

    @Test(arguments: ["zero-shot", "few-shot", "main-lora", "linear", "cat", "ties", "dare-ties", "magnitude-prune"])
    func `what can be made from the adapters costs nothing to keep`(_ name: String) throws {
        #expect(try cost(name) == CompositionCost(extraParameters: 0, compositionBytes: 0, passes: 1))
    }

    @Test func `two passes cost a second pass`() throws {
        #expect(try cost("multi-step") == CompositionCost(extraParameters: 0, compositionBytes: 0, passes: 2))
    }

    @Test func `a search keeps the numbers that it found`() throws {
        #expect(try cost("lorahub") == CompositionCost(extraParameters: 2, compositionBytes: 8, passes: 1))
    }

    @Test func `calibrations keep four bytes for each trained number`() throws {
        #expect(
            try cost("learnable-calibration") == CompositionCost(extraParameters: 10, compositionBytes: 40, passes: 1))
        #expect(
            try cost("learnable-calibration-plus", ["rank": 3])
                == CompositionCost(extraParameters: 66, compositionBytes: 264, passes: 1))
    }
}
