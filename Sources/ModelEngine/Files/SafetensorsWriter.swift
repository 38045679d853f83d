import Foundation

/// Writes safetensors files of 32-bit floats.
///
/// The same tensors and metadata give the same bytes: names and keys are sorted by their UTF-8. The header is padded
/// with blanks so that the data begins at a multiple of 8 bytes.
public enum SafetensorsWriter {
    /// Writes a file beside its place, makes it durable, and renames it, so that a file of this name is always whole.
    ///
    /// - Parameters:
    ///   - tensors: Names, lengths of the dimensions, and elements, rows after one another.
    ///   - metadata: Texts for `__metadata__`; `format` = `pt` is what Python's libraries expect.
    ///   - url: The file; one that is there is replaced.
    /// - Precondition: Every tensor has as many elements as its shape says.
    /// - Throws: `badFormat` for a name that is empty, reserved or used twice; `unwritableFile`.
    public static func write(
        _ tensors: [(name: String, shape: [Int], values: [Float])], metadata: [String: String] = ["format": "pt"],
        to url: URL
    ) throws(ModelError) {
        let path = url.path(percentEncoded: false)
        let sorted = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (index, tensor) in sorted.enumerated() {
            precondition(
                tensor.shape.reduce(1, *) == tensor.values.count,
                "\(tensor.name) does not have the shape \(tensor.shape)")
            guard !tensor.name.isEmpty, tensor.name != "__metadata__" else {
                throw ModelError(.badFormat, "a tensor cannot be named '\(tensor.name)'", file: path)
            }
            guard index == 0 || sorted[index - 1].name != tensor.name else {
                throw ModelError(.badFormat, "two tensors have this name", file: path, tensor: tensor.name)
            }
        }
        let file = try AtomicFile(at: url)
        try file.append(header(sorted, metadata))
        for tensor in sorted { try file.append(tensor.values.littleEndianBytes) }
        try file.finish()
    }

    private static func header(
        _ tensors: [(name: String, shape: [Int], values: [Float])], _ metadata: [String: String]
    ) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { "\(quoted($0.key)):\(quoted($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in tensors {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let end = offset + tensor.values.count * 4
            members.append(
                "\(quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var json = Array("{\(members.joined(separator: ","))}".utf8)
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        return unsafe withUnsafeBytes(of: UInt64(json.count).littleEndian) { unsafe [UInt8]($0) } + json
    }

    /// A JSON string: quotation mark, backslash and control characters escaped.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
