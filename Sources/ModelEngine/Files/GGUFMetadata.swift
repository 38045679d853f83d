/// One metadata value of a GGUF file; the widths of the numbers are forgotten.
public enum GGUFValue: Sendable, Equatable {
    /// An unsigned integer of 8 to 64 bits.
    case unsigned(UInt64)
    /// A signed integer of 8 to 64 bits.
    case signed(Int64)
    /// A number of 32 or 64 bits.
    case float(Double)
    /// True or false.
    case bool(Bool)
    /// Bytes that are not UTF-8 have become U+FFFD.
    case string(String)
    /// Values of one type, possibly arrays themselves.
    case array([GGUFValue])

    fileprivate var kind: String {
        switch self {
        case .unsigned(let value): "the unsigned integer \(value)"
        case .signed(let value): "the integer \(value)"
        case .float(let value): "the number \(value)"
        case .bool(let value): "the truth value \(value)"
        case .string: "a string"
        case .array(let values): "an array of \(values.count) values"
        }
    }

    fileprivate var int: Int? {
        switch self {
        case .unsigned(let value): Int(exactly: value)
        case .signed(let value): Int(exactly: value)
        default: nil
        }
    }

    fileprivate var float: Float? {
        switch self {
        case .unsigned(let value): Float(value)
        case .signed(let value): Float(value)
        case .float(let value): Float(value)
        default: nil
        }
    }

    fileprivate var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
}

/// The metadata of a GGUF file by key, with typed access whose errors name the key.
///
/// Each accessor has a form with a `default`, taken only when the key is absent: a value of the wrong type is an error
/// in both.
public struct GGUFMetadata: Sendable {
    /// Path of the file, for messages.
    public let file: String
    /// Every value by its key.
    public internal(set) var values: [String: GGUFValue] = [:]
    /// Where in the file each value begins, in bytes.
    var offsets: [String: Int] = [:]

    init(file: String) { self.file = file }

    /// The value of a key, whatever its type.
    public subscript(key: String) -> GGUFValue? { values[key] }

    /// The text of a key.
    public func string(_ key: String, default fallback: String? = nil) throws(ModelError) -> String {
        try read(key, "a string", fallback) { $0.string }
    }

    /// The integer of a key, of any stored width.
    public func int(_ key: String, default fallback: Int? = nil) throws(ModelError) -> Int {
        try read(key, "an integer", fallback) { $0.int }
    }

    /// The number of a key; an integer will do.
    public func float(_ key: String, default fallback: Float? = nil) throws(ModelError) -> Float {
        try read(key, "a number", fallback) { $0.float }
    }

    /// The truth value of a key.
    public func bool(_ key: String, default fallback: Bool? = nil) throws(ModelError) -> Bool {
        try read(key, "true or false", fallback) { $0.bool }
    }

    /// The array of texts of a key.
    public func strings(_ key: String, default fallback: [String]? = nil) throws(ModelError) -> [String] {
        try read(key, "an array of strings", fallback) { Self.all($0) { $0.string } }
    }

    /// The array of integers of a key.
    public func ints(_ key: String, default fallback: [Int]? = nil) throws(ModelError) -> [Int] {
        try read(key, "an array of integers", fallback) { Self.all($0) { $0.int } }
    }

    /// The array of numbers of a key.
    public func floats(_ key: String, default fallback: [Float]? = nil) throws(ModelError) -> [Float] {
        try read(key, "an array of numbers", fallback) { Self.all($0) { $0.float } }
    }

    private static func all<Value>(_ value: GGUFValue, _ convert: (GGUFValue) -> Value?) -> [Value]? {
        guard case .array(let elements) = value else { return nil }
        let converted = elements.compactMap(convert)
        return converted.count == elements.count ? converted : nil
    }

    private func read<Value>(
        _ key: String, _ expected: String, _ fallback: Value?, _ convert: (GGUFValue) -> Value?
    ) throws(ModelError) -> Value {
        guard let value = values[key] else {
            if let fallback { return fallback }
            throw ModelError.damaged(
                .missingKey, "the file lacks this key, which must be \(expected)", file: file, key: key)
        }
        guard let converted = convert(value) else {
            throw ModelError.damaged(
                .badValue, "expected \(expected), found \(value.kind)", file: file, key: key, offset: offsets[key])
        }
        return converted
    }
}
