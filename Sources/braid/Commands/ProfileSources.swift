import CorpusIngest
import EvaluationRunner
import Foundation

/// The corpora that a profile names, as sources to be read.
enum ProfileSources {
    /// The sources of a profile's `corpora`, in order; paths are relative to the working folder.
    static func sources(of path: String) throws -> [CorpusSource] {
        try sources(of: try Profile(contentsOf: URL(filePath: path)))
    }

    /// The sources of a profile that was read; without `corpora` the folder under Corpora/ that is named as the build.
    static func sources(of profile: Profile) throws -> [CorpusSource] {
        guard !profile.corpora.isEmpty else { return [try CorpusSource(["Corpora/\(profile.build)"])] }
        return try profile.corpora.enumerated().map { index, entry in
            var options = SourceOptions()
            options.format = entry.format
            options.name = entry.name
            options.version = entry.version
            options.title = entry.title
            options.description = entry.description
            options.licence = entry.licence
            options.citation = entry.citation
            options.language = entry.language
            options.languages = entry.languages?.map {
                CorpusManifest.Language(code: $0.code, name: $0.name ?? LanguageName.english($0.code))
            }
            options.tones = entry.tones?.map { CorpusManifest.Tone(name: $0.name, instruction: $0.instruction) }
            options.origin = entry.origin
            options.split = entry.split
            options.kind = entry.kind
            if let replies = entry.replies {
                guard let known = SourceOptions.Replies(rawValue: replies) else {
                    throw RunError(
                        .badProfile, "must be `last` or `every`, not \"\(replies)\"", file: profile.file,
                        key: "corpora[\(index)].replies"
                    ).placed(in: profile.text)
                }
                options.replies = known
            }
            options.columns = entry.columns ?? [:]
            options.detokenise = entry.detokenise ?? false
            return try CorpusSource(entry.paths, options)
        }
    }
}
