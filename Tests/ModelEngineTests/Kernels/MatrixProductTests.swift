import CKernels
import Testing

extension KernelTests {
    @Suite("Matrix product")
    struct MatrixProductTests {
        private static let columns = [1, 7, 15, 16, 17, 31, 48, 50]
        private static let depths = [0, 1, 3, 64, 577, 1000]

        @Test("Every back end gives the bits of the plain one", arguments: BackEnd.available, depths)
        func sameBits(backEnd: BackEnd, depth: Int) {
            for rows in 1...40 {
                for columns in Self.columns {
                    for variant in 0..<(depth < 577 ? 2 : 1) {
                        let product = Product(
                            rows: rows, columns: columns, depth: depth, seed: rows * 1000 + columns * 10 + variant)
                        let expected = BackEnd.plain.run { product.run() }
                        let difference = firstDifference(backEnd.run { product.run() }, expected)
                        #expect(difference == nil, "\(product)")
                    }
                }
            }
        }

        @Test("Products stay within the bound of float32 sums", arguments: BackEnd.available, depths)
        func closeToDouble(backEnd: BackEnd, depth: Int) {
            for rows in [1, 2, 5, 13, 16, 40] {
                for columns in Self.columns {
                    let product = Product(rows: rows, columns: columns, depth: depth, seed: rows + columns * 100)
                    let result = backEnd.run { product.run() }
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let (value, bound) = product.reference(row, column)
                            let error = abs(Double(result[row * product.cRow + column]) - value)
                            #expect(error <= bound, "\(product), row \(row), column \(column)")
                        }
                    }
                }
            }
        }

        @Test("Nothing outside the result is written", arguments: BackEnd.available)
        func leavesTheRest(backEnd: BackEnd) {
            for rows in [1, 6, 17] {
                for columns in Self.columns {
                    let product = Product(rows: rows, columns: columns, depth: 5, seed: rows * columns)
                    let result = backEnd.run { product.run() }
                    for index in result.indices
                    where index / product.cRow >= rows || index % product.cRow >= columns {
                        #expect(result[index] == product.c[index], "\(product), element \(index)")
                    }
                }
            }
        }

        @Test("A row does not depend on the rows beside it", arguments: BackEnd.available, [3, 64, 577])
        func rowsAreIndependent(backEnd: BackEnd, depth: Int) {
            let rows = 40
            let columns = 50
            var noise = Noise(depth)
            let a = noise.array(rows * depth)
            let panels = Product.packed(noise.array(columns * depth), columns: columns, depth: depth)
            func product(_ range: Range<Int>) -> [Float] {
                var c = [Float](repeating: 0, count: range.count * columns)
                a.withUnsafeBufferPointer { a in
                    guard let start = a.baseAddress else { return }
                    ck_gemm(
                        range.count, columns, depth, start + range.lowerBound * depth, depth, 1, panels, 16 * depth, 16,
                        true, &c, columns, false)
                }
                return c
            }
            backEnd.run {
                let whole = product(0..<rows)
                for count in 1...rows {
                    for first in [0, (rows - count) / 2, rows - count] {
                        let part = Array(whole[first * columns..<(first + count) * columns])
                        let difference = firstDifference(product(first..<first + count), part)
                        #expect(difference == nil, "rows \(first) ..< \(first + count)")
                    }
                }
            }
        }

        @Test(
            "A result does not depend on how columns are shared out",
            arguments: BackEnd.available, [65, 1000])
        func columnsAreIndependent(backEnd: BackEnd, depth: Int) {
            let (rows, columns) = (23, 70)
            var noise = Noise(7)
            let a = noise.array(rows * depth)
            let panels = Product.packed(noise.array(columns * depth), columns: columns, depth: depth)
            func product(splits: [Int]) -> [Float] {
                var c = [Float](repeating: 0, count: rows * columns)
                c.withUnsafeMutableBufferPointer { c in
                    panels.withUnsafeBufferPointer { panels in
                        guard let c = c.baseAddress, let panels = panels.baseAddress else { return }
                        for (low, high) in zip([0] + splits, splits + [columns]) {
                            ck_gemm(
                                rows, high - low, depth, a, depth, 1, panels + low * depth, 16 * depth, 16, true,
                                c + low, columns, false)
                        }
                    }
                }
                return c
            }
            backEnd.run {
                let whole = product(splits: [])
                for splits in [[16], [32], [16, 32, 48, 64], [48, 64]] {
                    #expect(firstDifference(product(splits: splits), whole) == nil)
                }
            }
        }

        @Test("Packing puts each weight in its panel and zeros behind the last", arguments: [1, 15, 16, 17, 40])
        func packing(columns: Int) {
            let depth = 5
            var noise = Noise(columns)
            let stride = depth + 2
            let rows = noise.array(columns * stride)
            let wide = columns + 3
            let matrix = noise.array(depth * wide)
            let panelCount = (columns + 15) / 16
            var byRows = [Float](repeating: .nan, count: panelCount * 16 * depth)
            var byColumns = byRows
            ck_pack_rows(rows, columns, depth, stride, &byRows, 0, panelCount)
            ck_pack_columns(matrix, columns, depth, wide, &byColumns, 0, panelCount)
            for index in byRows.indices {
                let column = index / (16 * depth) * 16 + index % 16
                let k = index / 16 % depth
                #expect(byRows[index] == (column < columns ? rows[column * stride + k] : 0))
                #expect(byColumns[index] == (column < columns ? matrix[k * wide + column] : 0))
            }
        }

        @Test("Packing a part leaves the other panels alone")
        func packingInParts() {
            var noise = Noise(3)
            let source = noise.array(50 * 4)
            var panels = [Float](repeating: -7, count: 4 * 64)
            ck_pack_rows(source, 50, 4, 4, &panels, 1, 3)
            #expect(panels[..<64].allSatisfy { $0 == -7 } && panels[192...].allSatisfy { $0 == -7 })
            ck_pack_rows(source, 50, 4, 4, &panels, 0, 1)
            ck_pack_rows(source, 50, 4, 4, &panels, 3, 4)
            #expect(firstDifference(panels, Product.packed(source, columns: 50, depth: 4)) == nil)
        }
    }
}

