import ModelEngine
import Testing

@Suite("Learning rate")
struct LearningRateTests {
    private func rates(_ steps: Int, warmup: Double) -> [Float] {
        let options = TrainingOptions(learningRate: 1, warmup: warmup)
        return (0..<steps).map { options.learningRate(step: $0, of: steps) }
    }

    private func close(_ left: [Float], _ right: [Float]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    @Test("It rises in equal parts over the warm-up and falls in equal parts after it")
    func warmup() {
        #expect(close(rates(10, warmup: 0.3), [0.25, 0.5, 0.75, 1] + [6, 5, 4, 3, 2, 1].map { $0 / 7 }))
    }

    @Test("Without a warm-up it starts at the top")
    func noWarmup() {
        #expect(close(rates(4, warmup: 0), [1, 0.75, 0.5, 0.25]))
        #expect(close(rates(1, warmup: 0), [1]))
    }

    @Test("A training of one update has the full rate by default")
    func oneStep() {
        #expect(close(rates(1, warmup: 0.1), [1]))
    }

    @Test("With a warm-up of the whole training it only rises")
    func onlyWarmup() {
        #expect(close(rates(3, warmup: 1), [0.25, 0.5, 0.75]))
    }

    @Test("No update is without effect, and none is above the peak", arguments: [1, 2, 3, 7, 10, 333])
    func range(steps: Int) {
        for warmup in [0, 0.03, 0.1, 0.5, 0.99, 1] {
            #expect(rates(steps, warmup: warmup).allSatisfy { $0 > 0 && $0 <= 1 })
        }
    }
}
