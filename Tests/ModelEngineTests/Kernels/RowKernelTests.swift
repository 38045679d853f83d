import CKernels
import Testing

/// Lengths around the 16 partial sums, and a hidden size.
private let lengths = [1, 2, 15, 16, 17, 31, 33, 64, 100, 577]

/// Rows that kernels meet: ordinary ones, and those at the edges of exp.
private func rows(_ count: Int) -> [(name: String, values: [Float])] {
    var noise = Noise(count)
    let ordinary = noise.array(count, scale: 4)
    return [
        ("ordinary", ordinary),
        ("zeros", [Float](repeating: 0, count: count)),
        ("large negative", ordinary.map { $0 * 1e30 - 1e30 }),
        ("large", ordinary.map { $0 * 5000 }),
        ("around the end of exp", ordinary.indices.map { -87.3 + Float($0 % 9 - 4) * 0.05 }),
        ("tiny", ordinary.map { $0 * 1e-38 }),
    ]
}

extension KernelTests {
    @Suite("Row kernels: bits")
    struct RowKernelTests {
        /// What a kernel wrote and returned, as one array.
        private func same(_ backEnd: BackEnd, _ what: String, _ body: () -> [Float]) {
            let expected = BackEnd.plain.run(body)
            #expect(firstDifference(backEnd.run(body), expected) == nil, "\(what)")
        }

        @Test("Normalisation", arguments: BackEnd.available, lengths)
        func norm(backEnd: BackEnd, count: Int) {
            var noise = Noise(count + 1)
            let weight = noise.array(count)
            let dy = noise.array(count)
            let dx = noise.array(count)
            for (name, x) in rows(count) where name != "large negative" {
                same(backEnd, name) {
                    var y = [Float](repeating: 0, count: count)
                    let factor = ck_rms_norm(x, weight, &y, count, 1e-5)
                    var gradient = dx
                    ck_rms_norm_backward(x, weight, dy, factor, &gradient, count)
                    return y + gradient + [factor, ck_dot(x, weight, count)]
                }
            }
        }

        @Test("LayerNorm, in place as well", arguments: BackEnd.available, lengths)
        func layerNorm(backEnd: BackEnd, count: Int) {
            var noise = Noise(count + 4)
            let weight = noise.array(count)
            let bias = noise.array(count)
            let dy = noise.array(count)
            let dx = noise.array(count)
            for (name, x) in rows(count) where name != "large negative" {
                for bias in [bias, nil] {
                    same(backEnd, name) {
                        var y = [Float](repeating: 0, count: count)
                        ck_layer_norm(x, weight, bias, &y, count, 1e-5)
                        var inPlace = x
                        inPlace.withUnsafeMutableBufferPointer { buffer in
                            guard let start = buffer.baseAddress else { return }
                            ck_layer_norm(start, weight, bias, start, count, 1e-5)
                        }
                        #expect(firstDifference(inPlace, y) == nil, "\(name)")
                        var gradient = dx
                        ck_layer_norm_backward(x, weight, dy, &gradient, count, 1e-5)
                        return y + gradient
                    }
                }
            }
        }

        @Test("Softmax", arguments: BackEnd.available, lengths)
        func softmax(backEnd: BackEnd, count: Int) {
            var noise = Noise(count + 2)
            let gradient = noise.array(count)
            for (name, x) in rows(count) {
                for valid in Set([1, (count + 1) / 2, max(1, count - 1), count]).sorted() {
                    same(backEnd, "\(name), \(valid) of \(count)") {
                        var p = x
                        ck_softmax(&p, valid, count, 0.125)
                        var dp = gradient
                        ck_softmax_backward(p, &dp, valid, count, 0.125)
                        return p + dp
                    }
                }
            }
        }

        @Test("exp, over its whole range", arguments: BackEnd.available)
        func exponential(backEnd: BackEnd) {
            // A rounding step more or less shows in the last bit of one value in ten thousand, so there are many.
            let count = 400_000
            let x = (0..<count).map { Float(-88 * Double($0) / Double(count)) }
            same(backEnd, "softmax") {
                var p = x
                ck_softmax(&p, count, count, 1)
                return p
            }
            same(backEnd, "cross-entropy") {
                var gradient = x
                ck_cross_entropy_backward(&gradient, count, 0, 0, 1)
                return gradient
            }
            same(backEnd, "SiLU") {
                var gate = x
                var up = [Float](repeating: 1, count: count)
                ck_silu_multiply_backward(&gate, &up, x, count)
                return gate + up
            }
        }

        @Test("SiLU product, in place as well", arguments: BackEnd.available, lengths)
        func silu(backEnd: BackEnd, count: Int) {
            var noise = Noise(count + 3)
            let up = noise.array(count)
            let dy = noise.array(count)
            for (name, gate) in rows(count) {
                same(backEnd, name) {
                    var y = [Float](repeating: 0, count: count)
                    ck_silu_multiply(gate, up, &y, count)
                    var inPlace = gate
                    inPlace.withUnsafeMutableBufferPointer { buffer in
                        guard let start = buffer.baseAddress else { return }
                        ck_silu_multiply(start, up, start, count)
                    }
                    var dGate = gate
                    var dUp = up
                    ck_silu_multiply_backward(&dGate, &dUp, dy, count)
                    #expect(firstDifference(inPlace, y) == nil, "\(name)")
                    return y + dGate + dUp
                }
            }
        }

