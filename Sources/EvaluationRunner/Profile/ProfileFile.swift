import AdapterMerging
import BenchmarkStore
import ModelEngine
import Yams

/// The YAML file of a profile, key by key; unknown keys are faults, so that a typing error cannot pass unseen.
struct ProfileFile: Decodable {
    struct Fault: Error {
        var key: String?
        var message: String
    }

    struct Method: Decodable {
        var name: String
        var alias: String?
        var parameters: [String: ParameterValue]?
        var search: ProfileSearch?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case name, parameters, search
            case alias = "as"
        }
    }

    struct Adapters: Decodable {
        var rank: Int?
        var alpha: Double?
        var learningRate: LearningRates?
        var epochs: Int?
        var batchSize: Int?
        var warmup: Double?
        var weightDecay: Double?
        var trainExamples: Int?
        var validationExamples: Int?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case rank, alpha, epochs, warmup
            case learningRate = "learning-rate"
            case batchSize = "batch-size"
            case weightDecay = "weight-decay"
            case trainExamples = "train-examples"
            case validationExamples = "validation-examples"
        }

        /// One learning rate, or several to choose from.
        struct LearningRates: Decodable {
            let values: [Double]

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let one = try? container.decode(Double.self) {
                    values = [one]
                } else {
                    values = try container.decode([Double].self)
                }
            }
        }

        var resolved: Profile.Adapters {
            let rank = rank ?? 16
            return Profile.Adapters(
                rank: rank, alpha: alpha ?? Double(2 * rank), learningRates: learningRate?.values ?? [1e-3],
                epochs: epochs ?? 3, batchSize: batchSize ?? 8, warmup: warmup ?? 0.1, weightDecay: weightDecay ?? 0.01,
                trainExamples: trainExamples, validationExamples: validationExamples ?? 16)
        }
    }

    struct Sampling: Decodable {
        var temperature: Float?
        var topK: Int?
        var topP: Float?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case temperature
            case topK = "top-k"
            case topP = "top-p"
        }

        func resolved(seed: UInt64) -> SamplingOptions {
            SamplingOptions(temperature: temperature ?? 1, topK: topK ?? 0, topP: topP ?? 1, seed: seed)
        }
    }

    var format: String
    var version: Int
    var name: String
    var title: String?
    var description: String?
    var build: String
    var corpora: [ProfileCorpus]?
    var seed: UInt64?
    var settings: Profile.Settings
    var testDocuments: Int?
    var newTokens: Int?
    var precision: WeightPrecision?
    var sampling: Sampling?
    var system: String?
    var sanity: Bool?
    var adapters: Adapters
    var methods: [Method]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case format, version, name, title, description, build, corpora, seed, settings, precision, sampling, system,
            sanity,
            adapters, methods
        case testDocuments = "test-documents"
        case newTokens = "new-tokens"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        format = try values.decode(String.self, forKey: .format)
        version = try values.decode(Int.self, forKey: .version)
        name = try values.decode(String.self, forKey: .name)
        title = try values.decodeIfPresent(String.self, forKey: .title)
        description = try values.decodeIfPresent(String.self, forKey: .description)
        build = try values.decode(String.self, forKey: .build)
        corpora = try values.decodeIfPresent([ProfileCorpus].self, forKey: .corpora)
        seed = try values.decodeIfPresent(UInt64.self, forKey: .seed)
        if let word = try? values.decode(String.self, forKey: .settings) {
            guard word == "all" else {
                throw Fault(key: "settings", message: "\"\(word)\" is neither `all` nor a list of settings")
            }
            settings = .all
        } else {
            settings = .named(try values.decode([String].self, forKey: .settings))
        }
        testDocuments = try values.decodeIfPresent(Int.self, forKey: .testDocuments)
        newTokens = try values.decodeIfPresent(Int.self, forKey: .newTokens)
        if let word = try values.decodeIfPresent(String.self, forKey: .precision) {
            guard let known = WeightPrecision(rawValue: word) else {
                let names = WeightPrecision.allCases.map(\.rawValue).joined(separator: " or ")
                throw Fault(key: "precision", message: "must be \(names), not \"\(word)\"")
            }
            precision = known
        }
        sampling = try values.decodeIfPresent(Sampling.self, forKey: .sampling)
        system = try values.decodeIfPresent(String.self, forKey: .system)
        sanity = try values.decodeIfPresent(Bool.self, forKey: .sanity)
        adapters = try values.decodeIfPresent(Adapters.self, forKey: .adapters) ?? Adapters()
        methods = try values.decode([Method].self, forKey: .methods)
    }

    static func decode(_ text: String) throws -> ProfileFile {
        try checkKeys(text)
        let file = try YAMLDecoder().decode(ProfileFile.self, from: text)
        try file.checkValues()
        return file
    }

    private func checkValues() throws(Fault) {
        guard format == "braid-profile" else {
            throw Fault(key: "format", message: "must be `braid-profile`, not \"\(format)\"")
        }
        guard version == 1 else {
            throw Fault(key: "version", message: "is \(version); this braid reads version 1. Use a newer braid")
        }
        guard name.isPlainFileName else {
            throw Fault(
                key: "name",
                message:
                    "\"\(VisibleText.line(name, limit: 60))\" must be letters, digits, hyphens, dots or underscores; the "
                    + "report's folder is called after it")
        }
        guard build.isSlug else {
            throw Fault(
                key: "build",
                message: "\"\(VisibleText.line(build, limit: 60))\" must be lower-case letters, digits and hyphens")
        }
        guard !methods.isEmpty else { throw Fault(key: "methods", message: "names no method; add at least one") }
        do {
            try sampling?.resolved(seed: 0).check()
        } catch {
            throw Fault(key: "sampling", message: error.message)
        }
        for (key, value, range) in [
            ("test-documents", testDocuments, 1...1_000_000), ("new-tokens", newTokens, 1...4096),
            ("adapters.rank", adapters.rank, 1...1024), ("adapters.epochs", adapters.epochs, 1...10_000),
            ("adapters.batch-size", adapters.batchSize, 1...4096),
            ("adapters.train-examples", adapters.trainExamples, 1...10_000_000),
            ("adapters.validation-examples", adapters.validationExamples, 0...10_000_000),
        ] {
            guard let value, !range.contains(value) else { continue }
            throw Fault(key: key, message: "is \(value); it must be \(range.lowerBound) to \(range.upperBound)")
        }
        try checkLearningRates()
        try checkNames()
        for (key, value, range) in [
            ("adapters.warmup", adapters.warmup, 0...1),
            ("adapters.alpha", adapters.alpha, 1e-6...1e6), ("adapters.weight-decay", adapters.weightDecay, 0...10),
        ] {
            guard let value, !range.contains(value) else { continue }
            throw Fault(key: key, message: "is \(value); it must be \(range.lowerBound) to \(range.upperBound)")
        }
    }

    private func checkLearningRates() throws(Fault) {
        let key = "adapters.learning-rate"
        let rates = adapters.learningRate?.values ?? []
        if let value = rates.first(where: { !(1e-9...10).contains($0) }) {
            throw Fault(key: key, message: "is \(value); it must be 1e-09 to 10.0")
        }
        guard adapters.learningRate == nil || !rates.isEmpty else {
            throw Fault(key: key, message: "is an empty list; give one rate, or several to choose from")
        }
        guard Set(rates).count == rates.count else { throw Fault(key: key, message: "names a rate twice") }
        guard rates.count < 2 || adapters.validationExamples != 0 else {
            throw Fault(
                key: "adapters.validation-examples",
                message: "is 0, but the choice among several learning rates needs validation examples")
        }
    }

    /// A run tells methods apart by name.
    private func checkNames() throws(Fault) {
        var seen = Set(SanityRow.allCases.map(\.rawValue))
        for (index, method) in methods.enumerated() {
            let name = method.alias ?? method.name
            let key = "methods[\(index)]" + (method.alias == nil ? "" : ".as")
            let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
            guard method.alias == nil || (isPlain && !name.isEmpty) else {
                throw Fault(key: key, message: "\"\(name)\" must be letters, digits, hyphens, dots or underscores")
            }
            guard name == method.name || !MethodRegister.names.contains(name) else {
                throw Fault(key: key, message: "\"\(name)\" is another method; give this variant a name of its own")
            }
            guard seen.insert(name).inserted else {
                throw Fault(
                    key: key, message: "there is a method \"\(name)\" already; give this variant its own name with `as`"
                )
            }
        }
    }

    private static func checkKeys(_ text: String) throws {
        try YAMLText(text).check()
        guard let node = try Yams.compose(yaml: text), let top = node.mapping else {
            throw Fault(key: nil, message: "is empty or not a mapping of keys; see Benchmark/quick.yml for an example")
        }
        try YAMLText.checkNumbers(in: node)
        func check(_ mapping: Node.Mapping, _ known: [String], at path: String) throws(Fault) {
            for key in mapping.keys.compactMap(\.string) where !known.contains(key) {
                throw Fault(
                    key: path + key,
                    message: "is not a key that profiles have; known are \(known.sorted().joined(separator: ", "))")
            }
        }
        try check(top, CodingKeys.allCases.map(\.rawValue), at: "")
        if let adapters = top["adapters"]?.mapping {
            try check(adapters, Adapters.CodingKeys.allCases.map(\.rawValue), at: "adapters.")
        }
        if let sampling = top["sampling"]?.mapping {
            try check(sampling, Sampling.CodingKeys.allCases.map(\.rawValue), at: "sampling.")
        }
        for (index, corpus) in (top["corpora"]?.sequence ?? []).enumerated() {
            guard let mapping = corpus.mapping else { continue }
            try check(mapping, ProfileCorpus.CodingKeys.allCases.map(\.rawValue), at: "corpora[\(index)].")
        }
        for (index, method) in (top["methods"]?.sequence ?? []).enumerated() {
            guard let mapping = method.mapping else { continue }
            try check(mapping, Method.CodingKeys.allCases.map(\.rawValue), at: "methods[\(index)].")
        }
    }

    /// The key path of a decoding error, e.g. `methods[2].name`.
    static func path(of error: any Error) -> String? {
        guard let error = error as? DecodingError else { return nil }
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let value), .valueNotFound(_, let value), .dataCorrupted(let value): context = value
        case .keyNotFound(let key, let value):
            context = DecodingError.Context(
                codingPath: value.codingPath + [key], debugDescription: value.debugDescription)
        @unknown default: return nil
        }
        let path = context.codingPath.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
        return path.isEmpty ? nil : path
    }

    /// An error of the YAML reader in one line.
    static func words(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound: "is missing; add it"
        case DecodingError.typeMismatch(let type, _), DecodingError.valueNotFound(let type, _):
            "must be of type \(type)"
        case DecodingError.dataCorrupted(let context):
            context.underlyingError.map(words) ?? context.debugDescription
        case YamlError.scanner(_, let problem, _, _), YamlError.parser(_, let problem, _, _),
            YamlError.composer(_, let problem, _, _):
            "this is not YAML: \(problem)"
        default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }
}
