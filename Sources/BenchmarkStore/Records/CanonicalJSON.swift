import Foundation

/// JSON text that is the same for equal values: sorted keys, no blanks, slashes as they are.
///
/// The JSON columns (`manifest`, `parameters`, `recipe`, `machine`, `decoding`) hold such text; natural keys such as
/// a method's name and parameters rely on it.
public enum CanonicalJSON {
    /// The canonical text of a value.
    ///
    /// - Throws: `EncodingError` for what JSON cannot hold, such as a number that is not finite.
    public static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder().encode(value), as: UTF8.self)
    }

    /// Reads a value back from a JSON column.
    ///
    /// - Throws: `StoreError` with code `.internalFault` when the text is not JSON or has another shape.
    public static func value<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw StoreError(
                .internalFault, "a stored value cannot be read (\(error)); was it changed by another program?")
        }
    }

    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
