import Foundation
import ModelEngine
import SeededRandom
import Testing

struct SamplingTests {
    private func draws(_ options: SamplingOptions, _ logits: [Float], _ count: Int, stream: UInt64 = 0) throws
        -> [Int32]
    {
        var sampler = try Sampler(options, stream: stream)
        return (0..<count).map { _ in sampler.next(logits, count: logits.count) }
    }

    private func random(_ generator: inout SeededGenerator, _ count: Int, ties: Bool) -> [Float] {
        (0..<count).map { _ in
            let value = Float(generator.nextUniform() * 12 - 6)
            return ties ? value.rounded() : value
        }
    }

    // MARK: Against the definition

    /// What may be drawn and with what probability, by full sorts and in double precision.
    private func reference(_ options: SamplingOptions, _ logits: [Float]) -> [(id: Int, probability: Double)] {
        var ranked = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
        if options.topK > 0 { ranked = Array(ranked.prefix(options.topK)) }
        let top = Double(logits[ranked[0]])
        let weights = ranked.map { exp((Double(logits[$0]) - top) / Double(options.temperature)) }
        let total = weights.reduce(0, +)
        // Where the sum is as good as at the goal, either set is right; the callers avoid such cases.
        let goal = options.topP < 1 ? Double(options.topP) : .infinity
        var (sum, size) = (0.0, 0)
        repeat {
            sum += weights[size] / total
            size += 1
        } while size < ranked.count && sum < goal
        return zip(ranked, weights).prefix(size).map { ($0, $1 / total / sum) }.sorted { $0.0 < $1.0 }
    }

    /// Whether a nucleus ends so close to the goal that rounding decides.
    private func isClose(_ options: SamplingOptions, _ logits: [Float]) -> Bool {
        guard options.topP < 1 else { return false }
        var all = options
        all.topP = 1
        let ranked = reference(all, logits).map(\.probability).sorted(by: >)
        var sum = 0.0
        for probability in ranked {
            sum += probability
            if abs(sum - Double(options.topP)) < 1e-5 { return true }
        }
        return false
    }

    @Test func drawsAreThoseOfTheDefinition() throws {
        var generator = SeededGenerator(seed: 11)
        var compared = 0
        for round in 0..<3000 {
            let size = [1, 2, 3, 7, 16, 17, 50, 200, 1000][round % 9]
            let options = SamplingOptions(
                temperature: [0.05, 0.3, 0.7, 1, 1.7, 5][generator.nextIndex(below: 6)],
                topK: [0, 0, 1, 2, 5, 40, 100_000][generator.nextIndex(below: 7)],
                topP: [1, 1, 0.95, 0.9, 0.5, 0.1, 1e-6][generator.nextIndex(below: 7)], seed: UInt64(round))
            let logits = random(&generator, size, ties: round % 3 == 0)
            if isClose(options, logits) { continue }
            let expected = reference(options, logits)
            var sampler = try Sampler(options, stream: 5)
            var uniform = SeededGenerator(seed: options.seed, purpose: "sampling 5")
            for _ in 0..<10 {
                let token = sampler.next(logits, count: size)
                #expect(expected.contains { $0.id == Int(token) })
                if options.isGreedy { continue }
                let goal = uniform.nextUniform()
                var sum = 0.0
                let bounds = expected.map { pair -> Double in
                    sum += pair.probability
                    return sum
                }
                if bounds.contains(where: { abs($0 - goal) < 1e-5 }) { continue }
                #expect(expected[bounds.firstIndex { $0 > goal } ?? bounds.count - 1].id == Int(token))
                compared += 1
            }
        }
        #expect(compared > 20_000)
    }

