import BenchmarkBuilder
import BenchmarkStore
import Testing

@Suite struct LicenceGateTests {
    private func corpus(_ licence: String, _ name: String = "made-up") -> CorpusRecord {
        CorpusRecord(
            name: name, version: "1", title: "Made up", licence: licence, language: "en", origin: "person",
            contentHash: ContentHash(of: name).hex)
    }

    @Test(arguments: [
        "Apache-2.0", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CDLA-Sharing-1.0", "MIT", "ODbL-1.0",
        "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-3.0-or-later", "(MIT OR CC-BY-4.0)", "CC BY 4.0",
    ])
    func letsFreeLicencesThrough(licence: String) throws {
        try LicenceGate.check([corpus(licence)], isAllowed: false)
        #expect(LicenceGate.reminders([corpus(licence)]).isEmpty)
    }

    @Test(
        arguments: [
            ("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0 (no commercial use, share alike)"),
            ("CC-BY-NC-ND-4.0", "no commercial use, no derivatives"), ("LicenseRef-Ours", "terms not known"),
            ("", "no licence (terms not known)"), ("proprietary", "proprietary (terms not known)"),
            ("NONE", "NONE (terms not known)"), ("see website", "terms not known"),
            ("MIT AND LicenseRef-Ours", "terms not known"),
            ("MIT OR CC-BY-NC-4.0", "no commercial use"), ("CC_BY_NC_4.0", "no commercial use"),
            ("CC-BY-4.0 AND", "terms not known"),
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
