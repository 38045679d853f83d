import CKernels
import Foundation
import Testing

extension KernelTests {
    @Suite("Row kernels: accuracy against Double")
    struct RowKernelAccuracyTests {
        @Test("exp is accurate to 2 ulp from the underflow up to 0", arguments: BackEnd.available)
        func exponential(backEnd: BackEnd) {
            var worst = 0.0
            for step in 0...8730 {
                let x = -Float(step) / 100
                // The largest is 0, so the kernel takes exp of x itself; p₁ = eˣ / (1 + eˣ).
                var pair: [Float] = [0, x]
                backEnd.run { ck_softmax(&pair, 2, 2, 1) }
                let expected = exp(Double(x)) / (1 + exp(Double(x)))
                worst = max(worst, abs(Double(pair[1]) / expected - 1))
            }
            // 2 ulp of exp, then one rounding each of the sum, its inverse and the product: 2·2⁻²³ + 3·2⁻²⁴.
            #expect(worst <= 3.5 * 0x1p-23)
        }

        @Test("Probabilities too small for float32 are 0, not subnormal", arguments: BackEnd.available)
        func underflow(backEnd: BackEnd) {
            var row: [Float] = [0, -87.31, -104, -1e30, -.greatestFiniteMagnitude]
            backEnd.run { ck_softmax(&row, row.count, row.count, 1) }
            #expect(row == [1, 0, 0, 0, 0])
        }

        @Test("Softmax is a distribution, the same for a shifted row", arguments: BackEnd.available)
        func softmax(backEnd: BackEnd) {
            var noise = Noise(1)
            let logits = noise.array(577, scale: 12)
            let largest = logits.reduce(-.infinity, max)
            let weights = logits.map { exp((Double($0) - Double(largest)) * 0.5) }
            let total = weights.reduce(0, +)
            var row = logits
            var shifted = logits.map { $0 + 1024 }
            backEnd.run {
                ck_softmax(&row, 577, 577, 0.5)
                ck_softmax(&shifted, 577, 577, 0.5)
            }
            #expect(abs(row.reduce(0.0) { $0 + Double($1) } - 1) < 1e-6)
            for index in row.indices {
                #expect(abs(Double(row[index]) / (weights[index] / total) - 1) < 3e-6)
                // Adding 1024 rounds a logit to 2⁻¹³, so only that much agrees.
                #expect(abs(Double(shifted[index]) / (weights[index] / total) - 1) < 2e-4)
            }
        }

        @Test("Positions that may not be seen get probability and gradient 0", arguments: BackEnd.available)
        func masked(backEnd: BackEnd) {
            var row: [Float] = [1, 1, 99, 99]
            var gradient: [Float] = [1, 2, 3, 4]
            backEnd.run {
                ck_softmax(&row, 2, 4, 1)
                ck_softmax_backward(row, &gradient, 2, 4, 2)
            }
            #expect(row == [0.5, 0.5, 0, 0])
            #expect(gradient == [-0.5, 0.5, 0, 0])
        }

        @Test("log Σ exp", arguments: BackEnd.available, [1, 16, 300, 49_152])
        func logSumExp(backEnd: BackEnd, count: Int) {
            var noise = Noise(count)
            for (scale, shift) in [(10, 0), (1, -80), (30, 500), (0, 0), (100, -1e6)] as [(Float, Float)] {
                let row = noise.array(count, scale: scale).map { $0 + shift }
                let largest = Double(row.reduce(-.infinity, max))
                let expected = largest + log(row.reduce(0.0) { $0 + exp(Double($1) - largest) })
                let result = backEnd.run { ck_log_sum_exp(row, count) }
                #expect(
                    abs(Double(result) - expected) <= 1e-6 * max(1, abs(expected)), "scale \(scale), shift \(shift)")
            }
        }

