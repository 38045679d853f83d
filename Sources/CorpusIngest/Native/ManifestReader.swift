import BenchmarkStore

/// Reads and checks `corpus.json` of the native format.
struct ManifestReader {
    /// The manifest's name in every corpus folder.
    static let fileName = "corpus.json"

    /// The keys of the manifest.
    private static let keys = [
        "format", "formatVersion", "name", "version", "title", "description", "licence", "citation", "language",
        "languages", "tones", "origin", "files",
    ]

    private var fields: FieldReader
    private let isPack: Bool

    /// The manifest in a file's bytes, or nil with at least one error among the problems.
    ///
    /// - Parameter isPack: whether it is the first line of a pack, which names no files.
    package static func read(
        _ bytes: [UInt8], file: String, isPack: Bool
    ) -> (manifest: CorpusManifest?, problems: [CorpusProblem]) {
        var reader = ManifestReader(fields: FieldReader(file: file), isPack: isPack)
        let manifest = reader.fields.json(bytes[...].withoutByteOrderMark).flatMap { reader.manifest($0) }
        return (reader.fields.isSound ? manifest : nil, reader.fields.problems)
    }

    private mutating func manifest(_ value: JSONValue) -> CorpusManifest? {
        guard let top = fields.object(value, at: "") else { return nil }
        fields.noteUnknownKeys(of: top, known: isPack ? Self.keys.filter { $0 != "files" } : Self.keys)
        if let format = fields.text("format", of: top), format != "braid-corpus" {
            note("format", "format is \"\(format)\": this reader knows only \"braid-corpus\"")
        }
        if let version = fields.required("formatVersion", of: top), version != .number("1") {
            note("formatVersion", "formatVersion must be the number 1; this version of Braid reads no other")
        }
        let name = fields.text("name", of: top, oneLine: true)
        if let name, !name.isSlug { note("name", "name must be lower-case letters, digits and hyphens: \"\(name)\"") }
        let version = fields.text("version", of: top, oneLine: true)
        if let version, version.contains(where: { $0.isWhitespace || $0 == "@" || $0 == "/" }) {
            note("version", "version must be without blanks, \"@\" and \"/\": \"\(version)\"")
        }
        let title = fields.text("title", of: top, oneLine: true)
        let description = fields.text("description", of: top, oneLine: true)
        let licence = fields.text("licence", of: top, oneLine: true)
        let citation = fields.text("citation", of: top, oneLine: true)
        let language = fields.text("language", of: top, oneLine: true)
        if let language, !language.isLanguageCode {
            note("language", "language must be a BCP 47 code such as \"en\": \"\(language)\"")
        }
        let origin = fields.text("origin", of: top, oneLine: true)
        if let origin, !TextOrigin.isValid(origin) {
            note("origin", "origin must be \(TextOrigin.words): \"\(origin)\"")
        }
        let languages = languages(of: top, source: language)
        let tones = tones(of: top)
        let files = isPack ? [] : files(of: top)
        guard let name, let version, let title, let description, let licence, let citation, let language, let origin
        else { return nil }
        return CorpusManifest(
            name: name, version: version, title: title, description: description, licence: licence, citation: citation,
            language: language, languages: languages, tones: tones, origin: origin, files: files)
    }

    private mutating func languages(of top: JSONObject, source: String?) -> [CorpusManifest.Language] {
        var result: [CorpusManifest.Language] = []
        for entry in entries("languages", of: top, keys: ["code", "name"]) {
            guard let code = fields.text("code", of: entry, oneLine: true),
                let name = fields.text("name", of: entry, oneLine: true)
            else { continue }
            let path = entry.path(of: "code")
            if !code.isLanguageCode { note(path, "\(path) must be a BCP 47 code such as \"es\": \"\(code)\"") }
            if code == source { note(path, "\(path) is the source language \"\(code)\": it needs no translation") }
            if result.contains(where: { $0.code == code }) { note(path, "\(path) lists \"\(code)\" a second time") }
            result.append(CorpusManifest.Language(code: code, name: name))
        }
        return result
    }

    private mutating func tones(of top: JSONObject) -> [CorpusManifest.Tone] {
        var result: [CorpusManifest.Tone] = []
        for entry in entries("tones", of: top, keys: ["name", "instruction"]) {
            guard let name = fields.text("name", of: entry, oneLine: true),
                let instruction = fields.text("instruction", of: entry, oneLine: true)
            else { continue }
            let path = entry.path(of: "name")
            if !name.isSlug { note(path, "\(path) must be lower-case letters, digits and hyphens: \"\(name)\"") }
            if result.contains(where: { $0.name == name }) { note(path, "\(path) lists \"\(name)\" a second time") }
            result.append(CorpusManifest.Tone(name: name, instruction: instruction))
        }
        return result
    }

    private mutating func files(of top: JSONObject) -> [CorpusManifest.File] {
        let entries = entries("files", of: top, keys: ["path", "kind"])
        if entries.isEmpty, fields.isSound { note("files", "files names no file of records: name at least one") }
        var result: [CorpusManifest.File] = []
        for entry in entries {
            guard let path = fields.text("path", of: entry, oneLine: true),
                let name = fields.text("kind", of: entry, oneLine: true)
            else { continue }
            let pathKey = entry.path(of: "path")
            if !path.isPathInsideFolder {
                note(pathKey, "\(pathKey) must stay inside the corpus's folder, without \"..\": \"\(path)\"")
            }
            if path == Self.fileName || result.contains(where: { $0.path == path }) {
                note(pathKey, "\(pathKey) names \"\(path)\" a second time")
            }
            guard let kind = DocumentKind(rawValue: name) else {
                let known = DocumentKind.allCases.map(\.rawValue).joined(separator: ", ")
                note(entry.path(of: "kind"), "\(entry.path(of: "kind")) is \"\(name)\": it must be one of \(known)")
                continue
            }
            result.append(CorpusManifest.File(path: path, kind: kind))
        }
        return result
    }

    /// The objects of a list, each with its path and its keys checked.
    private mutating func entries(_ key: String, of top: JSONObject, keys: [String]) -> [JSONObject] {
        guard let values = fields.list(key, of: top) else { return [] }
        var entries: [JSONObject] = []
        for (index, value) in values.enumerated() {
            guard let entry = fields.object(value, at: "\(key)[\(index)]") else { continue }
            fields.noteUnknownKeys(of: entry, known: keys)
            entries.append(entry)
        }
        return entries
    }

    private mutating func note(_ key: String, _ message: String) {
        fields.note(.manifest, at: key, message)
    }
}
