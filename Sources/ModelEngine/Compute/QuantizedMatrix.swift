import CKernels

/// A weight matrix in 8 bits, a scale for every column (output channel) and group of inputs, in panels of 16 columns.
///
/// W[n, k] ≈ scale[n, k / group]·w[n, k] with w in −127 … 127, symmetric, rounded to nearest. Groups are those of
/// `QuantizedRows`.
struct QuantizedMatrix: @unchecked Sendable {
    let columns: Int
    let depth: Int
    /// `[panel, depth / 4, 16, 4]`, each w + 128.
    let panels: UnsafeMutablePointer<UInt8>
    /// `[panel, group, 16]`.
    let scales: FloatBuffer
    private let memory: AlignedMemory

    private static func padded(_ columns: Int) -> Int {
        (columns + PackedMatrix.panel - 1) / PackedMatrix.panel * PackedMatrix.panel
    }
    private static func quads(_ depth: Int) -> Int { (depth + 3) / 4 }

    static func bytes(columns: Int, depth: Int) -> Int {
        let scales = AlignedMemory.place(
            padded(columns) * QuantizedRows.groups(depth) * MemoryLayout<Float>.stride, after: 0)
        return AlignedMemory.place(padded(columns) * quads(depth) * 4, after: scales.end).end
    }

    init(columns: Int, depth: Int, in memory: AlignedMemory, at offset: Int) {
        self.columns = columns
        self.depth = depth
        self.memory = memory
        scales = FloatBuffer(Self.padded(columns) * QuantizedRows.groups(depth), of: memory, offset: offset)
        let place = AlignedMemory.place(
            Self.padded(columns) * Self.quads(depth) * 4, after: offset + scales.count * MemoryLayout<Float>.stride)
        precondition(place.end <= memory.bytes, "outside the memory")
        panels = (memory.pointer + place.start).bindMemory(to: UInt8.self, capacity: place.end - place.start)
    }

    /// Bytes of one panel.
    private var panelBytes: Int { PackedMatrix.panel * Self.quads(depth) * 4 }

    /// Quantises and packs panels of the transpose of a row-major `[columns, depth]` matrix.
    func pack(rows source: UnsafePointer<Float>, stride: Int, panels range: Range<Int>) {
        ck_pack_int8(
            source, columns, depth, QuantizedRows.group, stride, panels, scales.pointer, range.lowerBound,
            range.upperBound)
    }

    /// C[0 ..< rows, columns] = A·B for quantised rows, where the columns begin at a panel; `accumulate` adds to C.
    func multiply(
        _ a: QuantizedRows, rows: Int, columns range: Range<Int>, into c: UnsafeMutablePointer<Float>, row: Int,
        accumulate: Bool
    ) {
        guard !range.isEmpty else { return }
        ck_gemm_int8(
            rows, range.count, depth, QuantizedRows.group, a.values, a.stride(depth), a.scales.pointer, a.sums,
            QuantizedRows.groups(depth), panels + range.lowerBound / PackedMatrix.panel * panelBytes,
            scales.pointer + range.lowerBound * QuantizedRows.groups(depth), c + range.lowerBound, row, accumulate)
    }
}

/// Rows of activations in 8 bits, with a scale for every row and group of inputs.
///
/// One buffer serves inputs of any width up to the widest: the rows of the present product lie at its beginning.
final class QuantizedRows: @unchecked Sendable {
    /// Inputs that share a scale. Measured (docs/performance.md): the largest for which perplexity stays
    /// within 1 %.
    static let group = 32

    let values: UnsafeMutablePointer<Int8>
    let sums: UnsafeMutablePointer<Int32>
    let scales: FloatBuffer
    private let memory: AlignedMemory
    private let sumMemory: AlignedMemory

    init(rows: Int, widest: Int) {
        let stride = (widest + 3) / 4 * 4
        let groups = (widest + Self.group - 1) / Self.group
        memory = AlignedMemory(bytes: rows * stride)
        sumMemory = AlignedMemory(bytes: rows * groups * MemoryLayout<Int32>.stride)
        values = memory.pointer.bindMemory(to: Int8.self, capacity: max(1, rows * stride))
        sums = sumMemory.pointer.bindMemory(to: Int32.self, capacity: max(1, rows * groups))
        scales = FloatBuffer(uninitialized: rows * groups)
    }

    /// Bytes from one row to the next for rows of `width` inputs.
    func stride(_ width: Int) -> Int { (width + 3) / 4 * 4 }

    /// Groups in a row of `width` inputs.
    static func groups(_ width: Int) -> Int { (width + Self.group - 1) / Self.group }

    /// Quantises some rows of a row-major `[rows, width]` matrix.
    func quantize(_ x: UnsafePointer<Float>, width: Int, rows: Range<Int>) {
        for row in rows {
            ck_quantize_row(
                x + row * width, width, Self.group, values + row * stride(width),
                scales.pointer + row * Self.groups(width),
                sums + row * Self.groups(width))
        }
    }
}
