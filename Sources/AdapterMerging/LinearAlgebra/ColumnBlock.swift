import CKernels

/// A few columns of a long matrix in single precision, `[rows, width]`, for the products of the engine's kernels.
///
/// Either rows lie after one another, or panels of 16 columns do, rows after one another within a panel.
struct ColumnBlock {
    /// The length of a column.
    let rows: Int
    /// How many columns, a multiple of 16.
    let width: Int
    /// Numbers from a panel of 16 columns to the next.
    let panel: Int
    /// Numbers from a row to the next within a panel.
    let step: Int
    var values: [Float]

    /// Zeros.
    init(rows: Int, width: Int, inPanels: Bool) {
        self.rows = rows
        self.width = width
        (panel, step) = inPanels ? (panelSize * rows, panelSize) : (panelSize, width)
        values = Array(repeating: 0, count: rows * width)
    }

    /// The columns are the rows of a matrix `[count, length]`, and zeros behind them.
    init(rowsOf matrix: [Float], count: Int, length: Int) {
        self.init(rows: length, width: Self.roundedUp(count), inPanels: true)
        ck_pack_rows(matrix, count, length, length, &values, 0, width / panelSize)
    }

    /// The smallest possible width for a number of columns.
    static func roundedUp(_ columns: Int) -> Int { (columns + panelSize - 1) / panelSize * panelSize }

    /// The inner products of all columns with those of another block, `[width, width]`.
    ///
    /// Stretches of 256 rows are summed in single precision, the stretches in double: several times faster than all in
    /// double, and nearly as exact.
    func innerProducts(with other: ColumnBlock) -> Matrix {
        precondition(rows == other.rows && width == other.width, "blocks of different shapes")
        var sums = [Double](repeating: 0, count: width * width)
        var part = [Float](repeating: 0, count: width * width)
        values.withUnsafeBufferPointer { left in
            other.values.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return }
                for start in stride(from: 0, to: rows, by: 256) {
                    let length = min(256, rows - start)
                    part.withUnsafeMutableBufferPointer { part in
                        guard let part = part.baseAddress else { return }
                        // By rows, all columns are neighbours.
                        let together = panel == panelSize ? width : panelSize
                        for column in stride(from: 0, to: width, by: together) {
                            ck_gemm(
                                together, width, length, left + column / panelSize * panel + start * step, 1, step,
                                right + start * other.step, other.panel, other.step, true, part + column * width, width,
                                false)
                        }
                    }
                    for index in sums.indices { sums[index] += Double(part[index]) }
                }
            }
        }
        return Matrix(rows: width, columns: width, values: sums)
    }

    /// The columns combined, X C for coefficients C `[width, columns]` of which each column makes a new one.
    ///
    /// The new width is `columns` rounded up, with zeros.
    func combined(by coefficients: Matrix, inPanels: Bool) -> ColumnBlock {
        precondition(coefficients.rows == width, "coefficients do not fit the block")
        var result = ColumnBlock(rows: rows, width: Self.roundedUp(coefficients.columns), inPanels: inPanels)
        let padded = Self.padded(coefficients, columns: result.width)
        values.withUnsafeBufferPointer { own in
            result.values.withUnsafeMutableBufferPointer { target in
                guard let own = own.baseAddress, let target = target.baseAddress else { return }
                for column in stride(from: 0, to: result.width, by: panelSize) {
                    // A panel's columns are the next to be added up; by rows, all are there at once.
                    let together = panel == panelSize ? width : panelSize
                    for first in stride(from: 0, to: width, by: together) {
                        padded.withUnsafeBufferPointer { padded in
                            guard let padded = padded.baseAddress else { return }
                            ck_gemm(
                                rows, panelSize, together, own + first / panelSize * panel, step, 1,
                                padded + first * result.width + column, panelSize, result.width, true,
                                target + column / panelSize * result.panel, result.step, first > 0)
                        }
                    }
                }
            }
        }
        return result
    }

    /// Coefficients in single precision, with zeros behind each row.
    private static func padded(_ matrix: Matrix, columns: Int) -> [Float] {
        var result = [Float](repeating: 0, count: matrix.rows * columns)
        for row in 0..<matrix.rows {
            for column in 0..<matrix.columns { result[row * columns + column] = Float(matrix[row, column]) }
        }
        return result
    }

    /// The first columns by themselves, `[rows, count]`, rows after one another.
    func firstColumns(_ count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: rows * count) { result, initialized in
            for row in 0..<rows {
                for column in 0..<count {
                    let place = column / panelSize * panel + row * step + column % panelSize
                    result[row &* count &+ column] = values[place]
                }
            }
            initialized = rows * count
        }
    }

    /// The first columns as rows, `[count, rows]`.
    func firstColumnsAsRows(_ count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: rows * count) { result, initialized in
            for column in 0..<count {
                let start = column / panelSize * panel + column % panelSize
                for row in 0..<rows { result[column &* rows &+ row] = values[start &+ row &* step] }
            }
            initialized = rows * count
        }
    }
}

private let panelSize = Int(CK_PANEL)
