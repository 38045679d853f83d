/// JSON whose objects keep the order of the query's columns, which `JSONEncoder` cannot do.
enum JSONWriter {
    static func array(_ result: QueryResult) -> String {
        let objects = objects(result)
        return objects.isEmpty ? "[]\n" : "[\n" + objects.map { "  " + $0 }.joined(separator: ",\n") + "\n]\n"
    }

    static func lines(_ result: QueryResult) -> String {
        objects(result).map { $0 + "\n" }.joined()
    }

    private static func objects(_ result: QueryResult) -> [String] {
        let keys = uniqueKeys(result.columns).map(string)
        return result.rows.map { row in
            "{" + zip(keys, row).map { $0 + ":" + text($1) }.joined(separator: ",") + "}"
        }
    }

    /// A key that repeats gets a number, since readers keep only one of equal keys.
    private static func uniqueKeys(_ columns: [String]) -> [String] {
        var keys: [String] = []
        var seen = Set(columns)
        var used: Set<String> = []
        for column in columns {
            var key = column
            var number = 2
            while used.contains(key) || (key != column && seen.contains(key)) {
                key = "\(column)_\(number)"
                number += 1
            }
            used.insert(key)
            seen.insert(key)
            keys.append(key)
        }
        return keys
    }

    private static func text(_ value: QueryValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let integer): String(integer)
        case .real(let real): real.isFinite ? String(real) : "null"
        case .text, .blob: string(value.exactText ?? "")
        }
    }

    // RFC 8259, section 7; U+2028 and U+2029 are escaped too, since some readers take them for line breaks.
    private static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
