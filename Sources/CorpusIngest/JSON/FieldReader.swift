import BenchmarkStore
import TextSafety

/// A JSON object with the path of keys that leads to it.
struct JSONObject {
    /// The keys and values, in the order of the file.
    let members: [JSONMember]
    /// The path from the record's top, such as `summary.translations`; empty at the top.
    let path: String

    /// The path of one of its keys.
    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key.
    subscript(key: String) -> JSONValue? { members.first { $0.key == key }?.value }
}

/// Takes typed values out of JSON and notes every fault with file, line and key path, so that all are reported at once.
struct FieldReader {
    /// The file, relative to the corpus's folder.
    let file: String
    /// The line of the record; nil for a file that is one value, or whose records are no lines.
    let line: Int?
    /// The record's place in the file, from 1; nil for a file that is one value.
    let number: Int?
    /// Whether oddities of a text, such as control characters, are errors: they are in files that we wrote ourselves.
    let isStrict: Bool
    /// The record's id, once it is known.
    var record: String?
    /// What was found wrong so far.
    private(set) var problems: [CorpusProblem] = []
    /// What was found odd or was changed so far.
    private(set) var irregularities: [Irregularity] = []

    /// A reader of the record at a place.
    init(file: String, line: Int? = nil, number: Int? = nil, isStrict: Bool = true) {
        self.file = file
        self.line = line
        self.number = number ?? line
        self.isStrict = isStrict
    }

    /// Whether nothing found so far keeps the record out.
    var isSound: Bool { !problems.contains { $0.severity == .error } }

    /// Notes a fault of the value at a key path.
    mutating func note(
        _ code: CorpusProblem.Code, _ severity: CorpusProblem.Severity = .error, at key: String, _ message: String
    ) {
        problems.append(
            CorpusProblem(
                code, severity, file: file, line: line, number: number, record: record, key: key, message: message))
    }

    /// Notes a fault at a line and column of the record that is read.
    mutating func note(_ code: CorpusProblem.Code, line: Int, column: Int, _ message: String) {
        problems.append(
            CorpusProblem(
                code, file: file, line: line, number: number, column: column, record: record, message: message))
    }

    /// Notes an irregularity of the record, once.
    mutating func note(_ irregularity: Irregularity) {
        if !irregularities.contains(irregularity) { irregularities.append(irregularity) }
    }

    /// The object itself, where the value is one.
    mutating func object(_ value: JSONValue, at path: String) -> JSONObject? {
        if case .object(let members) = value { return JSONObject(members: members, path: path) }
        note(.wrongType, at: path, "\(path.isEmpty ? "the line" : path) is \(value.kindName): it must be an object")
        return nil
    }

    /// The object under a required key.
    mutating func object(_ key: String, of parent: JSONObject) -> JSONObject? {
        guard let value = required(key, of: parent) else { return nil }
        return object(value, at: parent.path(of: key))
    }

    /// The list under a required key.
    mutating func list(_ key: String, of parent: JSONObject) -> [JSONValue]? {
        guard let value = required(key, of: parent) else { return nil }
        if case .array(let values) = value { return values }
        let path = parent.path(of: key)
        note(.wrongType, at: path, "\(path) is \(value.kindName): it must be a list")
        return nil
    }

    /// The cleaned text under a required key; an empty one is a fault, and so are marks of a wrong conversion.
    mutating func text(_ key: String, of parent: JSONObject, oneLine: Bool = false) -> String? {
        guard let value = required(key, of: parent) else { return nil }
        let path = parent.path(of: key)
        guard case .string(let raw) = value else {
            note(.wrongType, at: path, "\(path) is \(value.kindName): it must be a string")
            return nil
        }
        return cleaned(raw, at: path, oneLine: oneLine)
    }

    /// A text in normal form, with what had to be changed noted; nil, and a fault, where nothing is left.
    mutating func cleaned(_ raw: String, at path: @autoclosure () -> String, oneLine: Bool = false) -> String? {
        guard let text = tidied(raw, at: path()) else { return nil }
        guard !text.isEmpty else {
            note(.empty, at: path(), "\(path()) is empty: write it or take the record out")
            return nil
        }
        return isSound(text, at: path(), oneLine: oneLine) ? text : nil
    }

    /// A text in normal form, with what had to be changed noted; nil where nothing is left, which is no fault.
    mutating func optional(_ raw: String, at path: @autoclosure () -> String, oneLine: Bool = false) -> String? {
        guard let text = tidied(raw, at: path()) else { return nil }
        return !text.isEmpty && isSound(text, at: path(), oneLine: oneLine) ? text : nil
    }

    private mutating func tidied(_ raw: String, at path: @autoclosure () -> String) -> String? {
        guard !raw.hasEndlessMarks else {
            note(.badValue, at: path(), "\(path()): \(CorpusText.endlessMarks)")
            return nil
        }
        let (text, changes) = CorpusText.cleanedWithChanges(raw)
        if changes.contains(.outerBlanks) { note(.outerBlanks) }
        if changes.contains(.lineEnds) { note(.lineEnds) }
        if changes.contains(.normalForm) { note(.normalForm) }
        return text
    }

    /// Looks for characters that no text should hold; faults in strict files, irregularities elsewhere.
    private mutating func isSound(_ text: String, at path: @autoclosure () -> String, oneLine: Bool) -> Bool {
        if text.isPrintableASCII { return true }
        for scalar in text.unicodeScalars where scalar.value < 0x20 || scalar.value >= 0x7F {
            switch scalar.value {
            case 0x0A where !oneLine, 0x09: continue
            case 0x0A:
                guard isStrict else {
                    note(.lineBreak)
                    continue
                }
                note(.badValue, at: path(), "\(path()) has a line break: it must be one line")
                return false
            case ..<0x20, 0x7F:
                guard isStrict else {
                    note(.controlCharacter)
                    continue
                }
                note(.encoding, at: path(), "\(path()) holds the control character \(scalar.hexName): take it out")
                return false
            case 0xFEFF, 0xFFFD:
                guard isStrict else {
                    note(.wrongConversion)
                    continue
                }
                note(
                    .encoding, at: path(),
                    "\(path()) holds \(scalar.hexName), the trace of a wrong conversion: restore the text")
                return false
            case 0xAD, 0x200B, 0x200C, 0x200D: if !isStrict { note(.zeroWidth) }
            default: continue
            }
        }
        return true
    }

    /// Warns of every key that means nothing here.
    mutating func noteUnknownKeys(of object: JSONObject, known: [String]) {
        for member in object.members where !known.contains(member.key) {
            let path = object.path(of: member.key)
            note(.unknownKey, .warning, at: path, "\(path) is not a key of this format: it is ignored")
        }
    }

    /// The value under a key that must be there.
    mutating func required(_ key: String, of parent: JSONObject) -> JSONValue? {
        if let value = parent[key] { return value }
        let whole = parent.path.isEmpty ? (number == nil ? "the manifest" : "the record") : parent.path
        note(.missingKey, at: parent.path(of: key), "\(whole) lacks \"\(key)\": add it")
        return nil
    }
}

extension String {
    /// Whether there is nothing but ASCII from blank to tilde, which needs no closer look.
    fileprivate var isPrintableASCII: Bool {
        var text = self
        return text.withUTF8 { bytes in
            // Without an early end the loop is vectorised.
            var odd: UInt8 = 0
            for byte in bytes { odd |= byte &- 0x20 >= 0x5F ? 1 : 0 }
            return odd == 0
        }
    }
}

extension Unicode.Scalar {
    /// The scalar's number as Unicode writes it, such as `U+FFFD`.
    var hexName: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
