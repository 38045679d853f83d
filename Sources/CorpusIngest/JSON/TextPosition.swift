/// A place in a text: line and column, both from 1, the column in Unicode scalars.
package struct TextPosition: Equatable, Sendable {
    /// The line, from 1.
    package let line: Int
    /// The column, in Unicode scalars, from 1.
    package let column: Int

    /// The place of the byte at `offset` of UTF-8 `bytes`.
    ///
    /// - Complexity: O(offset); only errors ask for it.
    package init(of offset: Int, in bytes: ArraySlice<UInt8>) {
        let before = bytes[bytes.startIndex..<min(offset, bytes.endIndex)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.startIndex
        line = 1 + before.count { $0 == 0x0A }
        // Continuation bytes (10xxxxxx) belong to the scalar before them.
        column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
    }
}

extension ArraySlice<UInt8> {
    /// Where the first byte stands that is not UTF-8, or nil where all are.
    package var firstInvalidUTF8: Int? {
        // The standard library's validation is many times faster, but does not say where.
        let isValid = withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
        return isValid ? nil : placeOfInvalidUTF8
    }

    private var placeOfInvalidUTF8: Int? {
        var decoder = UTF8()
        var iterator = makeIterator()
        var offset = startIndex
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
