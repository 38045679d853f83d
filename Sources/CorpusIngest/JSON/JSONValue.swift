/// A parsed JSON value that keeps the order of its keys.
///
/// Corpus records are decoded from this rather than by `Codable`, because a reader of hand-written files must say which
/// keys it did not know, list every fault of a record and not only the first, and name the column of a syntax error.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number, as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// What to call the value in a message: "a string", "a list" and so on.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// One key of a JSON object with its value.
package struct JSONMember: Equatable, Sendable {
    /// The key, with escapes resolved.
    package let key: String
    /// The value.
    package let value: JSONValue

    /// A key with its value.
    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    /// What is wrong and what was expected.
    package let message: String
    /// The line inside the parsed bytes, from 1.
    package let line: Int
    /// The column in that line, in Unicode scalars, from 1.
    package let column: Int

    /// `line:column: message`.
    package var description: String { "\(line):\(column): \(message)" }
}
