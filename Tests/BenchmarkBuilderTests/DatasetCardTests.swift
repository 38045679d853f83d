import BenchmarkBuilder
import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct DatasetCardTests {
    /// The card's YAML header and what follows it, for a build of corpora.
    private func card(
        _ corpora: CorpusContents..., annotations: [String] = []
    ) throws -> (header: String, text: String) {
        let store = try TestStore()
        for contents in corpora { try store.database.insertCorpus(contents) }
        let parameters = BuildParameters(name: "test", corpora: corpora.map(\.corpus.name), annotations: annotations)
        let folder = store.folder.path("out")
        _ = try BenchmarkBuilder.build(parameters, in: store.database, exportingTo: folder, isAllowed: true)
        let card = String(decoding: try #require(TestStore.files(in: folder)["README.md"]), as: UTF8.self)
        let parts = card.components(separatedBy: "---\n")
        return (try #require(parts.dropFirst().first), parts.dropFirst(2).joined(separator: "---\n"))
    }

    @Test func beginsWithWhatHubsRead() throws {
        let corpus = TestCorpus(
            language: "en-GB", languages: [("es", "Spanish")], tones: [], dialogues: 3, conversations: 0, sentences: 0,
            messages: 0)
        let header = try card(corpus.contents).header
        #expect(
            header == """
                license:
                - "cc0-1.0"
                language:
                - "en"
                - "es"
                language_bcp47:
                - "en-GB"
                - "es"
                pretty_name: "Braid: test"
                size_categories:
                - "n<1K"
                task_categories:
                - "summarization"
                - "translation"
                tags:
                - "compositional-multi-tasking"
                - "lora"
                - "model-merging"
                configs:
                - config_name: "summarize"
                  data_files:
                  - split: train
                    path: "summarize.train.jsonl"
                  - split: test
                    path: "summarize.test.jsonl"
                - config_name: "summarize-translate-es"
                  data_files:
                  - split: train
                    path: "summarize+translate/es.train.jsonl"
                  - split: test
                    path: "summarize+translate/es.test.jsonl"
                dataset_info:
                - config_name: "summarize"
                  features: &columns
                  - name: "id"
                    dtype: "string"
                  - name: "corpus"
                    dtype: "string"
                  - name: "document"
                    dtype: "string"
                  - name: "setting"
                    dtype: "string"
                  - name: "split"
                    dtype: "string"
                  - name: "input"
                    dtype: "string"
                  - name: "instruction"
                    dtype: "string"
                  - name: "reference"
                    dtype: "string"
                  - name: "origin"
                    dtype: "string"
                  - name: "further_references"
                    sequence: "string"
                  - name: "further_origins"
                    sequence: "string"
                  - name: "licence"
                    dtype: "string"
                - config_name: "summarize-translate-es"
                  features: *columns

                """)
    }

    @Test(arguments: [
        ("Apache-2.0", "license:\n- \"apache-2.0\"\nlanguage:"), ("MIT", "license:\n- \"mit\"\nlanguage:"),
        ("CC-BY-NC-SA-4.0", "license:\n- \"cc-by-nc-sa-4.0\"\nlanguage:"),
        ("GPL-3.0-or-later", "license:\n- \"gpl-3.0\"\nlanguage:"),
        ("ODbL-1.0", "license:\n- \"odbl\"\nlanguage:"),
        (
            "CC-BY-2.0-FR",
            "license:\n- \"other\"\nlicense_name: \"cc-by-2.0-fr\"\n"
                + "license_link: \"https://spdx.org/licenses/CC-BY-2.0-FR.html\"\nlanguage:"
        ),
        (
            "LicenseRef-Our Lab_NC", "license:\n- \"other\"\nlicense_name: \"licenseref-our-lab-nc\"\nlanguage:"
        ),
        ("MIT OR Apache-2.0", "license:\n- \"other\"\nlicense_name: \"mit-or-apache-2.0\"\nlanguage:"),
        ("NOASSERTION", "license:\n- \"other\"\nlicense_name: \"noassertion\"\nlanguage:"),
        ("", "license:\n- \"other\"\nlicense_name: \"unknown\"\nlanguage:"),
    ])
    func namesTheLicenceAsHubsDo(licence: String, lines: String) throws {
        #expect(try card(.odd(licence: licence)).header.hasPrefix(lines))
    }

    @Test func tellsWhereTextsComeFromAndWhatTheirLicencesForbid() throws {
        var other = TestCorpus(name: "plain", tones: [], conversations: 0, messages: 0, prefix: "p").contents
        other.corpus.licence = "Apache-2.0"
        let (header, text) = try card(.odd(licence: "CC-BY-NC-SA-4.0"), other, annotations: ["someone"])
        #expect(header.hasPrefix("license:\n- \"cc-by-nc-sa-4.0\"\n- \"apache-2.0\"\n"))
        for part in [
            "Licence of the texts: CC-BY-NC-SA-4.0 (no commercial use, share alike); Apache-2.0.\n",
            "### odd 1\n\nMade up\n\n- Licence: CC-BY-NC-SA-4.0 (no commercial use, share alike), "
                + "<https://spdx.org/licenses/CC-BY-NC-SA-4.0.html>\n"
                + "- To cite: Nobody: \"Odd\",   a corpus | of traps (2026).\n",
            "| `odd.jsonl` | 7 | 50 | 0 | `\(ContentHash(of: "odd").hex)` |\n",
            "| `person` | people | 0 | ", "| `model:someone` | the model someone | 0 | ",
            "| `project` | the corpus's own project | ", "- An example has 1 to 3 references;",
            "Here 40 documents form 20 such groups.", "- Nobody (2026).",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test func saysWhereTheSourcesOwnSplitsWereKept() throws {
        let same = "Ada: The tap in the kitchen drips all night and nobody has come to mend it.\nBo: I will."
        let corpus = TestCorpus(
            texts: ["dialogue-1": same, "dialogue-4": same],
            splits: ["dialogue-1": .train, "dialogue-4": .test, "dialogue-5": .test])
        let text = try card(corpus.contents).text
        #expect(text.contains("(3 documents; left out for repeating another split: 1 document)"))
        #expect(!text.contains("alone; the counts are"))
        #expect(try card(TestCorpus().contents).text.contains("alone; the counts are these shares"))
    }

    @Test func countsTestsOfCompositionsFromFewestToMost() throws {
        // Only the first language has references in the second corpus.
        let full = TestCorpus(conversations: 0)
        let part = TestCorpus(name: "part", languages: [("es", "Spanish")], tones: [], conversations: 0, prefix: "B. ")
        #expect(try card(full.contents).text.contains("- Compositions are tested on 6 dialogues;"))
        #expect(try card(full.contents, part.contents).text.contains("- Compositions are tested on 6 to 12 dialogues;"))
    }

    @Test func countsDocumentsThatAreAlike() throws {
        #expect(try card(TestCorpus().contents).text.contains("Here no two documents are so alike."))
        let same = "Ada: The tap in the kitchen drips all night and nobody has come to mend it.\nBo: I will."
        let corpus = TestCorpus(texts: ["dialogue-1": same, "dialogue-4": same, "dialogue-7": same])
        #expect(try card(corpus.contents).text.contains("Here 3 documents form 1 such group."))
    }
}
