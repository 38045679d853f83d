import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct FormatRegisterTests {
    @Test func describesEveryFormat() {
        #expect(Set(FormatRegister.names).count == FormatRegister.names.count)
        for format in FormatRegister.formats {
            let about = format.about
            #expect(about.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(about.name)")
            for text in [about.title, about.yields] {
                #expect(!text.isEmpty && text.count <= 120 && !text.contains("\n") && !text.contains("|"), "\(text)")
            }
            #expect(about.layout.last == "." || about.layout.hasSuffix("```"), "\(about.layout)")
            if let facts = about.dataset {
                #expect(!facts.citation.isEmpty && TextOrigin.isValid(facts.origin))
                #expect(!LicenceTerms(facts.licence).isUnknown || facts.licence.hasPrefix("LicenseRef-"), "\(facts)")
            }
        }
    }

    @Test func refusesANameThatNoFormatHas() {
        let error = #expect(throws: CorpusError.self) { try FormatRegister.format(named: "nothing") }
        #expect(error?.code == .unknownFormat && error?.message.contains("braid-corpus") == true)
    }

    /// `BRAID_UPDATE_DOCS=1 swift test --filter theDocumentationListsThem` writes the list anew.
    @Test func theDocumentationListsThem() throws {
        let url = Fixtures.root.appending(path: "docs/corpora.md")
        let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        let begin = try #require(text.range(of: "<!-- formats: begin -->\n"))
        let end = try #require(text.range(of: "<!-- formats: end -->"))
        if ProcessInfo.processInfo.environment["BRAID_UPDATE_DOCS"] != nil {
            let new = text[..<begin.upperBound] + FormatRegister.markdown + text[end.lowerBound...]
            try Data(new.utf8).write(to: url)
            return
        }
        #expect(text[begin.upperBound..<end.lowerBound] == FormatRegister.markdown[...])
    }
}
