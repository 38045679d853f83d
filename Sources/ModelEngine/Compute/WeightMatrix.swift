import CKernels

/// How the base weights are held and multiplied.
public enum WeightPrecision: String, Sendable, CaseIterable, Codable {
    /// float32 throughout: the reference, whose numbers are published.
    case float32 = "f32"
    /// 8-bit weights with a scale for each output channel and group of inputs, 8-bit activations with a scale for each
    /// row and group: faster, in a good quarter of the memory, at a small loss that docs/performance.md states.
    case int8
}

/// A weight matrix Wᵀ `[depth, columns]`, packed as the right-hand side of a product with rows x on the left.
struct WeightMatrix: Sendable {
    enum Storage: Sendable {
        case float32(PackedMatrix)
        case int8(QuantizedMatrix)
    }

    /// N, the length of a result row.
    let columns: Int
    /// K, the number of products in each sum.
    let depth: Int
    let storage: Storage

    /// Bytes that a matrix of these sizes takes, each of its parts aligned.
    static func bytes(columns: Int, depth: Int, _ precision: WeightPrecision) -> Int {
        switch precision {
        case .float32: PackedMatrix.bytes(columns: columns, depth: depth)
        case .int8: QuantizedMatrix.bytes(columns: columns, depth: depth)
        }
    }

    /// A matrix in some memory from a byte on; its elements hold anything until they are packed.
    init(columns: Int, depth: Int, _ precision: WeightPrecision, in memory: AlignedMemory, at offset: Int) {
        self.columns = columns
        self.depth = depth
        storage =
            switch precision {
            case .float32: .float32(PackedMatrix(columns: columns, depth: depth, in: memory, at: offset))
            case .int8: .int8(QuantizedMatrix(columns: columns, depth: depth, in: memory, at: offset))
            }
    }

    /// The matrix where it is float32; nil else.
    var packed: PackedMatrix? {
        guard case .float32(let matrix) = storage else { return nil }
        return matrix
    }

    /// Packs panels of the transpose of a row-major `[columns, depth]` matrix.
    func pack(rows source: UnsafePointer<Float>, stride: Int, panels range: Range<Int>) {
        switch storage {
        case .float32(let matrix): matrix.pack(rows: source, stride: stride, panels: range)
        case .int8(let matrix): matrix.pack(rows: source, stride: stride, panels: range)
        }
    }
}
