/// Turns stored blocks into floats, to the last bit as the reference implementation does.
///
/// A product of a half-precision scale (11 significant bits), a block's scale (8 at most) and a quantum (5) fits the 24
/// bits of a float, so products are exact in any order; where a minimum is added or taken away, that alone rounds.
///
/// Blocks are little-endian and follow one another. Whole numbers (F32, F16, BF16) are read here, blocks of 32 elements
/// in `Dequantization+Legacy.swift`, blocks of 256 in `Dequantization+K.swift`; each gives its layout.
///
/// Source: the block formats of ggml.
@unsafe
enum Dequantization {
    /// Decodes all of `source`, a whole number of blocks of a readable type, into the start of `target`.
    static func decode(
        _ type: GGUFType, _ source: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
    ) {
        let blocks = source.count / type.bytesPerBlock
        precondition(target.count >= blocks * type.blockSize, "no room for \(blocks) blocks of \(type)")
        guard let input = source.baseAddress, let output = target.baseAddress else { return }
        switch type {
        case .f32: unsafe decodeF32(input, blocks, output)
        case .f16: unsafe decodeF16(input, blocks, output)
        case .bf16: unsafe decodeBF16(input, blocks, output)
        case .q4_0: unsafe decodeQ4_0(input, blocks, output)
        case .q4_1: unsafe decodeQ4_1(input, blocks, output)
        case .q5_0: unsafe decodeQ5_0(input, blocks, output)
        case .q5_1: unsafe decodeQ5_1(input, blocks, output)
        case .q8_0: unsafe decodeQ8_0(input, blocks, output)
        case .q2_K: unsafe decodeQ2_K(input, blocks, output)
        case .q3_K: unsafe decodeQ3_K(input, blocks, output)
        case .q4_K: unsafe decodeQ4_K(input, blocks, output)
        case .q5_K: unsafe decodeQ5_K(input, blocks, output)
        case .q6_K: unsafe decodeQ6_K(input, blocks, output)
        default: preconditionFailure("\(type) is not a readable type")
        }
    }

    /// The float of a half-precision bit pattern, exactly.
    ///
    /// `Float16` does not exist on Intel Macs, and without F16C each conversion would be a call; this vectorises.
    @inline(__always)
    static func float(half bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7FFF)
        let sign = UInt32(bits & 0x8000) << 16
        // Exponent bias 15 becomes 127. An exponent of all ones (infinity, not a number) stays all ones.
        let bias: UInt32 = magnitude >= 0x7C00 ? (255 - 31) << 23 : (127 - 15) << 23
        let normal = (magnitude << 13) &+ bias
        // Exponent 0: the fraction counts units of 2⁻²⁴.
        let subnormal = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
        return Float(bitPattern: (magnitude < 0x0400 ? subnormal : normal) | sign)
    }

    /// The float of the half that lies `offset` bytes after `input`.
    @inline(__always)
    static func half(_ input: UnsafeRawPointer, _ offset: Int) -> Float {
        unsafe float(half: UInt16(littleEndian: input.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }

    private static func decodeF32(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            let bits = unsafe UInt32(littleEndian: input.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            unsafe output[index] = Float(bitPattern: bits)
        }
    }

    private static func decodeF16(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        for index in 0..<count { unsafe output[index] = half(input, index * 2) }
    }

    private static func decodeBF16(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            let bits = unsafe UInt16(littleEndian: input.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            unsafe output[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    }
}
