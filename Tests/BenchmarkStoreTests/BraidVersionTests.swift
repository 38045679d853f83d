import BenchmarkStore
import Testing

@Test func versionHasThreeNumbers() {
    #expect(BraidVersion.current.split(separator: ".").compactMap { Int($0) }.count == 3)
}