        @Test("GELU product, in place as well", arguments: BackEnd.available, lengths)
        func gelu(backEnd: BackEnd, count: Int) {
            var noise = Noise(count + 5)
            let up = noise.array(count)
            let dy = noise.array(count)
            for (name, gate) in rows(count) {
                same(backEnd, name) {
                    var y = [Float](repeating: 0, count: count)
                    ck_gelu_multiply(gate, up, &y, count)
                    var inPlace = gate
                    inPlace.withUnsafeMutableBufferPointer { buffer in
                        guard let start = buffer.baseAddress else { return }
                        ck_gelu_multiply(start, up, start, count)
                    }
                    var dGate = gate
                    var dUp = up
                    ck_gelu_multiply_backward(&dGate, &dUp, dy, count)
                    #expect(firstDifference(inPlace, y) == nil, "\(name)")
                    return y + dGate + dUp
                }
            }
        }

        @Test("GELU, over the range where it bends", arguments: BackEnd.available)
        func geluRange(backEnd: BackEnd) {
            let x = (0..<400_000).map { Float(Double($0 - 200_000) / 20_000) }
            same(backEnd, "GELU") {
                var gate = x
                var up = [Float](repeating: 1, count: x.count)
                var y = up
                ck_gelu_multiply(x, up, &y, x.count)
                ck_gelu_multiply_backward(&gate, &up, x, x.count)
                return y + gate + up
            }
        }

        @Test("Cross-entropy", arguments: BackEnd.available, lengths)
        func crossEntropy(backEnd: BackEnd, count: Int) {
            for (name, x) in rows(count) {
                same(backEnd, name) {
                    let logSum = ck_log_sum_exp(x, count)
                    var gradient = x
                    ck_cross_entropy_backward(&gradient, count, count / 2, logSum, 0.25)
                    return gradient + [logSum]
                }
            }
        }

        @Test("Entropy", arguments: BackEnd.available, lengths)
        func entropy(backEnd: BackEnd, count: Int) {
            for (name, x) in rows(count) {
                same(backEnd, name) {
                    let logSum = ck_log_sum_exp(x, count)
                    let entropy = ck_entropy(x, count, logSum)
                    var gradient = x
                    ck_entropy_backward(&gradient, count, logSum, entropy, 0.25)
                    return gradient + [entropy]
                }
            }
        }

        @Test("Rotation, sums and the largest element", arguments: BackEnd.available)
        func others(backEnd: BackEnd) {
            var noise = Noise(9)
            let x = noise.array(3 * 16)
            let cosine = noise.array(8)
            let sine = noise.array(8)
            same(backEnd, "rotation, sum, argmax") {
                var rotated = x
                ck_rope(&rotated, 3, 16, cosine, sine, -1)
                ck_rope_partial(&rotated, 3, 16, 6, cosine, sine, 1)
                var sum = rotated
                ck_add(x, &sum, x.count)
                return rotated + sum + [Float(ck_argmax(x, x.count))]
            }
        }

        @Test("Nothing behind the row is written", arguments: BackEnd.available, lengths)
        func leavesTheRest(backEnd: BackEnd, count: Int) {
            var noise = Noise(count)
            let x = noise.array(count + 16)
            let y = noise.array(count + 16)
            let marks = [Float](repeating: 42, count: count + 16)
            func check(_ what: String, _ body: (inout [Float]) -> Void) {
                var result = marks
                backEnd.run { body(&result) }
                #expect(result[count...].allSatisfy { $0 == 42 }, "\(what)")
            }
            check("norm") { _ = ck_rms_norm(x, y, &$0, count, 1e-5) }
            check("norm backward") { ck_rms_norm_backward(x, y, y, 0.5, &$0, count) }
            check("LayerNorm") { ck_layer_norm(x, y, x, &$0, count, 1e-5) }
            check("LayerNorm backward") { ck_layer_norm_backward(x, y, y, &$0, count, 1e-5) }
            check("GELU") { ck_gelu_multiply(x, y, &$0, count) }
            check("GELU backward, gate") {
                var up = y
                ck_gelu_multiply_backward(&$0, &up, x, count)
                #expect(firstDifference(Array(up[count...]), Array(y[count...])) == nil)
            }
            check("softmax") { ck_softmax(&$0, count, count, 1) }
            check("softmax backward") { ck_softmax_backward(x, &$0, count, count, 1) }
            check("SiLU") { ck_silu_multiply(x, y, &$0, count) }
            check("SiLU backward, gate") {
                var up = y
                ck_silu_multiply_backward(&$0, &up, x, count)
                #expect(firstDifference(Array(up[count...]), Array(y[count...])) == nil)
            }
            check("cross-entropy backward") { ck_cross_entropy_backward(&$0, count, 0, 42, 1) }
        }
    }
}
