/// A dense matrix in double precision, rows after one another.
///
/// ```swift
/// let update = Matrix(rows: 2, columns: 1, values: [3, 4]) * Matrix(rows: 1, columns: 2, values: [1, 0])
/// print(update.frobeniusNorm)  // 5.0
/// ```
package struct Matrix: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    /// Row-major, `rows · columns` numbers.
    package var values: [Double] {
        didSet { precondition(values.count == rows * columns, "a matrix's values do not fit its shape") }
    }

    /// - Precondition: as many values as the shape says.
    package init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0 && values.count == rows * columns, "values do not fit the shape")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// - Precondition: as many values as the shape says.
    package init(rows: Int, columns: Int, floats: [Float]) {
        self.init(rows: rows, columns: columns, values: floats.map(Double.init))
    }

    package static func zeros(rows: Int, columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
    }

    package static func identity(_ size: Int) -> Matrix { diagonal(Array(repeating: 1, count: size)) }

    /// A square matrix with these numbers on its diagonal.
    package static func diagonal(_ entries: [Double]) -> Matrix {
        var result = zeros(rows: entries.count, columns: entries.count)
        for (index, entry) in entries.enumerated() { result[index, index] = entry }
        return result
    }

    /// The entry in a row and column, both from 0.
    package subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// The values in single precision.
    package var floats: [Float] { values.map(Float.init) }

    package var transposed: Matrix {
        // Blocks of 32 × 32 (two times 8 KB) stay in the first cache, whichever side is read across.
        let block = 32
        let transposed = [Double](unsafeUninitializedCapacity: values.count) { result, count in
            values.withUnsafeBufferPointer { source in
                for top in stride(from: 0, to: rows, by: block) {
                    for left in stride(from: 0, to: columns, by: block) {
                        for row in top..<min(top + block, rows) {
                            for column in left..<min(left + block, columns) {
                                result[column * rows + row] = source[row * columns + column]
                            }
                        }
                    }
                }
            }
            count = values.count
        }
        return Matrix(rows: columns, columns: rows, values: transposed)
    }

    /// Some neighbouring columns.
    package func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "there are \(columns) columns")
        var result: [Double] = []
        result.reserveCapacity(rows * range.count)
        for start in stride(from: 0, to: rows * columns, by: max(1, columns)) {
            result += values[start + range.lowerBound..<start + range.upperBound]
        }
        return Matrix(rows: rows, columns: range.count, values: result)
    }

    /// Some neighbouring rows.
    package func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "there are \(rows) rows")
        return Matrix(
            rows: range.count, columns: columns,
            values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
    }

    /// Matrices of equal height put side by side: [M₁ M₂ …].
    ///
    /// - Precondition: at least one matrix, all of as many rows.
    package static func beside(_ matrices: [Matrix]) -> Matrix {
        let rows = matrices[0].rows
        precondition(matrices.allSatisfy { $0.rows == rows }, "matrices side by side have as many rows")
        let columns = matrices.reduce(0) { $0 + $1.columns }
        var result: [Double] = []
        result.reserveCapacity(rows * columns)
        for row in 0..<rows {
            for matrix in matrices { result += matrix.values[row * matrix.columns..<(row + 1) * matrix.columns] }
        }
        return Matrix(rows: rows, columns: columns, values: result)
    }

    /// Matrices of equal width put below one another.
    ///
    /// - Precondition: at least one matrix, all of as many columns.
    package static func stacked(_ matrices: [Matrix]) -> Matrix {
        let columns = matrices[0].columns
        precondition(matrices.allSatisfy { $0.columns == columns }, "matrices in a stack have as many columns")
        return Matrix(
            rows: matrices.reduce(0) { $0 + $1.rows }, columns: columns, values: matrices.flatMap(\.values))
    }
}