    @Test func theNucleusIsTheSmallestThatReachesTheGoal() throws {
        // Probabilities 1/2, 1/4, 1/8, 1/16, 1/16: exact in binary, so a goal can be reached exactly.
        let logits = [0.0625, 0.5, 0.125, 0.25, 0.0625].map { Float(log($0)) }
        func drawn(_ topP: Float) throws -> Set<Int32> {
            Set(try draws(SamplingOptions(temperature: 1, topP: topP, seed: 3), logits, 2000))
        }
        #expect(try drawn(0.01) == [1])
        #expect(try drawn(0.49) == [1])
        #expect(try drawn(0.6) == [1, 3])
        #expect(try drawn(0.8) == [1, 2, 3])
        // Of equal ones the least id is in the nucleus first.
        #expect(try drawn(0.93) == [0, 1, 2, 3])
        #expect(try drawn(0.95) == [0, 1, 2, 3, 4])
        #expect(try drawn(1) == [0, 1, 2, 3, 4])
        let equal = [Float](repeating: 1, count: 4)
        #expect(Set(try draws(SamplingOptions(temperature: 1, topP: 0.5, seed: 3), equal, 500)) == [0, 1])
    }

    @Test func ofEqualLogitsTheLeastIdsAreKept() throws {
        let logits: [Float] = [1, 3, 2, 3, 2, 3, 2]
        #expect(Set(try draws(SamplingOptions(temperature: 9, topK: 2, seed: 1), logits, 500)) == [1, 3])
        #expect(Set(try draws(SamplingOptions(temperature: 9, topK: 5, seed: 1), logits, 500)) == [1, 2, 3, 4, 5])
    }

    // MARK: Distribution

    @Test(arguments: [
        SamplingOptions(temperature: 1, seed: 1), SamplingOptions(temperature: 0.6, topK: 8, seed: 2),
        SamplingOptions(temperature: 1.4, topP: 0.9, seed: 3),
        SamplingOptions(temperature: 1, topK: 10, topP: 0.8, seed: 4),
    ])
    func frequenciesFollowTheProbabilities(_ options: SamplingOptions) throws {
        var generator = SeededGenerator(seed: 21)
        let logits = random(&generator, 16, ties: false).map { $0 / 3 }
        let expected = reference(options, logits)
        let count = 40_000
        var seen: [Int32: Int] = [:]
        for token in try draws(options, logits, count) { seen[token, default: 0] += 1 }
        #expect(Set(seen.keys) == Set(expected.map { Int32($0.id) }))
        let square = expected.reduce(0.0) { sum, pair in
            let mean = pair.probability * Double(count)
            let difference = Double(seen[Int32(pair.id)] ?? 0) - mean
            return sum + difference * difference / mean
        }
        // Chi-square with n degrees of freedom has mean n and variance 2n; five deviations.
        let freedom = Double(expected.count - 1)
        #expect(square < freedom + 5 * (2 * freedom).squareRoot())
    }

    @Test func streamsUnderOneSeedAreIndependent() throws {
        let logits: [Float] = [0, 0]
        let options = SamplingOptions(temperature: 1, seed: 8)
        let first = try draws(options, logits, 4000, stream: 0)
        let second = try draws(options, logits, 4000, stream: 1)
        let same = zip(first, second).filter { $0 == $1 }.count
        #expect((1850...2150).contains(same))
    }

    // MARK: Limits

