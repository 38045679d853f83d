/// Packs bytes as gzip without making them smaller, for tests of packed files.
enum GzipBytes {
    /// A gzip file of the bytes, in stored blocks (RFC 1951, 3.2.4) with the sum and length at its end (RFC 1952).
    static func packing(_ bytes: [UInt8]) -> [UInt8] {
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        for start in stride(from: 0, to: max(1, bytes.count), by: 0xFFFF) {
            let block = bytes[start..<min(start + 0xFFFF, bytes.count)]
            let size = UInt16(block.count)
            file.append(block.endIndex == bytes.count ? 1 : 0)
            file += littleEndian(size) + littleEndian(~size) + block
        }
        return file + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}
