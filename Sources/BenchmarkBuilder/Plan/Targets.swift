import BenchmarkStore
import Foundation

/// The languages and tones that corpora offer; they come from the manifests and are never code.
public struct Targets: Hashable, Sendable {
    /// A language that texts can be asked for in.
    public struct Language: Codable, Hashable, Sendable {
        /// BCP 47 code, such as `es`.
        public let code: String
        /// English name, such as `Spanish`.
        public let name: String

        /// A language by its code and English name.
        public init(code: String, name: String) {
            self.code = code
            self.name = name
        }
    }

    /// A tone that texts can be asked for in.
    public struct Tone: Codable, Hashable, Sendable {
        /// Name, such as `witty`.
        public let name: String
        /// The words for prompts, such as `in a witty tone`.
        public let instruction: String

        /// A tone by its name and its words for prompts.
        public init(name: String, instruction: String) {
            self.name = name
            self.instruction = instruction
        }
    }

    /// The languages, in the order of the manifests.
    public let languages: [Language]
    /// The tones, in the order of the manifests.
    public let tones: [Tone]

    /// Targets as given.
    public init(languages: [Language], tones: [Tone]) {
        self.languages = languages
        self.tones = tones
    }

    /// What several corpora offer together: each language and tone once, where it first occurs.
    ///
    /// - Parameter isOffered: whether a corpus has any text in a language or tone that its manifest names.
    /// - Throws: `BuildError`: `corpus` for a manifest that cannot be read, or that calls a language or tone by what is no
    ///   code or name; `disagreement` where two corpora name the same language or word the same tone differently, or have
    ///   different source languages.
    public init(
        of corpora: [CorpusRecord],
        where isOffered: (CorpusRecord, VariantKind, String) -> Bool = { _, _, _ in true }
    ) throws(BuildError) {
        var languages: [Language] = []
        var tones: [Tone] = []
        for corpus in corpora {
            if let first = corpora.first, first.language != corpus.language {
                throw BuildError(
                    .disagreement,
                    "\(first.name) is written in \(first.language) and \(corpus.name) in \(corpus.language): "
                        + "corpora of one build share their source language, so build them apart",
                    key: corpus.name)
            }
            guard let manifest = try? CanonicalJSON.value(Manifest.self, from: corpus.manifest) else {
                throw BuildError(
                    .corpus, "the stored manifest of \(corpus.name) names no languages and tones: ingest it again",
                    key: corpus.name)
            }
            for language in manifest.languages where isOffered(corpus, .language, language.code) {
                // Settings are called after it, and files and folders after settings.
                guard language.code.isLanguageTag else { throw Self.noName("language", language.code, in: corpus) }
                guard let known = languages.first(where: { $0.code == language.code }) else {
                    languages.append(language)
                    continue
                }
                if known != language {
                    throw Self.disagreement("language \(language.code)", [known.name, language.name], in: corpus)
                }
            }
            for tone in manifest.tones where isOffered(corpus, .tone, tone.name) {
                guard tone.name.isSlug else { throw Self.noName("tone", tone.name, in: corpus) }
                guard let known = tones.first(where: { $0.name == tone.name }) else {
                    tones.append(tone)
                    continue
                }
                if known != tone {
                    throw Self.disagreement("tone \(tone.name)", [known.instruction, tone.instruction], in: corpus)
                }
            }
        }
        self.init(languages: languages, tones: tones)
    }

    /// A corpus's manifest with these languages and tones in place of its own; all else stays.
    ///
    /// - Throws: `BuildError.corpus` for a manifest that is no JSON object.
    public func replacingTargets(inManifest text: String) throws -> String {
        let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        guard var manifest = value as? [String: Any] else {
            throw BuildError(.corpus, "the stored manifest is no JSON object: ingest the corpus again")
        }
        manifest["languages"] = languages.map { ["code": $0.code, "name": $0.name] }
        manifest["tones"] = tones.map { ["name": $0.name, "instruction": $0.instruction] }
        let data = try JSONSerialization.data(
            withJSONObject: manifest, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private struct Manifest: Decodable {
        let languages: [Language]
        let tones: [Tone]
    }

    private static func noName(_ what: String, _ name: String, in corpus: CorpusRecord) -> BuildError {
        BuildError(
            .corpus,
            "\(corpus.name) has texts for the \(what) \"\(name)\", which is no plain \(what == "tone" ? "name" : "code"): ingest "
                + "it again under another", key: corpus.name)
    }

    private static func disagreement(_ what: String, _ words: [String], in corpus: CorpusRecord) -> BuildError {
        BuildError(
            .disagreement,
            "\(what) is \"\(words[0])\" in one corpus and \"\(words[1])\" in \(corpus.name): make them the same",
            key: corpus.name)
    }
}
