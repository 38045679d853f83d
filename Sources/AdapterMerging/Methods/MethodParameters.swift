/// The value of one hyper-parameter, as a profile writes it.
public enum ParameterValue: Sendable, Equatable {
    case string(String)
    case number(Double)
    case bool(Bool)
    case numbers([Double])

    var tree: JSONTree {
        switch self {
        case .string(let value): .string(value)
        // JSON has no words for these; as strings they still show in a message.
        case .number(let value): value.isFinite ? .number(value) : .string("\(value)")
        case .bool(let value): .bool(value)
        case .numbers(let values): .list(values.map { ParameterValue.number($0).tree })
        }
    }
}

extension ParameterValue: CustomStringConvertible {
    /// The value as JSON, e.g. `0.5`, `"total"`, `[0.5,0.5]`.
    public var description: String { tree.compactText }
}

extension ParameterValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    /// A word.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A flag.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list of numbers.
    public init(arrayLiteral elements: Double...) { self = .numbers(elements) }
}

extension ParameterValue: Codable {
    /// Reads a string, number, bool or list of numbers; anything else is a `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Bool comes first and strings last: YAML decoders read any scalar as a string.
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let values = try? container.decode([Double].self) {
            self = .numbers(values)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Writes the bare value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .numbers(let values): try container.encode(values)
        }
    }
}

/// The hyper-parameters of a method by name.
public struct MethodParameters: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// The values by name.
    public var values: [String: ParameterValue]
    /// Names that are not written down, since earlier runs of the method with these very values do not have them.
    var unwritten: Set<String> = []
    /// The values that say, in records and hashes, what the method was.
    public var written: [String: ParameterValue] { values.filter { !unwritten.contains($0.key) } }

    /// Parameters from a dictionary, as a profile gives them.
    public init(_ values: [String: ParameterValue] = [:]) { self.values = values }

    /// Parameters from a literal; of a name given twice the last value counts.
    public init(dictionaryLiteral elements: (String, ParameterValue)...) {
        values = Dictionary(elements) { $1 }
    }

    /// The parameters as one line of JSON with sorted keys: equal parameters give equal text.
    public var json: String { JSONTree.object(written.mapValues(\.tree)).compactText }

    /// A whole number.
    ///
    /// - Throws: `MergeError` with `badParameter` if the parameter is missing or of another type; so do the others.
    public func integer(_ name: String) throws(MergeError) -> Int {
        guard case .number(let value)? = values[name], let whole = Int(exactly: value) else {
            throw mistyped(name, "a whole number")
        }
        return whole
    }

    /// A number.
    public func number(_ name: String) throws(MergeError) -> Double {
        guard case .number(let value)? = values[name] else { throw mistyped(name, "a number") }
        return value
    }

    /// A word.
    public func string(_ name: String) throws(MergeError) -> String {
        guard case .string(let value)? = values[name] else { throw mistyped(name, "a string") }
        return value
    }

    /// A flag.
    public func flag(_ name: String) throws(MergeError) -> Bool {
        guard case .bool(let value)? = values[name] else { throw mistyped(name, "true or false") }
        return value
    }

    /// A list of numbers.
    public func numbers(_ name: String) throws(MergeError) -> [Double] {
        guard case .numbers(let value)? = values[name] else { throw mistyped(name, "a list of numbers") }
        return value
    }

    private func mistyped(_ name: String, _ expected: String) -> MergeError {
        let found = values[name].map { "it is \($0)" } ?? "it is missing"
        return MergeError(.badParameter, "\(expected) is needed, but \(found)", key: name)
    }
}
