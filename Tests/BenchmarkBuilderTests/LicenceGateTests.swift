import BenchmarkBuilder
import BenchmarkStore
import Testing

@Suite struct LicenceGateTests {
    private func corpus(_ licence: String, _ name: String = "made-up") -> CorpusRecord {
        CorpusRecord(
            name: name, version: "1", title: "Made up", licence: licence, language: "en", origin: "person",
            contentHash: ContentHash(of: name).hex)
    }

    @Test(arguments: ["Apache-2.0", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CDLA-Sharing-1.0", "ODbL-1.0"])
    func letsFreeLicencesThrough(licence: String) throws {
        try LicenceGate.check([corpus(licence)], isAllowed: false)
        #expect(LicenceGate.reminders([corpus(licence)]).isEmpty)
    }

    @Test(
        arguments: [
            ("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0 (no commercial use, share alike)"),
            ("CC-BY-NC-ND-4.0", "no commercial use, no derivatives"), ("LicenseRef-Ours", "terms not known"),
            ("", "no licence (terms not known)"), ("proprietary", "terms not known"),
            ("see website", "terms not known"),
        ])
    func holdsBackOthersUntilTheUserSaysThatTheyMay(licence: String, words: String) throws {
        let corpora = [corpus("MIT", "free"), corpus(licence)]
        let error = #expect(throws: BuildError.self) { try LicenceGate.check(corpora, isAllowed: false) }
        #expect(error?.code == .licence && error?.key == "made-up")
        for part in ["made-up@1", words, "--i-may"] { #expect(error?.message.contains(part) == true, "\(part)") }
        #expect(error?.message.contains("free@1") == false)
        try LicenceGate.check(corpora, isAllowed: true)
        let reminders = LicenceGate.reminders(corpora)
        #expect(reminders.count == 1 && reminders[0].contains("made-up@1") && reminders[0].contains(words))
    }
}
