import Foundation
import ModelEngine

/// What `adapter_config.json` says about an adapter's factors.
///
/// Every option that would change the answer is either honoured or refused by name. An option that this reader has
/// never heard of is accepted only while it switches nothing on (null, false or empty).
struct PEFTConfiguration {
    /// The modules that the adapter changes.
    private enum Targets {
        /// Paths or ends of paths.
        case names([String])
        /// A regular expression for whole paths.
        case expression(Regex<AnyRegexOutput>)
        case allLinear
    }

    private let file: String
    private let rank: Double
    private let alpha: Double
    private let isRankStabilised: Bool
    private let targets: Targets
    private let layers: Set<Int>?
    private let rankPattern: PatternTable
    private let alphaPattern: PatternTable

    /// Reads the text of a configuration.
    ///
    /// - Parameter file: the path to name in errors.
    /// - Throws: `MergeError` with `badFormat`, `missingKey` or `unsupportedOption`.
    init(parsing data: Data, file: String) throws(MergeError) {
        let root: JSONTree
        do { root = try JSONTree(parsing: data) } catch {
            throw MergeError(.badFormat, "this is not valid JSON; save the adapter again", file: file)
        }
        guard case .object(let members) = root else {
            throw MergeError(.badFormat, "the configuration must be a JSON object", file: file)
        }
        try PEFTOptions.refuseUnsupported(members, file: file)
        let fields = ConfigurationFields(members: members, file: file)
        self.file = file
        rank = try fields.number("r")
        try fields.check(rank: rank, key: "r")
        alpha = try fields.number("lora_alpha")
        isRankStabilised = try fields.flag("use_rslora")
        rankPattern = try fields.patterns("rank_pattern") { value, key throws(MergeError) in
            try fields.check(rank: value, key: key)
        }
        alphaPattern = try fields.patterns("alpha_pattern") { _, _ in }
        layers = try fields.layers("layers_to_transform")
        switch members["target_modules"] {
        case .string("all-linear"): targets = .allLinear
        case .string(let text): targets = .expression(try fields.regex(text, key: "target_modules"))
        default: targets = .names(try fields.strings("target_modules"))
        }
    }

    /// The rank of a layer's factors.
    func rank(of site: AdapterSite) throws(MergeError) -> Int {
        try located { () throws(MergeError) in
            Int(try rankPattern.value(for: site.description, option: "rank_pattern") ?? rank)
        }
    }

    /// The scaling of a layer's update: alpha / r, or alpha / √r with `use_rslora`.
    ///
    /// Source of the latter: Kalajdzievski, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA" (2023).
    func scaling(of site: AdapterSite) throws(MergeError) -> Float {
        let rank = Double(try rank(of: site))
        let layerAlpha = try located { () throws(MergeError) in
            try alphaPattern.value(for: site.description, option: "alpha_pattern") ?? alpha
        }
        let scaling = Float(layerAlpha / (isRankStabilised ? rank.squareRoot() : rank))
        guard scaling.isFinite else {
            throw MergeError(.badFormat, "the value \(layerAlpha) is too large", file: file, key: "lora_alpha")
        }
        return scaling
    }

    /// Whether `target_modules` and `layers_to_transform` include the layer.
    func targets(_ site: AdapterSite) -> Bool {
        if let layers, !layers.contains(site.layer) { return false }
        let path = site.description
        return switch targets {
        case .allLinear: true
        case .expression(let regex): (try? regex.wholeMatch(in: path)) != nil
        case .names(let names): names.contains { path == $0 || path.hasSuffix("." + $0) }
        }
    }

    private func located<Value>(_ body: () throws(MergeError) -> Value) throws(MergeError) -> Value {
        do { return try body() } catch {
            var error = error
            error.file = file
            throw error
        }
    }
}

/// Typed access to the members of a configuration.
private struct ConfigurationFields {
    var members: [String: JSONTree]
    var file: String

    func number(_ key: String) throws(MergeError) -> Double {
        guard let value = members[key] else {
            throw MergeError(.missingKey, "the key is missing; a LoRA configuration has it", file: file, key: key)
        }
        guard case .number(let number) = value else { throw mistyped(key, "a number") }
        return number
    }

    func flag(_ key: String) throws(MergeError) -> Bool {
        switch members[key] ?? .null {
        case .null: return false
        case .bool(let value): return value
        default: throw mistyped(key, "true or false")
        }
    }

    func strings(_ key: String) throws(MergeError) -> [String] {
        guard let value = members[key], value != .null else {
            throw MergeError(.missingKey, "the key is missing; it lists the modules to change", file: file, key: key)
        }
        guard case .list(let items) = value else { throw mistyped(key, "a list of strings or a string") }
        var strings: [String] = []
        for item in items {
            guard case .string(let string) = item else { throw mistyped(key, "a list of strings or a string") }
            strings.append(string)
        }
        return strings
    }

    func layers(_ key: String) throws(MergeError) -> Set<Int>? {
        let items: [JSONTree]
        switch members[key] ?? .null {
        case .null: return nil
        case .list(let list): items = list
        case let single: items = [single]
        }
        var layers: Set<Int> = []
        for item in items {
            guard case .number(let number) = item, let layer = Int(exactly: number) else {
                throw mistyped(key, "a whole number or a list of them")
            }
            layers.insert(layer)
        }
        // PEFT takes an empty list as no restriction.
        return layers.isEmpty ? nil : layers
    }

    func patterns(
        _ option: String, check: (Double, String) throws(MergeError) -> Void
    ) throws(MergeError) -> PatternTable {
        switch members[option] ?? .null {
        case .null: return PatternTable([])
        case .object(let values):
            var entries: [(key: String, pattern: ModulePattern, value: Double)] = []
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                guard case .number(let number) = value else { throw mistyped("\(option).\(key)", "a number") }
                try check(number, "\(option).\(key)")
                guard let pattern = try? ModulePattern(key) else { throw notAnExpression(option, key) }
                entries.append((key, pattern, number))
            }
            return PatternTable(entries)
        default: throw mistyped(option, "an object of numbers")
        }
    }

    func regex(_ text: String, key: String) throws(MergeError) -> Regex<AnyRegexOutput> {
        guard let regex = try? Regex(text) else { throw notAnExpression(key, text) }
        return regex
    }

    func check(rank: Double, key: String) throws(MergeError) {
        guard let whole = Int(exactly: rank), (1...65_536).contains(whole) else {
            throw mistyped(key, "a whole number from 1 to 65536")
        }
    }

    private func mistyped(_ key: String, _ expected: String) -> MergeError {
        MergeError(.badFormat, "the value must be \(expected)", file: file, key: key)
    }

    private func notAnExpression(_ key: String, _ text: String) -> MergeError {
        MergeError(.badFormat, "'\(text)' is not a regular expression that can be read", file: file, key: key)
    }
}
