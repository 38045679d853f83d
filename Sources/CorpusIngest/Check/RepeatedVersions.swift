import BenchmarkStore
import TextMetrics

/// Finds versions that repeat what they should translate or rewrite, or that repeat each other.
package struct RepeatedVersions {
    /// A translation may share a name or a title with its source, but not a run of so many words.
    static let copiedRun = 6
    /// Two versions in one language of which so much is the same, word by word, are one and the same.
    ///
    /// (Everyday corpus: 0.75 at most between any two.)
    static let sameVersions = 0.85
    /// Shorter versions are compared as wholes only.
    static let leastWords = 8

    /// The problems found, in the order of the documents.
    static func run(_ documents: [CorpusDocument]) -> [CorpusProblem] {
        documents.flatMap(problems)
    }

    private static func problems(of document: CorpusDocument) -> [CorpusProblem] {
        var problems: [CorpusProblem] = []
        func note(_ version: CorpusVersion, _ message: String) {
            problems.append(
                CorpusProblem(
                    .copiedText, file: document.file, line: document.line, record: document.key, key: version.keyPath,
                    message: "\(version.keyPath) \(message)"))
        }
        let source = document.versionedText
        let sourceWords = ComparedText.words(source.text)
        var earlier = [(key: source.key, form: ComparedText.normalised(source.text), words: sourceWords, language: "")]
        for version in document.versions where version.variantKind != .source {
            let form = ComparedText.normalised(version.text)
            let words = ComparedText.words(version.text)
            let language = version.variantKind == .language ? version.variant : ""
            defer { earlier.append((version.keyPath, form, words, language)) }
            if let same = earlier.first(where: { $0.form == form }) {
                note(version, "says the same words as \(same.key): \(remedy(version.variantKind))")
            } else if let alike = earlier.first(where: { $0.language == language && areAlike($0.words, words) }) {
                note(version, "is nearly the same as \(alike.key): \(remedy(version.variantKind))")
            } else if version.variantKind == .language {
                let run = longestSharedRun(sourceWords, words)
                guard run.count >= copiedRun else { continue }
                note(version, "repeats \"\(run.joined(separator: " "))\" from \(source.key): translate it")
            }
        }
        return problems
    }

    private static func areAlike(_ first: [String], _ second: [String]) -> Bool {
        min(first.count, second.count) >= leastWords
            && NearDuplicates.editSimilarity(first, second) >= sameVersions
    }

    private static func remedy(_ kind: VariantKind) -> String {
        kind == .language ? "translate it" : "rewrite it"
    }

    /// The longest run of words that two texts share.
    package static func longestSharedRun(_ first: [String], _ second: [String]) -> ArraySlice<String> {
        var best = first[0..<0]
        // lengths[j]: how many words end alike at the current word of `first` and word j − 1 of `second`.
        var lengths = [Int](repeating: 0, count: second.count + 1)
        for (i, word) in first.enumerated() {
            for j in stride(from: second.count, to: 0, by: -1) {
                lengths[j] = word == second[j - 1] ? lengths[j - 1] + 1 : 0
                if lengths[j] > best.count { best = first[(i + 1 - lengths[j])...i] }
            }
        }
        return best
    }
}
