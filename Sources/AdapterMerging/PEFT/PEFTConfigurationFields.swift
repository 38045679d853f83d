/// Typed access to the members of a configuration.
struct PEFTConfigurationFields {
    var members: [String: JSONTree]
    var file: String
    private let time = MatchingTime()
    /// More than all layers of the largest model have.
    private static let mostNames = 1 << 16

    init(members: [String: JSONTree], file: String) {
        self.members = members
        self.file = file
    }

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

    /// Names, or one expression for whole paths; nil where the key is missing or null.
    func modules(_ key: String) throws(MergeError) -> PEFTModuleSelection.Modules? {
        switch members[key] ?? .null {
        case .null: return nil
        case .string(let text): return .expression(try expression(text, key: key))
        case let value: return .names(try strings(value, key, "a list of strings or a string"))
        }
    }

    /// A string or a list of them; empty where the key is missing or null.
    func names(_ key: String) throws(MergeError) -> [String] {
        switch members[key] ?? .null {
        case .null: []
        case .string(let text): [text]
        case let value: try strings(value, key, "a string or a list of strings")
        }
    }

    private func strings(_ value: JSONTree, _ key: String, _ expected: String) throws(MergeError) -> [String] {
        guard case .list(let items) = value else { throw mistyped(key, expected) }
        guard items.count <= Self.mostNames else { throw tooMany(key, items.count) }
        var strings: [String] = []
        for item in items {
            guard case .string(let string) = item else { throw mistyped(key, expected) }
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
            guard values.count <= Self.mostNames else { throw tooMany(option, values.count) }
            var entries: [(key: String, pattern: ModulePattern, value: Double)] = []
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                guard case .number(let number) = value else { throw mistyped("\(option).\(key)", "a number") }
                try check(number, "\(option).\(key)")
                guard let pattern = try? ModulePattern(key, option: option, time: time) else {
                    throw notAnExpression(option, key)
                }
                entries.append((key, pattern, number))
            }
            return PatternTable(entries)
        default: throw mistyped(option, "an object of numbers")
        }
    }

    func expression(_ text: String, key: String) throws(MergeError) -> ModuleExpression {
        guard let expression = try? ModuleExpression(text, option: key, time: time) else {
            throw notAnExpression(key, text)
        }
        return expression
    }

    func check(rank: Double, key: String) throws(MergeError) {
        guard let whole = Int(exactly: rank), (1...65_536).contains(whole) else {
            throw mistyped(key, "a whole number from 1 to 65536")
        }
    }

    private func mistyped(_ key: String, _ expected: String) -> MergeError {
        MergeError(.badFormat, "the value must be \(expected)", file: file, key: key)
    }

    func missing(_ key: String, _ message: String) -> MergeError {
        MergeError(.missingKey, message, file: file, key: key)
    }

    private func tooMany(_ key: String, _ count: Int) -> MergeError {
        MergeError(
            .badFormat, "it holds \(count) names, more than any model has layers for; name those of the adapter alone",
            file: file, key: key)
    }

    private func notAnExpression(_ key: String, _ text: String) -> MergeError {
        let shown = text.count > 80 ? text.prefix(80) + "…" : text
        return MergeError(
            .badFormat, "'\(shown)' is not a regular expression that can be read; name the modules one by one",
            file: file, key: key)
    }
}
