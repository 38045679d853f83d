import ReportRendering
import Testing

@Suite("Numbers as text")
struct NumberTextTests {
    @Test(
        "fixed decimals, half away from zero, no minus zero",
        arguments: [
            (31.25, 1, "31.3"), (-31.25, 1, "−31.3"), (-0.04, 1, "0.0"), (0, 1, "0.0"), (0.05, 2, "0.05"),
            (100, 0, "100"),
            (1e20, 1, "1e+20"), (.nan, 1, "–"), (.infinity, 1, "–"),
        ])
    func fixed(_ value: Double, _ decimals: Int, _ expected: String) {
        #expect(NumberText.fixed(value, decimals: decimals) == expected)
    }

    @Test("signs, ranges, counts, bytes and p-values")
    func others() {
        #expect(NumberText.signed(2) == "+2.0")
        #expect(NumberText.signed(0.01) == "0.0")
        #expect(NumberText.range(-1...2.5, signed: true) == "−1.0 to +2.5")
        #expect(NumberText.count(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(NumberText.count(-12) == "−12")
        #expect(NumberText.bytes(999) == "999 B")
        #expect(NumberText.bytes(98_000_000) == "98.0 MB")
        #expect(NumberText.probability(0.0004) == "<0.001")
        #expect(NumberText.probability(0.04) == "0.040")
        #expect(NumberText.probability(nil) == "–")
    }

    @Test("CSV fields are quoted where they must be")
    func csv() {
        #expect(CSVText.line(["a", "b,c", "d\"e", "f\r\ng"]) == "a,\"b,c\",\"d\"\"e\",\"f\r\ng\"\r\n")
    }
}
