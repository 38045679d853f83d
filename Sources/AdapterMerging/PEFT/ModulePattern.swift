/// A key of PEFT's `rank_pattern` or `alpha_pattern`: a regular expression for the end of a module's path.
///
/// It matches a path as Python's `re.match(rf"(.*\.)?({key})$", path)` does, so `q_proj` and
/// `layers.0.self_attn.q_proj` match `model.layers.0.self_attn.q_proj`.
///
/// Source: PEFT 0.21.2, `get_pattern_key`.
struct ModulePattern {
    private let key: [UInt8]
    private let expression: ModuleExpression?

    /// - Parameters:
    ///   - option: the key of the configuration that it stands under, for errors.
    ///   - time: what all expressions of the configuration take.
    /// - Throws: the compiler of regular expressions, if the key is not one.
    init(_ key: String, option: String, time: MatchingTime) throws {
        self.key = Array(key.utf8)
        // Nearly all keys are plain paths; comparing those directly keeps 210 layers × 210 keys fast.
        let isPlain = key.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
            default: false
            }
        }
        expression = isPlain ? nil : try ModuleExpression("(?:.*\\.)?(?:\(key))", option: option, time: time)
    }

    /// - Throws: `MergeError.unsupportedOption` for an expression that takes too long.
    func matches(_ path: String) throws(MergeError) -> Bool {
        if let expression { return try expression.matches(path) }
        let bytes = Array(path.utf8)
        guard bytes.count >= key.count else { return false }
        let start = bytes.count - key.count
        guard start == 0 || bytes[start - 1] == UInt8(ascii: ".") else { return false }
        // A dot stands for any character, as in the regular expression that the key is.
        return zip(key, bytes[start...]).allSatisfy { $0 == UInt8(ascii: ".") || $0 == $1 }
    }
}

/// Values of `rank_pattern` or `alpha_pattern` for the modules they name.
struct PatternTable {
    private let entries: [(key: String, pattern: ModulePattern, value: Double)]

    init(_ entries: [(key: String, pattern: ModulePattern, value: Double)]) { self.entries = entries }

    /// The value for a module, or `nil` if no key matches it.
    ///
    /// PEFT takes the first key in the order of the file. A JSON object's order is not kept here, so keys that match
    /// one module with different values are refused.
    func value(for path: String, option: String) throws(MergeError) -> Double? {
        var found: (key: String, value: Double)?
        for entry in entries {
            guard try entry.pattern.matches(path) else { continue }
            if let first = found, first.value != entry.value {
                throw MergeError(
                    .badAdapter,
                    "its keys '\(first.key)' and '\(entry.key)' both match \(path) with different values; "
                        + "make them exclusive",
                    key: option)
            }
            found = found ?? (entry.key, entry.value)
        }
        return found?.value
    }
}
