import CKernels
import SeededRandom
import Testing

/// Lengths around vectors and groups of 64.
private let lengths = [1, 3, 15, 16, 17, 63, 64, 65, 200, 2050]

extension KernelTests {
    @Suite("Kernels on the entries of updates")
    struct EntryKernelTests {
        /// Few values, so that many are equal, and some zeros.
        private func entries(_ count: Int, seed: Int) -> [Float] {
            var noise = Noise(seed)
            return (0..<count).map { _ in Float(noise.index(below: 41) - 20) / 8 }
        }

        @Test("Magnitudes in a range", arguments: BackEnd.available, lengths)
        func magnitudes(backEnd: BackEnd, count: Int) {
            let x = entries(count, seed: count)
            let (low, high): (Float, Float) = (0.5, 1.25)
            let expected = x.map { low...high ~= abs($0) ? $0 : 0 }
            backEnd.run {
                var kept = x
                ck_keep_magnitudes(&kept, count, low.bitPattern, high.bitPattern)
                #expect(kept == expected)
                var found = [UInt32](repeating: 0, count: count + 16)
                var number = 0
                let above = ck_count_magnitudes(x, count, low.bitPattern, high.bitPattern, &found, &number)
                #expect(above == x.count { abs($0) > high })
                #expect(Array(found.prefix(number)) == x.map(abs).filter { low...high ~= $0 }.map(\.bitPattern))
            }
        }

        @Test("Dropping by chance", arguments: BackEnd.available, lengths)
        func thinning(backEnd: BackEnd, count: Int) {
            let x = entries(count, seed: count)
            for (probability, divisor): (Double, Float) in [(0.5, 1), (0.3, 0.3), (1e-9, 2)] {
                var generator = SeededGenerator(seed: 77)
                let expected = x.map { generator.nextUniform() < probability ? $0 / divisor : 0 }
                var thinned = x
                backEnd.run {
                    ck_thin(&thinned, count, 77, UInt64((probability * 0x1p53).rounded(.up)), divisor)
                }
                #expect(thinned == expected)
            }
        }

        @Test("Dropping by chance and rank", arguments: BackEnd.available, lengths)
        func ranked(backEnd: BackEnd, count: Int) {
            var noise = Noise(count)
            // From 10⁻³⁰ on, so that the smallest share a bucket, with a few equal ones.
            var x = noise.array(count).map { $0 * ($0 < -0.9 ? 1e-30 : 1) }
            for index in stride(from: 0, to: count - 7, by: 97) { x[index + 6] = -x[index] }
            let order = x.indices.sorted { (abs(x[$0]), -$0) < (abs(x[$1]), -$1) }
            let probabilities = (0..<count).map { 0.2 + 0.6 * Double($0) / Double(max(1, count - 1)) }
            for seed: UInt64 in 1...8 {
                var generator = SeededGenerator(seed: seed)
                let drawn = (0..<count).map { _ in generator.nextUniform() }
                var expected = x
                for (rank, index) in order.enumerated() where !(drawn[index] < probabilities[rank]) {
                    expected[index] = 0
                }
                var thinned = x
                var room = [UInt32](repeating: 0, count: count + 2 * Int(CK_RANK_BUCKETS))
                let limits = probabilities.map { UInt64(($0 * 0x1p53).rounded(.up)) }
                let isDone = backEnd.run { ck_thin_ranked(&thinned, count, seed, limits, &room) }
                // What is too much to count out is left as it was.
                #expect(thinned == (isDone ? expected : x))
                #expect(isDone || count > 64)
            }
        }

        @Test("Rows of equal entries are refused", arguments: BackEnd.available)
        func equal(backEnd: BackEnd) {
            var x = [Float](repeating: 1, count: 3000)
            var room = [UInt32](repeating: 0, count: 3000 + 2 * Int(CK_RANK_BUCKETS))
            let limits = (0..<3000).map { UInt64($0) << 41 }
            #expect(!backEnd.run { ck_thin_ranked(&x, 3000, 1, limits, &room) })
            #expect(x.allSatisfy { $0 == 1 })
        }

        @Test("Elected and plain sums", arguments: BackEnd.available, lengths.filter { $0 >= 16 })
        func sums(backEnd: BackEnd, count: Int) {
            for tensors in 1...3 {
                let x = (0..<tensors).map { entries(count, seed: count + $0) }
                let factors: [Float] = Array([0.3, 0.7, -0.2].prefix(tensors))
                let shares: [Float] = Array([1, 0.5, 2].prefix(tensors))
                func sum(_ body: ([UnsafePointer<Float>?], inout [Float]) -> Void) -> [Float] {
                    var result = [Float](repeating: .nan, count: count)
                    let all = x.flatMap(\.self)
                    all.withUnsafeBufferPointer { all in
                        body((0..<tensors).map { tensor in all.baseAddress.map { $0 + count * tensor } }, &result)
                    }
                    return result
                }
                let plain = backEnd.run { sum { ck_add_weighted($0, tensors, count, factors, &$1) } }
                #expect(
                    plain
                        == (0..<count).map { index in (0..<tensors).reduce(Float(0)) { $0 + x[$1][index] * factors[$1] }
                        })
                for vote in [CK_VOTE_TOTAL, CK_VOTE_SIGN, CK_VOTE_SIGN_THEN_TOTAL] {
                    let elected = backEnd.run { sum { ck_elect($0, tensors, count, factors, shares, vote, &$1) } }
                    let expected = (0..<count).map { index in elect(x.map { $0[index] }, factors, shares, vote) }
                    #expect(firstDifference(elected, expected) == nil)
                }
            }
        }

        private func elect(_ values: [Float], _ factors: [Float], _ shares: [Float], _ vote: ck_vote) -> Float {
            let total = values.reduce(0, +)
            let signs = values.reduce(Float(0)) { $0 + ($1 > 0 ? 1 : 0) - ($1 < 0 ? 1 : 0) }
            let ballot = vote == CK_VOTE_TOTAL ? total : vote == CK_VOTE_SIGN || signs != 0 ? signs : total
            var (sum, divisor): (Float, Float) = (0, 0)
            for (index, value) in values.enumerated() where ballot >= 0 ? value > 0 : value < 0 {
                sum += value * factors[index]
                divisor += shares[index]
            }
            return sum / (divisor == 0 ? 1 : divisor)
        }
    }
}
