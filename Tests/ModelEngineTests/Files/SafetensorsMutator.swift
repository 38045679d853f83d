import TestSupport

/// Makes damaged safetensors files: a whole one changed in its header's structure, its text, its bytes, or its length.
struct SafetensorsMutator {
    private var bytes: Mutator

    init(_ mutator: Mutator) { bytes = mutator }

    private struct Entry {
        var name: String
        var dtype: String
        var shape: [String]
        var offsets: [String]
        var more = ""

        var json: String {
            "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":[\(shape.joined(separator: ","))],"
                + "\"data_offsets\":[\(offsets.joined(separator: ","))]\(more)}"
        }
    }

    private static let whole: (entries: [Entry], dataSize: Int) = {
        var entries: [Entry] = []
        var end = 0
        let widths = [("F32", 4), ("F16", 2), ("BF16", 2), ("U8", 1), ("BOOL", 1), ("I64", 8), ("F64", 8)]
        for (index, (dtype, width)) in widths.enumerated() {
            let start = end
            end += (index + 2) * 3 * width
            entries.append(
                Entry(name: "m.\(dtype)", dtype: dtype, shape: ["\(index + 2)", "3"], offsets: ["\(start)", "\(end)"]))
        }
        return (entries, end)
    }()

    /// A file with one to a few changes.
    mutating func file() -> [UInt8] {
        var entries = Self.whole.entries
        let structural = below(4)
        for _ in 0..<structural { change(&entries) }
        let metadata = ["\"__metadata__\":{\"format\":\"pt\"},", "", "\"__metadata__\":{},"][below(3)]
        var text = Array("{\(metadata)\(entries.map(\.json).joined(separator: ","))}".utf8)
        let textual = below(8) < 2 ? 1 + below(2) : 0
        for _ in 0..<textual { bytes.splice(&text, Self.fragments) }
        if below(4) == 0 { text += [UInt8](repeating: 0x20, count: below(9)) }
        let length = below(12) == 0 ? [0, 1, UInt64(text.count - 1), 1 << 20, 1 << 32, 1 << 63, .max][below(7)] : nil
        var file = withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { [UInt8]($0) } + text
        for index in 0..<Self.whole.dataSize { file.append(UInt8(truncatingIfNeeded: index &* 37)) }
        let untouched = structural == 0 && textual == 0 && length == nil
        for _ in 0..<(untouched ? 1 : below(8) / 6) { bytes.mutate(&file, numbers: [0..<8]) }
        return file
    }

    private mutating func change(_ entries: inout [Entry]) {
        guard !entries.isEmpty else { return }
        let index = below(entries.count)
        switch below(9) {
        case 0: entries.append(entries[index])
        case 1: entries.remove(at: index)
        case 2: entries[index].name = ["", "__metadata__", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "a\\nb"][below(6)]
        case 3: entries[index].dtype = ["F32", "F16", "U8", "F4", "", "\\\"", "I32"][below(7)]
        case 4: entries[index].shape = (0..<below(below(6) == 0 ? 80 : 4)).map { _ in number() }
        case 5: entries[index].offsets = (0..<below(4)).map { _ in number() }
        case 6: entries[index].offsets = entries[below(entries.count)].offsets
        case 7: entries.swapAt(index, below(entries.count))
        default: entries[index].more = "," + [nested(), "\"note\":null", "\"shape\":[1]", "\"x\":-1.5e3"][below(4)]
        }
    }

    private mutating func nested() -> String {
        let (open, close) = [("[", "]"), ("{\"a\":", "}")][below(2)]
        return "\"deep\":" + bytes.nest(open, close, around: "0")
    }

    private mutating func number() -> String { bytes.number() }

    /// Fragments of JSON, or what is none.
    private static let fragments = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u12", "null", "\u{0}", "\n", "-", "1e999",
        "\"__metadata__\":{\"a\":1},",
        "\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"},", "é", "",
    ]

    private mutating func below(_ bound: Int) -> Int { bytes.below(bound) }
}
