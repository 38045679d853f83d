import CKernels

/// A matrix B `[depth, columns]` in panels of 16 columns, ready to be the right-hand side of a product.
///
/// Panel p holds B[k, 16p ..< 16p + 16] for k = 0, 1, …; columns beyond the last are 0.
struct PackedMatrix: Sendable {
    /// Columns in one panel.
    static let panel = Int(CK_PANEL)
    /// N, the length of a result row.
    let columns: Int
    /// K, the number of products in each sum.
    let depth: Int
    /// The panels after one another.
    let panels: FloatBuffer

    /// Memory for a matrix, all 0.
    init(columns: Int, depth: Int) {
        self.columns = columns
        self.depth = depth
        panels = FloatBuffer(Self.floats(columns, depth))
    }

    /// A matrix in some memory from a byte on; its elements hold anything until they are packed.
    init(columns: Int, depth: Int, in memory: AlignedMemory, at offset: Int) {
        self.columns = columns
        self.depth = depth
        panels = FloatBuffer(Self.floats(columns, depth), of: memory, offset: offset)
    }

    private static func floats(_ columns: Int, _ depth: Int) -> Int { (columns + panel - 1) / panel * panel * depth }

    /// Bytes that a matrix of these sizes takes.
    static func bytes(columns: Int, depth: Int) -> Int { floats(columns, depth) * MemoryLayout<Float>.stride }

    /// How many panels there are.
    var panelCount: Int { (columns + Self.panel - 1) / Self.panel }

    /// Packs the transpose of a row-major `[columns, depth]` matrix: a weight matrix as models store it, so that the
    /// product is x·Wᵀ.
    func pack(rows source: UnsafePointer<Float>, stride: Int, panels range: Range<Int>) {
        ck_pack_rows(source, columns, depth, stride, panels.pointer, range.lowerBound, range.upperBound)
    }

    /// Packs a row-major `[depth, columns]` matrix.
    func pack(columns source: UnsafePointer<Float>, stride: Int, panels range: Range<Int>) {
        ck_pack_columns(source, columns, depth, stride, panels.pointer, range.lowerBound, range.upperBound)
    }
}

/// The left-hand side of a product: element (m, k) is `start[m·row + k·step]`.
struct MatrixView {
    var start: UnsafePointer<Float>
    var row: Int
    var step: Int = 1
}

extension Lane {
    /// C[0 ..< rows, columns] = A·B, where `columns` begins at a panel; `accumulate` adds to C instead.
    ///
    /// Each element is one chain of fused multiply-adds over k, so the result does not depend on how rows and columns
    /// are shared out.
    func multiply(
        _ a: MatrixView, rows: Int, by b: PackedMatrix, columns: Range<Int>, into c: UnsafeMutablePointer<Float>,
        row: Int, accumulate: Bool = false
    ) {
        guard !columns.isEmpty else { return }
        let first = columns.lowerBound / PackedMatrix.panel
        ck_gemm(
            rows, columns.count, b.depth, a.start, a.row, a.step,
            b.panels.pointer + first * PackedMatrix.panel * b.depth, PackedMatrix.panel * b.depth, PackedMatrix.panel,
            true, c + columns.lowerBound, row, accumulate)
    }

    /// The same for a weight matrix of either precision; `quantized` holds the rows of A for one in 8 bits.
    ///
    /// - Precondition: a matrix in 8 bits comes with quantised rows.
    func multiply(
        _ a: MatrixView, _ quantized: QuantizedRows?, rows: Int, by b: WeightMatrix, columns: Range<Int>,
        into c: UnsafeMutablePointer<Float>, row: Int, accumulate: Bool = false
    ) {
        switch b.storage {
        case .float32(let matrix):
            multiply(a, rows: rows, by: matrix, columns: columns, into: c, row: row, accumulate: accumulate)
        case .int8(let matrix):
            guard let quantized else { preconditionFailure("a matrix in 8 bits needs quantised rows") }
            matrix.multiply(quantized, rows: rows, columns: columns, into: c, row: row, accumulate: accumulate)
        }
    }

    /// The same where B is row-major `[depth, columns]` with `stride` floats between its rows.
    func multiply(
        _ a: MatrixView, rows: Int, byRowMajor b: UnsafePointer<Float>, stride: Int, depth: Int, columns: Range<Int>,
        into c: UnsafeMutablePointer<Float>, row: Int, accumulate: Bool = false
    ) {
        guard !columns.isEmpty else { return }
        ck_gemm(
            rows, columns.count, depth, a.start, a.row, a.step, b + columns.lowerBound, PackedMatrix.panel, stride,
            columns.count % PackedMatrix.panel == 0, c + columns.lowerBound, row, accumulate)
    }

    /// This lane's columns of a result with `total` columns, in whole panels.
    func columns(of total: Int) -> Range<Int> { share(of: total, step: PackedMatrix.panel) }
}
