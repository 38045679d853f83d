import CKernels
import Testing

extension KernelTests {
    @Suite("8-bit product")
    struct Int8ProductTests {
        private static let columns = [1, 15, 16, 17, 32, 33, 50]
        private static let shapes = [(1, 4), (3, 4), (64, 64), (100, 32), (577, 64), (1030, 4096)]

        @Test("Every back end gives the bits of the plain one", arguments: BackEnd.available, shapes)
        func sameBits(backEnd: BackEnd, shape: (depth: Int, group: Int)) {
            for rows in [1, 2, 3, 4, 5, 6, 7, 13] {
                for columns in Self.columns {
                    let product = Int8Product(
                        rows: rows, columns: columns, depth: shape.depth, group: shape.group, seed: rows * 100 + columns
                    )
                    let expected = BackEnd.plain.run { product.run() }
                    let difference = firstDifference(backEnd.run { product.run() }, expected)
                    #expect(difference == nil, "\(rows) × \(columns), \(shape)")
                }
            }
        }

        @Test("The largest numbers on both sides do not overflow", arguments: BackEnd.available, [-1, 1])
        func extremes(backEnd: BackEnd, sign: Int) {
            let (rows, columns, depth) = (7, 40, 4096)
            let a = [Float](repeating: Float(sign) * 3, count: rows * depth)
            let weights = [Float](repeating: 0.5, count: columns * depth)
            let product = Int8Product(a: a, weights: weights, rows: rows, columns: columns, group: 4096)
            let result = backEnd.run { product.run() }
            let expected = Float(sign) * 1.5 * Float(depth)
            for row in 0..<rows {
                for column in 0..<columns { #expect(abs(result[row * columns + column] / expected - 1) < 1e-5) }
            }
        }

        @Test("The error is that of rounding each number once", arguments: BackEnd.available, shapes)
        func closeToDouble(backEnd: BackEnd, shape: (depth: Int, group: Int)) {
            for accumulate in [false, true] {
                let product = Int8Product(
                    rows: 9, columns: 37, depth: shape.depth, group: shape.group, seed: 5, accumulate: accumulate)
                let result = backEnd.run { product.run() }
                for row in 0..<9 {
                    for column in 0..<37 {
                        let (value, bound) = product.reference(row, column)
                        #expect(abs(Double(result[row * 37 + column]) - value) <= bound, "\(shape), \(row), \(column)")
                    }
                }
            }
        }

        @Test(
            "A row depends neither on the rows beside it nor on how columns are shared out",
            arguments: BackEnd.available)
        func independent(backEnd: BackEnd) {
            let product = Int8Product(rows: 40, columns: 96, depth: 130, group: 64, seed: 11)
            backEnd.run {
                let whole = product.run()
                for count in [1, 2, 5, 6, 7, 12, 39] {
                    for first in [0, 40 - count] {
                        for split in [[], [16], [32, 80]] {
                            let part = product.run(rows: first..<first + count, splits: split)
                            #expect(firstDifference(part, Array(whole[first * 96..<(first + count) * 96])) == nil)
                        }
                    }
                }
            }
        }

        @Test("Quantised numbers lie within half a step, and odd ones harm nothing", arguments: BackEnd.available)
        func quantising(backEnd: BackEnd) {
            var noise = Noise(3)
            for count in [1, 4, 15, 16, 17, 64, 100] {
                let x = noise.array(count, scale: 5)
                var a = [Int8](repeating: 77, count: (count + 3) / 4 * 4 + 1)
                var scales = [Float](repeating: 0, count: (count + 31) / 32)
                var sums = [Int32](repeating: 0, count: scales.count)
                backEnd.run { ck_quantize_row(x, count, 32, &a, &scales, &sums) }
                for (group, start) in stride(from: 0, to: count, by: 32).enumerated() {
                    let end = min(start + 32, count)
                    for index in start..<end {
                        #expect(abs(Float(a[index]) * scales[group] - x[index]) <= scales[group] * 0.50001)
                    }
                    #expect(sums[group] == a[start..<end].reduce(0) { $0 + Int32($1) })
                }
                #expect(a[count..<a.count - 1].allSatisfy { $0 == 0 } && a.last == 77)
            }
            for odd in [Float.nan, .infinity, -.infinity, 1e-38, -0.0, .greatestFiniteMagnitude] {
                var x = [Float](repeating: Float(bitPattern: 700_000), count: 20)
                x[3] = odd
                var a = [Int8](repeating: 0, count: 20)
                var scale: [Float] = [0]
                var sum: [Int32] = [0]
                backEnd.run { ck_quantize_row(x, 20, 32, &a, &scale, &sum) }
                #expect(a.allSatisfy { $0 >= -127 })
            }
        }
    }
}

/// A product in 8 bits, from float32 numbers.
private struct Int8Product {
    let rows: Int
    let columns: Int
    let depth: Int
    let group: Int
    let a: [Float]
    let weights: [Float]
    /// What C holds before; nil where nothing is added.
    let c: [Float]?

