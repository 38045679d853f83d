/// What exactly a number measures: the metric's name and every choice that changes its value.
///
/// Written in sacreBLEU's grammar, `name|key:value|…|version:…`, with the version last:
/// `rougeL|nrefs:var|multi:best|case:fold|norm:nfc|tok:unicode|stem:none|version:braid-2`.
/// Numbers of different signatures are never compared.
public struct MetricSignature: Hashable, Sendable, CustomStringConvertible {
    /// One `key:value` of a signature.
    public struct Field: Hashable, Sendable {
        /// The choice, such as `tok`.
        public let key: String
        /// What was chosen, such as `13a`.
        public let value: String

        /// A choice and what was chosen.
        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The version of the metrics that have not changed since the first; one whose scores could differ has its own.
    public static let currentVersion = "braid-1"

    /// The metric's name, such as `rougeL` or `chrF2++`.
    public let name: String
    /// The choices in their fixed order, without the version.
    public let fields: [Field]
    /// The program that computed the number, and its version.
    public let version: String

    /// A signature from its parts.
    public init(name: String, fields: [Field], version: String = MetricSignature.currentVersion) {
        self.name = name
        self.fields = fields
        self.version = version
    }

    /// Reads a signature from its text, as stored with a score or brought in from elsewhere.
    ///
    /// - Throws: `TextMetricsError.badSignature` where the text does not follow the grammar.
    public init(parsing text: String) throws(TextMetricsError) {
        var parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let name = parts.removeFirst()
        guard !name.isEmpty, !name.contains(":") else {
            throw TextMetricsError(
                .badSignature, "a signature starts with the metric's name, then |key:value…", key: text)
        }
        var fields: [Field] = []
        for part in parts {
            guard let colon = part.firstIndex(of: ":"), colon != part.startIndex else {
                throw TextMetricsError(.badSignature, "'\(part)' is not key:value", key: text)
            }
            let field = Field(String(part[..<colon]), String(part[part.index(after: colon)...]))
            guard !field.value.isEmpty, !fields.contains(where: { $0.key == field.key }) else {
                throw TextMetricsError(.badSignature, "'\(field.key)' has no value or comes twice", key: text)
            }
            fields.append(field)
        }
        guard let version = fields.popLast(), version.key == "version" else {
            throw TextMetricsError(
                .badSignature, "a signature ends with |version:…; add the scorer's version", key: text)
        }
        self.init(name: name, fields: fields, version: version.value)
    }

    /// The value of a field, nil where the signature has none of that key.
    public subscript(key key: String) -> String? {
        key == "version" ? version : fields.first { $0.key == key }?.value
    }

    /// The signature as text.
    public var description: String {
        ([name] + fields.map { "\($0.key):\($0.value)" } + ["version:\(version)"]).joined(separator: "|")
    }
}

/// How many references a score was taken against, as signatures print it.
public enum ReferenceCount: Hashable, Sendable, CustomStringConvertible {
    /// The same number for every text.
    case fixed(Int)
    /// Some texts have more references than others.
    case variable

    /// The count that describes these texts' references: fixed where all have equally many.
    public init(of references: [[String]]) {
        let counts = Set(references.map(\.count))
        self = if let only = counts.first, counts.count == 1 { .fixed(only) } else { .variable }
    }

    /// The number, or `var`.
    public var description: String {
        switch self {
        case .fixed(let count): String(count)
        case .variable: "var"
        }
    }
}
