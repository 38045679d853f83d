import BenchmarkStore
import Foundation
import TextMetrics

extension CorpusManifest {
    /// The description of a corpus in a foreign format: what the user says, completed by what is known of the data set.
    ///
    /// - Throws: `CorpusError`: `incomplete` naming everything that is missing, `refused` for values that cannot be.
    package init(
        _ options: SourceOptions, facts about: FormatDescription, targets: SourceTargets, units: [SourceUnit],
        origin path: String
    ) throws(CorpusError) {
        let facts = about.dataset
        func missing(_ value: String?, _ flag: String) -> String? { (value ?? "").isEmpty ? flag : nil }
        let name = options.name ?? facts?.name
        let version = options.version ?? facts?.version
        let licence = options.licence ?? facts?.licence
        let citation = options.citation ?? facts?.citation
        let gaps = [
            missing(name, "--name"), missing(version, "--corpus-version"), missing(licence, "--licence"),
            missing(citation, "--citation"),
        ].compactMap(\.self)
        guard let name, let version, let licence, let citation, gaps.isEmpty else {
            throw CorpusError(
                .incomplete,
                "the format \(about.name) does not tell where its texts come from: say it with "
                    + gaps.joined(separator: ", ") + " (in a profile: "
                    + gaps.map { $0 == "--corpus-version" ? "version" : String($0.dropFirst(2)) }.joined(
                        separator: ", ")
                    + ")", file: path)
        }
        let language = options.language ?? targets.source ?? facts?.language ?? "en"
        let origin = options.origin ?? facts?.origin ?? "person"
        func check(_ isRight: Bool, _ message: String) throws(CorpusError) {
            if !isRight { throw CorpusError(.incomplete, message, file: path) }
        }
        try check(name.isSlug, "the name must be lower-case letters, digits and hyphens: \"\(name)\"")
        try check(
            !version.contains { $0.isWhitespace || $0 == "@" || $0 == "/" },
            "the version must be without blanks, \"@\" and \"/\": \"\(version)\"")
        try check(language.isLanguageCode, "the language must be a BCP 47 code such as \"en\": \"\(language)\"")
        for asked in options.languages ?? [] {
            try check(
                asked.code.isLanguageTag,
                "a translation's language must be a BCP 47 code such as \"es\": \"\(asked.code)\"")
            try check(
                LanguageName.isKnown(asked.code) || !["", asked.code].contains(asked.name),
                LanguageName.wanted(asked.code))
        }
        try check(TextOrigin.isValid(origin), "the origin must be \(TextOrigin.words): \"\(origin)\"")
        var languages = options.languages ?? targets.languages
        let tones = options.tones ?? targets.tones
        // What the files themselves say: settings, and with them files and folders, are called after it.
        for found in languages {
            try check(
                found.code.isLanguageTag,
                "the files name a language \"\(found.code)\", which is no BCP 47 code: say which ones to take with "
                    + "--translation (in a profile: languages)")
        }
        for tone in tones {
            try check(
                tone.name.isSlug, "a tone's name must be lower-case letters, digits and hyphens: \"\(tone.name)\"")
        }
        for index in languages.indices where languages[index].name.isEmpty {
            languages[index] = Language(
                code: languages[index].code, name: LanguageName.english(languages[index].code))
        }
        self.init(
            name: name, version: version, title: options.title ?? facts?.description ?? name,
            description: options.description ?? facts?.description ?? "", licence: licence, citation: citation,
            language: language, languages: languages, tones: tones, origin: origin, files: [])
    }
}

/// English names of languages.
public enum LanguageName {
    /// The English name of a BCP 47 code, from ICU; the code itself where ICU has none.
    public static func english(_ code: String) -> String {
        Locale(identifier: "en").localizedString(forIdentifier: code) ?? code
    }

    /// Whether ICU has a name for the language of a code, whatever its region and variants.
    static func isKnown(_ code: String) -> Bool {
        Locale(identifier: "en").localizedString(forLanguageCode: LanguageTag.primary(code)) != nil
    }

    /// What to do about a code that is not known.
    static func wanted(_ code: String) -> String {
        """
        "\(code)" is no language with a known name: mend the code, or say the name with --translation \(code)=Name \
        (in a profile: languages)
        """
    }
}
