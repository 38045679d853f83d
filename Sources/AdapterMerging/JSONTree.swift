import Foundation
import ModelEngine
import TextSafety

/// A JSON value read from, or to be written to, a small configuration file.
///
/// Written text has its keys sorted and numbers in the fewest digits that read back, so equal values give equal bytes
/// on every platform. (Foundation's own encoder lays out empty lists differently on Linux and macOS.)
enum JSONTree: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([JSONTree])
    case object([String: JSONTree])

    private struct Endless: Error {}

    /// Parses UTF-8 bytes.
    ///
    /// - Throws: Foundation's `DecodingError`; something else for thousands of escapes, or of accents on one character,
    ///   which would make a key that takes hours to be hashed.
    init(parsing data: Data) throws {
        guard !String(decoding: data, as: UTF8.self).hasEndlessMarks,
            zip(data, data.dropFirst()).count(where: { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "u") }) <= 1 << 12
        else { throw Endless() }
        self = try JSONDecoder().decode(JSONTree.self, from: data)
    }

    /// Whether the value switches nothing on: null, false, or an empty list, object or string.
    var isAbsent: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .number: false
        case .string(let value): value.isEmpty
        case .list(let values): values.isEmpty
        case .object(let members): members.isEmpty
        }
    }

    /// The value on one line, without spaces.
    var compactText: String { text(indentation: nil) }

    /// The value over several lines, two spaces a level, ending with a line feed.
    var prettyText: String { text(indentation: 0) + "\n" }

    private func text(indentation: Int?) -> String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): Self.digits(value)
        case .string(let value): Self.quoted(value)
        case .list(let values):
            Self.enclose(values.map { $0.text(indentation: indentation.map { $0 + 1 }) }, "[", "]", indentation)
        case .object(let members):
            Self.enclose(
                members.keys.sorted().map { key in
                    Self.quoted(key) + (indentation == nil ? ":" : ": ")
                        + (members[key] ?? .null).text(indentation: indentation.map { $0 + 1 })
                }, "{", "}", indentation)
        }
    }

    private static func enclose(_ items: [String], _ open: String, _ close: String, _ indentation: Int?) -> String {
        guard !items.isEmpty else { return open + close }
        guard let indentation else { return open + items.joined(separator: ",") + close }
        let inner = "\n" + String(repeating: "  ", count: indentation + 1)
        let outer = "\n" + String(repeating: "  ", count: indentation)
        return open + inner + items.joined(separator: "," + inner) + outer + close
    }

    /// `8` rather than `8.0`: PEFT's `r` must be an integer.
    private static func digits(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONTree: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let values = try? container.decode([JSONTree].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }
}
