import SeededRandom
import TextMetrics
import Testing

@Suite struct MinHashTests {
    private func hashes(_ count: Int, seed: UInt64) -> [UInt64] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in generator.next() }
    }

    @Test(arguments: [(900, 100), (500, 500), (200, 800), (20, 980), (0, 1000)])
    func signaturesAgreeAsOftenAsTheSetsAreAlike(shared: Int, own: Int) {
        let minHash = MinHash(permutations: 2_000)
        let common = hashes(shared, seed: 1)
        let (one, other) = (common + hashes(own, seed: 2), common + hashes(own, seed: 3))
        let expected = Double(shared) / Double(shared + 2 * own)
        let agreeing = zip(minHash.signature(of: one), minHash.signature(of: other)).count { $0 == $1 }
        // Four standard deviations of a binomial share.
        let tolerance = 4 * (expected * (1 - expected) / 2_000).squareRoot()
        #expect(abs(Double(agreeing) / 2_000 - expected) <= tolerance)
    }

    @Test func aSignatureDependsOnTheSetAlone() {
        let minHash = MinHash()
        let set = hashes(50, seed: 5)
        let signature = minHash.signature(of: set)
        #expect(signature.count == 128 && minHash.permutations == 128)
        #expect(minHash.signature(of: set.reversed() + set) == signature)
        #expect(MinHash().signature(of: set) == signature)
        #expect(minHash.signature(of: []) == [UInt32](repeating: .max, count: 128))
    }

    /// What `_optimal_param` of datasketch 2.0.0 answers for 128 permutations.
    @Test(arguments: [
        (0.5, 0.5, 0.5, Banding(bands: 25, rows: 5)), (0.5, 0.1, 0.9, Banding(bands: 32, rows: 4)),
        (0.5, 0.01, 0.99, Banding(bands: 39, rows: 3)), (0.5, 0.00001, 0.99999, Banding(bands: 44, rows: 2)),
        (0.7, 0.5, 0.5, Banding(bands: 14, rows: 9)), (0.7, 0.1, 0.9, Banding(bands: 20, rows: 6)),
        (0.8, 0.5, 0.5, Banding(bands: 9, rows: 13)), (0.8, 0.02, 0.98, Banding(bands: 17, rows: 7)),
    ])
    func cutsSignaturesAsDatasketchDoes(threshold: Double, positives: Double, negatives: Double, expected: Banding) {
        let banding = Banding.optimal(
            threshold: threshold, permutations: 128, falsePositiveWeight: positives, falseNegativeWeight: negatives)
        #expect(banding == expected)
    }

    @Test func hardlyEverMissesAPairAtTheThreshold() {
        let banding = NearDuplicates.banding
        #expect(banding == Banding(bands: 53, rows: 2))
        #expect(1 - banding.probability(at: NearDuplicates.shingleThreshold) < 1e-6)
        #expect(banding.probability(at: 0.01) < 0.01)
        #expect(banding.probability(at: 0) == 0 && banding.probability(at: 1) == 1)
    }

    @Test func handsOutEveryPairThatAgreesInABandOnce() {
        var index = LocalitySensitiveIndex(Banding(bands: 2, rows: 3))
        for signature: [UInt32] in [
            [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [9, 2, 3, 4, 5, 6], [1, 2, 9, 4, 5, 9], [4, 5, 6, 1, 2, 3],
            [7, 7, 7, 4, 5, 6, 8],
        ] { index.add(signature) }
        var found: [[Int]] = []
        index.forEachCandidate { found.append([$0, $1]) }
        #expect(index.count == 6)
        #expect(
            found.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) } == [[0, 1], [0, 2], [0, 5], [1, 2], [1, 5], [2, 5]])
    }
}