        @Test("RMSNorm and its gradient", arguments: BackEnd.available, [1, 17, 576])
        func norm(backEnd: BackEnd, count: Int) {
            var noise = Noise(count)
            let x = noise.array(count, scale: 3)
            let weight = noise.array(count)
            let dy = noise.array(count)
            let start = noise.array(count)
            var y = [Float](repeating: 0, count: count)
            var dx = start
            let factor = backEnd.run {
                let factor = ck_rms_norm(x, weight, &y, count, 1e-5)
                ck_rms_norm_backward(x, weight, dy, factor, &dx, count)
                return factor
            }
            // y = x·f·w with f = (mean x² + ε)^(−1/2), so dx = f·w·dy − x·f³/n·Σ dy·w·x.
            let square = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)
            let exact = 1 / (square + 1e-5).squareRoot()
            let shared = x.indices.reduce(0.0) { $0 + Double(dy[$1]) * Double(weight[$1]) * Double(x[$1]) }
            #expect(abs(Double(factor) / exact - 1) < 1e-6)
            for index in x.indices {
                let (value, scale) = (Double(x[index]), Double(weight[index]))
                #expect(abs(Double(y[index]) - value * exact * scale) < 1e-6 * (1 + abs(value * exact)))
                let gradient =
                    Double(dy[index]) * scale * exact - value * exact * exact * exact * shared / Double(count)
                #expect(abs(Double(dx[index]) - Double(start[index]) - gradient) < 2e-6 * (1 + exact))
            }
        }

        @Test("The gradient of softmax", arguments: BackEnd.available)
        func softmaxBackward(backEnd: BackEnd) {
            var noise = Noise(5)
            var p = noise.array(45, scale: 3)
            let dp = noise.array(45)
            var ds = dp
            backEnd.run {
                ck_softmax(&p, 45, 45, 1)
                ck_softmax_backward(p, &ds, 45, 45, 0.25)
            }
            let shared = p.indices.reduce(0.0) { $0 + Double(p[$1]) * Double(dp[$1]) }
            for index in p.indices {
                #expect(abs(Double(ds[index]) - Double(p[index]) * (Double(dp[index]) - shared) * 0.25) < 1e-7)
            }
        }

        @Test("SiLU product and its gradients", arguments: BackEnd.available)
        func silu(backEnd: BackEnd) {
            let gate = (-400...400).map { Float($0) / 4 }
            var noise = Noise(6)
            let up = noise.array(gate.count)
            let dy = noise.array(gate.count)
            var y = [Float](repeating: 0, count: gate.count)
            var dGate = gate
            var dUp = up
            backEnd.run {
                ck_silu_multiply(gate, up, &y, gate.count)
                ck_silu_multiply_backward(&dGate, &dUp, dy, gate.count)
            }
            for index in gate.indices {
                let (g, u, d) = (Double(gate[index]), Double(up[index]), Double(dy[index]))
                let sigmoid = 1 / (1 + exp(-g))
                let tolerance = 1e-6 * (1 + abs(g * sigmoid))
                #expect(abs(Double(y[index]) - g * sigmoid * u) < tolerance, "gate \(g)")
                #expect(abs(Double(dGate[index]) - d * u * sigmoid * (1 + g * (1 - sigmoid))) < tolerance, "gate \(g)")
                #expect(abs(Double(dUp[index]) - d * g * sigmoid) < tolerance, "gate \(g)")
            }
        }

        @Test("The gradient of the cross-entropy sums to 0", arguments: BackEnd.available)
        func crossEntropy(backEnd: BackEnd) {
            var noise = Noise(8)
            let logits = noise.array(300, scale: 10)
            var gradient = logits
            backEnd.run {
                ck_cross_entropy_backward(&gradient, 300, 299, ck_log_sum_exp(logits, 300), 0.5)
            }
            let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
            for index in logits.indices {
                let expected = 0.5 * (exp(Double(logits[index])) / total - (index == 299 ? 1 : 0))
                #expect(abs(Double(gradient[index]) - expected) < 1e-6)
            }
            #expect(abs(gradient.reduce(0.0) { $0 + Double($1) }) < 1e-6)
        }

        @Test("Entropy and its gradient", arguments: BackEnd.available, [1, 15, 300])
        func entropy(backEnd: BackEnd, count: Int) {
            var noise = Noise(count)
            for (scale, shift) in [(10, 0), (0.01, -80), (1, 500), (0, 0)] as [(Float, Float)] {
                let logits = noise.array(count, scale: scale).map { $0 + shift }
                var gradient = logits
                let entropy = backEnd.run {
                    let logSum = ck_log_sum_exp(logits, count)
                    let entropy = ck_entropy(logits, count, logSum)
                    ck_entropy_backward(&gradient, count, logSum, entropy, 0.5)
                    return entropy
                }
                let largest = Double(logits.reduce(-.infinity, max))
                let weights = logits.map { exp(Double($0) - largest) }
                let logs = weights.map { log($0 / weights.reduce(0, +)) }
                let expected = logs.reduce(0) { $0 - exp($1) * $1 }
                // The log-sum-exp is rounded at its own size, 500 where the logits are.
                let tolerance = 1e-6 * max(1, Double(shift.magnitude))
                #expect(abs(Double(entropy) - expected) < 3 * tolerance)
                for (found, log) in zip(gradient, logs) {
                    #expect(abs(Double(found) - 0.5 * exp(log) * (-log - expected)) < 3 * tolerance)
                }
            }
        }

        @Test("Rotation turns pairs of halves and can be undone")
        func rope() {
            var noise = Noise(10)
            let (heads, size) = (3, 16)
            let x = noise.array(heads * size)
            let angles = noise.array(size / 2, scale: 3).map(Double.init)
            let cosine = angles.map { Float(cos($0)) }
            let sine = angles.map { Float(sin($0)) }
            var rotated = x
            ck_rope(&rotated, heads, size, cosine, sine, 1)
            for head in 0..<heads {
                for i in 0..<size / 2 {
                    let (low, high) = (Double(x[head * size + i]), Double(x[head * size + i + size / 2]))
                    let (c, s) = (cos(angles[i]), sin(angles[i]))
                    #expect(abs(Double(rotated[head * size + i]) - (low * c - high * s)) < 1e-6)
                    #expect(abs(Double(rotated[head * size + i + size / 2]) - (high * c + low * s)) < 1e-6)
                }
            }
            ck_rope(&rotated, heads, size, cosine, sine, -1)
            for index in x.indices { #expect(abs(rotated[index] - x[index]) < 1e-6) }
        }

        @Test("LayerNorm and its gradient", arguments: BackEnd.available, [2, 17, 576])
        func layerNorm(backEnd: BackEnd, count: Int) {
            var noise = Noise(count + 1)
            let x = noise.array(count, scale: 3).map { $0 + 2 }
            let weight = noise.array(count)
            let bias = noise.array(count)
            let dy = noise.array(count)
            let start = noise.array(count)
            var y = [Float](repeating: 0, count: count)
            var dx = start
            backEnd.run {
                ck_layer_norm(x, weight, bias, &y, count, 1e-5)
                ck_layer_norm_backward(x, weight, dy, &dx, count, 1e-5)
            }
            // y = h·w + b with h = (x − m)·f; dx = f·(g − mean g − h·mean(g·h)) with g = dy·w.
            let n = Double(count)
            let mean = x.reduce(0.0) { $0 + Double($1) } / n
            let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
            let factor = 1 / (variance + 1e-5).squareRoot()
            let h = x.map { (Double($0) - mean) * factor }
            let g = zip(dy, weight).map { Double($0) * Double($1) }
            let shared = g.reduce(0, +) / n
            let slope = zip(g, h).map { $0 * $1 }.reduce(0, +) / n
            for i in x.indices {
                let expected = h[i] * Double(weight[i]) + Double(bias[i])
                #expect(abs(Double(y[i]) - expected) < 2e-6 * max(1, abs(h[i])))
                let gradient = factor * (g[i] - shared - h[i] * slope)
                #expect(abs(Double(dx[i]) - Double(start[i]) - gradient) < 4e-6 * max(1, factor))
            }
        }

        @Test("A constant row is normalised to the bias", arguments: BackEnd.available)
        func constantRow(backEnd: BackEnd) {
            let x = [Float](repeating: 7, count: 33)
            let weight = [Float](repeating: 2, count: 33)
            let bias = (0..<33).map { Float($0) }
            var y = x
            backEnd.run { ck_layer_norm(x, weight, bias, &y, 33, 1e-5) }
            #expect(y == bias)
        }

        @Test("GELU in its tanh form, and its gradients", arguments: BackEnd.available)
        func gelu(backEnd: BackEnd) {
            let x = (0...4000).map { Float($0 - 2000) / 160 }
            var y = x
            var gate = x
            var up = [Float](repeating: 3, count: x.count)
            let dy = [Float](repeating: 0.5, count: x.count)
            backEnd.run {
                ck_gelu_multiply(x, up, &y, x.count)
                ck_gelu_multiply_backward(&gate, &up, dy, x.count)
            }
            let root = (2 / Double.pi).squareRoot()
            for i in x.indices {
                let v = Double(x[i])
                let t = tanh(root * (v + 0.044715 * v * v * v))
                let value = 0.5 * v * (1 + t)
                let slope = 0.5 * (1 + t) + 0.5 * v * (1 - t * t) * root * (1 + 3 * 0.044715 * v * v)
                #expect(abs(Double(y[i]) - 3 * value) < 1e-6 * max(1, abs(v)))
                #expect(abs(Double(up[i]) - 0.5 * value) < 1e-6 * max(1, abs(v)))
                #expect(abs(Double(gate[i]) - 1.5 * slope) < 2e-6)
            }
        }

        @Test("GELU far out is 0 or x, with slope 0 or 1", arguments: BackEnd.available)
        func geluFarOut(backEnd: BackEnd) {
            let x: [Float] = [-3e38, -1e20, -1e3, -30, -15, 0, 15, 30, 1e3, 1e20, 3e38]
            let ones = [Float](repeating: 1, count: x.count)
            var y = x
            var gate = x
            var up = ones
            backEnd.run {
                ck_gelu_multiply(x, ones, &y, x.count)
                ck_gelu_multiply_backward(&gate, &up, ones, x.count)
            }
            for i in x.indices {
                let expected = max(0, x[i])
                #expect(abs(y[i] - expected) <= abs(x[i]) * 1e-37 && abs(up[i] - expected) <= abs(x[i]) * 1e-37)
                #expect(abs(gate[i] - (x[i] > 0 ? 1 : x[i] < 0 ? 0 : 0.5)) <= abs(x[i]) * 1e-36)
            }
        }

        @Test("Partial rotation turns the first elements by halves and leaves the rest")
        func partialRotation() {
            var noise = Noise(8)
            let x = noise.array(3 * 20)
            let cosine: [Float] = [0, 1, 0.6, 0.8]
            let sine: [Float] = [1, 0, 0.8, -0.6]
            var rotated = x
            ck_rope_partial(&rotated, 3, 20, 8, cosine, sine, 1)
            for head in 0..<3 {
                let (old, new) = (
                    x[head * 20..<head * 20 + 20].map { $0 }, rotated[head * 20..<head * 20 + 20].map { $0 }
                )
                for i in 0..<4 {
                    #expect(abs(new[i] - (old[i] * cosine[i] - old[i + 4] * sine[i])) < 1e-6)
                    #expect(abs(new[i + 4] - (old[i + 4] * cosine[i] + old[i] * sine[i])) < 1e-6)
                }
                #expect(new[8...] == old[8...])
            }
        }

        @Test("One number that is not finite is found wherever it is", arguments: [Float.nan, .infinity, -.infinity])
        func allFinite(value: Float) {
            let row = [Float](repeating: -.greatestFiniteMagnitude, count: 37)
            #expect(ck_all_finite(row, 37) && ck_all_finite([], 0))
            for index in row.indices {
                var changed = row
                changed[index] = value
                #expect(!ck_all_finite(changed, 37))
                #expect(ck_all_finite(changed, index))
            }
        }

        @Test("The largest element is the first among equals")
        func argmax() {
            #expect(ck_argmax([5], 1) == 0)
            #expect(ck_argmax([-3, -1, -2], 3) == 1)
            #expect(ck_argmax([1, 7, 7, 7], 4) == 1)
            #expect(ck_argmax([0, -0.0, 0], 3) == 0)
            #expect(ck_argmax([-.greatestFiniteMagnitude, -1e38], 2) == 1)
        }
    }
}
