/// How GGUF stores a tensor's elements: blocks of a fixed number of elements in a fixed number of bytes.
///
/// Source: the type table of the GGUF specification (ggml). Raw values are the numbers in the file.
public enum GGUFType: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q8_1 = 9
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case q8_K = 15
    case iq2_XXS = 16
    case iq2_XS = 17
    case iq3_XXS = 18
    case iq1_S = 19
    case iq4_NL = 20
    case iq3_S = 21
    case iq2_S = 22
    case iq4_XS = 23
    case i8 = 24
    case i16 = 25
    case i32 = 26
    case i64 = 27
    case f64 = 28
    case iq1_M = 29
    case bf16 = 30
    case tq1_0 = 34
    case tq2_0 = 35
    case mxfp4 = 39
    case nvfp4 = 40

    /// The specification's name, such as `Q4_1`.
    public var description: String { String(describing: layout.name) }

    /// Elements in one block; a row holds a whole number of blocks.
    public var blockSize: Int { layout.elements }

    /// Bytes of one block.
    public var bytesPerBlock: Int { layout.bytes }

    /// Whether `GGUFFile` can turn the elements into floats.
    public var isReadable: Bool {
        switch self {
        case .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q2_K, .q3_K, .q4_K, .q5_K, .q6_K: true
        default: false
        }
    }

    /// The types that `GGUFFile` turns into floats.
    public static let readable: [GGUFType] = allCases.filter(\.isReadable)

    private var layout: (name: String, elements: Int, bytes: Int) {
        switch self {
        case .f32: ("F32", 1, 4)
        case .f16: ("F16", 1, 2)
        case .q4_0: ("Q4_0", 32, 18)
        case .q4_1: ("Q4_1", 32, 20)
        case .q5_0: ("Q5_0", 32, 22)
        case .q5_1: ("Q5_1", 32, 24)
        case .q8_0: ("Q8_0", 32, 34)
        case .q8_1: ("Q8_1", 32, 36)
        case .q2_K: ("Q2_K", 256, 84)
        case .q3_K: ("Q3_K", 256, 110)
        case .q4_K: ("Q4_K", 256, 144)
        case .q5_K: ("Q5_K", 256, 176)
        case .q6_K: ("Q6_K", 256, 210)
        case .q8_K: ("Q8_K", 256, 292)
        case .iq2_XXS: ("IQ2_XXS", 256, 66)
        case .iq2_XS: ("IQ2_XS", 256, 74)
        case .iq3_XXS: ("IQ3_XXS", 256, 98)
        case .iq1_S: ("IQ1_S", 256, 50)
        case .iq4_NL: ("IQ4_NL", 32, 18)
        case .iq3_S: ("IQ3_S", 256, 110)
        case .iq2_S: ("IQ2_S", 256, 82)
        case .iq4_XS: ("IQ4_XS", 256, 136)
        case .i8: ("I8", 1, 1)
        case .i16: ("I16", 1, 2)
        case .i32: ("I32", 1, 4)
        case .i64: ("I64", 1, 8)
        case .f64: ("F64", 1, 8)
        case .iq1_M: ("IQ1_M", 256, 56)
        case .bf16: ("BF16", 1, 2)
        case .tq1_0: ("TQ1_0", 256, 54)
        case .tq2_0: ("TQ2_0", 256, 66)
        case .mxfp4: ("MXFP4", 32, 17)
        case .nvfp4: ("NVFP4", 64, 36)
        }
    }
}