    init(rows: Int, columns: Int, depth: Int, group: Int, seed: Int, accumulate: Bool = false) {
        var noise = Noise(seed)
        self.init(
            a: noise.array(rows * depth, scale: 2), weights: noise.array(columns * depth, scale: 0.3), rows: rows,
            columns: columns, group: group, c: accumulate ? noise.array(rows * columns) : nil)
    }

    init(a: [Float], weights: [Float], rows: Int, columns: Int, group: Int, c: [Float]? = nil) {
        self.rows = rows
        self.columns = columns
        self.group = group
        depth = a.count / rows
        self.a = a
        self.weights = weights
        self.c = c
    }

    func run() -> [Float] { run(rows: 0..<rows, splits: []) }

    /// Some rows, with the columns computed in parts that begin at `splits`.
    func run(rows range: Range<Int>, splits: [Int]) -> [Float] {
        let panels = (columns + 15) / 16
        let stride = (depth + 3) / 4 * 4
        let groups = (depth + group - 1) / group
        var packed = [UInt8](repeating: 0, count: panels * 16 * stride)
        var weightScales = [Float](repeating: 0, count: panels * 16 * groups)
        ck_pack_int8(weights, columns, depth, group, depth, &packed, &weightScales, 0, panels)
        var values = [Int8](repeating: 0, count: range.count * stride)
        var scales = [Float](repeating: 0, count: range.count * groups)
        var sums = [Int32](repeating: 0, count: range.count * groups)
        for (index, row) in range.enumerated() {
            a.withUnsafeBufferPointer { a in
                values.withUnsafeMutableBufferPointer { values in
                    scales.withUnsafeMutableBufferPointer { scales in
                        sums.withUnsafeMutableBufferPointer { sums in
                            guard let a = a.baseAddress, let values = values.baseAddress,
                                let scales = scales.baseAddress, let sums = sums.baseAddress
                            else { return }
                            ck_quantize_row(
                                a + row * depth, depth, group, values + index * stride, scales + index * groups,
                                sums + index * groups)
                        }
                    }
                }
            }
        }
        var result =
            c.map { Array($0[range.lowerBound * columns..<range.upperBound * columns]) }
            ?? [Float](repeating: .nan, count: range.count * columns)
        result.withUnsafeMutableBufferPointer { result in
            packed.withUnsafeBufferPointer { packed in
                weightScales.withUnsafeBufferPointer { weightScales in
                    guard let result = result.baseAddress, let packed = packed.baseAddress,
                        let weightScales = weightScales.baseAddress
                    else { return }
                    for (low, high) in zip([0] + splits, splits + [columns]) {
                        ck_gemm_int8(
                            range.count, high - low, depth, group, values, stride, scales, sums, groups,
                            packed + low / 16 * 16 * stride, weightScales + low * groups, result + low, columns,
                            c != nil)
                    }
                }
            }
        }
        return result
    }

    /// An element in Double, and a bound: each factor may be off by half its step, and float32 sums by a little.
    func reference(_ row: Int, _ column: Int) -> (value: Double, bound: Double) {
        let w = weights[column * depth..<(column + 1) * depth].map(Double.init)
        let x = a[row * depth..<(row + 1) * depth].map(Double.init)
        var value = c.map { Double($0[row * columns + column]) } ?? 0
        var bound = 1e-5 * abs(value) + 1e-6
        for start in stride(from: 0, to: depth, by: group) {
            let end = min(start + group, depth)
            let weightStep = (w[start..<end].map(abs).max() ?? 0) / 127
            let step = (x[start..<end].map(abs).max() ?? 0) / 127
            for k in start..<end {
                value += x[k] * w[k]
                bound += 0.501 * (step * abs(w[k]) + weightStep * abs(x[k]) + step * weightStep)
            }
        }
        return (value, bound)
    }
}
