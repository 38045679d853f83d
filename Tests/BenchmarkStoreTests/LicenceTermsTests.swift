import BenchmarkStore
import Testing

@Suite struct LicenceTermsTests {
    @Test(arguments: [
        ("CC-BY-4.0", ""), ("CC0-1.0", ""), ("MIT OR Apache-2.0", ""), ("CC-BY-SA-4.0", "share alike"),
        ("cc-by-nc-nd-4.0", "no commercial use, no derivatives"), ("LicenseRef-NC-Ours", "no commercial use"),
        ("LicenseRef-Ours", "terms not known"), ("NOASSERTION", "terms not known"), ("", "terms not known"),
        ("all rights reserved", "terms not known"), ("MIT AND Secret-1.0", "terms not known"),
        ("MITRE-house", "terms not known"),
    ])
    func areReadFromTheIdentifierAndNeverAssumedOpen(_ licence: String, _ words: String) {
        #expect(LicenceTerms(licence).words == words)
        #expect(LicenceTerms(licence).restrictsExport == !["", "share alike"].contains(words))
    }
}