/// A product with a layout drawn from its seed: A by rows, strided or transposed, B packed or row-major.
private struct Product: CustomStringConvertible {
    let rows: Int
    let columns: Int
    let depth: Int
    let a: [Float]
    let aRow: Int
    let aStep: Int
    let b: [Float]
    let bPanel: Int
    let bStep: Int
    let padded: Bool
    /// What C holds before.
    let c: [Float]
    let cRow: Int
    let accumulate: Bool

    init(rows: Int, columns: Int, depth: Int, seed: Int) {
        self.rows = rows
        self.columns = columns
        self.depth = depth
        var noise = Noise(seed)
        switch noise.index(below: 3) {
        case 0: (aRow, aStep) = (depth, 1)
        case 1: (aRow, aStep) = (2 * depth + 3, 2)
        default: (aRow, aStep) = (1, rows + 2)
        }
        a = noise.array(rows * aRow + depth * aStep + 1)
        let weights = noise.array(columns * depth)
        if noise.index(below: 2) == 0 {
            b = Self.packed(weights, columns: columns, depth: depth)
            (bPanel, bStep, padded) = (16 * depth, 16, noise.index(below: 2) == 0)
        } else {
            // Row-major [depth, columns] without a spare float behind it, so reading too far would show in a sanitizer.
            b = weights
            (bPanel, bStep, padded) = (16, columns, columns % 16 == 0)
        }
        cRow = columns + noise.index(below: 4)
        c = noise.array((rows + 1) * cRow)
        accumulate = noise.index(below: 2) == 0
    }

    static func packed(_ weights: [Float], columns: Int, depth: Int) -> [Float] {
        var panels = [Float](repeating: 0, count: (columns + 15) / 16 * 16 * depth)
        ck_pack_rows(weights, columns, depth, depth, &panels, 0, (columns + 15) / 16)
        return panels
    }

    func run() -> [Float] {
        var result = c
        ck_gemm(rows, columns, depth, a, aRow, aStep, b, bPanel, bStep, padded, &result, cRow, accumulate)
        return result
    }

    /// An element in Double, and the bound on the error of one chain of float32 fused multiply-adds:
    /// n·u / (1 − n·u) · Σ|terms| with u = 2⁻²⁴ (Higham, "Accuracy and Stability", section 3.1).
    func reference(_ row: Int, _ column: Int) -> (value: Double, bound: Double) {
        var value = 0.0
        var size = 0.0
        for k in 0..<depth {
            let right = b[column / 16 * bPanel + k * bStep + column % 16]
            let term = Double(a[row * aRow + k * aStep]) * Double(right)
            value += term
            size += abs(term)
        }
        if accumulate {
            value += Double(c[row * cRow + column])
            size += abs(Double(c[row * cRow + column]))
        }
        let unit = Double(depth + 1) * 0x1p-24
        return (value, unit / (1 - unit) * size)
    }

    var description: String {
        "[\(rows), \(depth)]·[\(depth), \(columns)], A \(aRow)/\(aStep), B \(bPanel)/\(bStep), add \(accumulate)"
    }
}