    @Test func withoutTemperatureTheLargestIsTaken() throws {
        var generator = SeededGenerator(seed: 31)
        for round in 0..<200 {
            let logits = random(&generator, 1 + round * 3, ties: round % 2 == 0)
            let best = Int32(logits.indices.max { (logits[$0], -$0) < (logits[$1], -$1) } ?? 0)
            #expect(try draws(SamplingOptions(), logits, 1) == [best])
            #expect(try draws(SamplingOptions(temperature: 1, topK: 1), logits, 1) == [best])
            if round % 2 == 1 {
                for temperature in [1e-6, 1e-30, Float.leastNonzeroMagnitude] {
                    #expect(
                        try draws(SamplingOptions(temperature: temperature, seed: 4), logits, 3) == [best, best, best])
                }
            }
        }
    }

    @Test(arguments: [
        SamplingOptions(), SamplingOptions(temperature: 1), SamplingOptions(temperature: 1, topK: 2, topP: 0.9),
    ])
    func logitsThatAreNoNumbersAreNotDrawn(_ options: SamplingOptions) throws {
        #expect(Set(try draws(options, [.nan, 2, -.infinity, .nan], 50)) == [1])
        #expect(Set(try draws(options, [-.infinity, -.infinity, -3], 50)) == [2])
        #expect(Set(try draws(options, [1, .infinity, 2], 50)) == [1])
        #expect(try draws(options, [.nan, .nan], 1) == [0])
        #expect(try draws(options, [-.infinity, -.infinity], 1) == [0])
        #expect(try draws(options, [5], 3) == [0, 0, 0])
    }

    // MARK: The same everywhere

    /// Tokens drawn on x86-64; every platform and back end must draw the same.
    static let golden: [(SamplingOptions, [Int32])] = [
        (
            SamplingOptions(temperature: 1, seed: 1),
            [
                779, 780, 329, 102, 613, 780, 569, 649, 90, 350, 332, 98, 61, 672, 4, 150, 628, 626, 252, 371, 495, 233,
                590, 60,
            ]
        ),
        (
            SamplingOptions(temperature: 0.7, topK: 40, seed: 2),
            [
                779, 67, 92, 590, 267, 677, 662, 747, 626, 747, 780, 590, 721, 458, 627, 315, 84, 442, 404, 655, 404,
                345, 679, 34,
            ]
        ),
        (
            SamplingOptions(temperature: 1.3, topP: 0.9, seed: 3),
            [
                585, 710, 75, 767, 747, 892, 416, 335, 647, 492, 117, 917, 626, 243, 973, 627, 943, 416, 437, 672, 627,
                4, 501, 267,
            ]
        ),
        (
            SamplingOptions(temperature: 0.9, topK: 100, topP: 0.95, seed: 4),
            [
                741, 458, 677, 677, 154, 672, 315, 226, 649, 597, 655, 4, 442, 780, 313, 744, 60, 285, 892, 61, 821,
                662, 741, 495,
            ]
        ),
    ]

    static func goldenDraws(_ index: Int) throws -> [Int32] {
        var generator = SeededGenerator(seed: 41)
        let logits = (0..<1003).map { _ in Float(generator.nextUniform() * 12 - 6) }
        var sampler = try Sampler(golden[index].0, stream: 9)
        return (0..<24).map { _ in sampler.next(logits, count: logits.count) }
    }

    @Test func aSamplerStartsAnew() throws {
        var generator = SeededGenerator(seed: 51)
        let logits = random(&generator, 300, ties: false)
        let options = SamplingOptions(temperature: 2, seed: 6)
        #expect(try draws(options, logits, 50) == draws(options, logits, 50))
        #expect(try draws(options, logits, 50) != draws(options, logits, 50, stream: 1))
        #expect(try draws(options, logits, 50) != draws(SamplingOptions(temperature: 2, seed: 7), logits, 50))
    }

    // MARK: Options

    @Test(arguments: [
        (SamplingOptions(temperature: -0.1), "temperature"), (SamplingOptions(temperature: .nan), "temperature"),
        (SamplingOptions(temperature: .infinity), "temperature"), (SamplingOptions(topK: -1), "topK"),
        (SamplingOptions(topP: 0), "topP"), (SamplingOptions(topP: 1.01), "topP"),
        (SamplingOptions(topP: .nan), "topP"),
    ])
    func optionsOutOfRangeAreRefused(_ options: SamplingOptions, _ key: String) {
        let error = modelError { _ = try Sampler(options, stream: 0) }
        #expect(error?.code == .badValue)
        #expect(error?.key == key)
    }

    @Test func optionsAreReadWithTheirDefaults() throws {
        let read = try JSONDecoder().decode(SamplingOptions.self, from: Data(#"{"temperature": 0.5, "topK": 40}"#.utf8))
        #expect(read == SamplingOptions(temperature: 0.5, topK: 40))
        #expect(try JSONDecoder().decode(SamplingOptions.self, from: JSONEncoder().encode(read)) == read)
        #expect(try JSONDecoder().decode(SamplingOptions.self, from: Data("{}".utf8)).isGreedy)
    }
}

extension KernelTests {
    @Test(arguments: BackEnd.available, SamplingTests.golden.indices)
    func aSeedGivesTheSameTokensEverywhere(_ backEnd: BackEnd, _ index: Int) throws {
        #expect(try backEnd.run { try SamplingTests.goldenDraws(index) } == SamplingTests.golden[index].1)
    }
}
