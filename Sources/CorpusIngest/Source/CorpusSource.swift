import BenchmarkStore
import Foundation

/// A corpus to be read: its description, its format and its files, found by looking or said by the user.
public struct CorpusSource: Sendable {
    /// What was given on the command line or in a profile.
    public let origin: String
    /// The format.
    public let format: any SourceFormat.Type
    /// Whether the format was found by looking; false where the user named it.
    public let wasRecognised: Bool
    /// What is known about the corpus.
    public let manifest: CorpusManifest
    /// The options, completed by what the format knows.
    public let options: SourceOptions
    /// What is read, in order.
    public let units: [SourceUnit]
    /// Files that no format knows, such as licences and notes.
    public let passedOver: [SourceFile]
    /// Problems of the manifest that keep nothing out.
    public let problems: [CorpusProblem]
    /// Hash of the manifest's own bytes, where it is a file.
    let manifestHash: (name: String, sha256: String)?

    /// Finds out what is to be read at some paths, which make one corpus.
    ///
    /// - Throws: `CorpusError`: `unreadable`; `unknownFormat` where no format, or more than one, knows the files;
    ///   `incomplete` where the licence, the citation or another fact that every corpus must have is missing;
    ///   `refused` for a manifest with errors.
    public init(_ paths: [String], _ options: SourceOptions = SourceOptions()) throws(CorpusError) {
        var files: [SourceFile] = []
        for path in paths { files += try SourceListing.files(at: path) }
        guard let first = paths.first, !files.isEmpty else {
            throw CorpusError(.unreadable, "there is no file in it", file: paths.first ?? "")
        }
        if let twice = Dictionary(grouping: files, by: \.path).values.first(where: { $0.count > 1 }) {
            throw CorpusError(
                .incomplete, "two files of one corpus are called \(twice[0].path): give the folder that holds both",
                file: first)
        }
        try self.init(files, origin: first, options)
    }

    init(_ files: [SourceFile], origin: String, _ options: SourceOptions) throws(CorpusError) {
        if let found = try NativeCorpus.source(files, origin: origin, options) {
            self = found
            return
        }
        self.origin = origin
        let chosen: (format: any SourceFormat.Type, files: [SourceFile], others: [SourceFile])
        if let name = options.format {
            let format = try FormatRegister.format(named: name)
            let known = try files.count == 1 ? files : Self.recognised(files, by: format)
            // A name on the command line is the user's word for it, whatever the files look like.
            chosen = (format, known.isEmpty ? files : known, known.isEmpty ? [] : files.filter { !known.contains($0) })
        } else {
            chosen = try Self.recognise(files, origin: origin)
        }
        format = chosen.format
        wasRecognised = options.format == nil
        let units = try chosen.format.units(among: chosen.files, options)
        guard !units.isEmpty else {
            throw CorpusError(
                .unknownFormat, "holds no file that the format \(chosen.format.about.name) can read", file: origin)
        }
        self.units = units
        let read = Set(units.flatMap { $0.parts.map(\.file) })
        passedOver = files.filter { !read.contains($0) }
        self.options = options
        let targets = chosen.format.targets(of: units, options)
        manifest = try CorpusManifest(
            options, facts: chosen.format.about, targets: targets, units: units, origin: origin)
        problems = []
        manifestHash = nil
    }

    init(
        origin: String, format: any SourceFormat.Type, manifest: CorpusManifest, options: SourceOptions,
        units: [SourceUnit], passedOver: [SourceFile], problems: [CorpusProblem],
        manifestHash: (name: String, sha256: String)?
    ) {
        self.origin = origin
        self.format = format
        wasRecognised = options.format == nil
        self.manifest = manifest
        self.options = options
        self.units = units
        self.passedOver = passedOver
        self.problems = problems
        self.manifestHash = manifestHash
    }

    private static func recognised(
        _ files: [SourceFile], by format: any SourceFormat.Type
    ) throws(CorpusError) -> [SourceFile] {
        var known: [SourceFile] = []
        for file in files where !file.isNote {
            if format.recognises(FileProbe(file: file, head: try file.head())) { known.append(file) }
        }
        return known
    }

    /// The one format that knows some of the files.
    private static func recognise(
        _ files: [SourceFile], origin: String
    ) throws(CorpusError) -> (format: any SourceFormat.Type, files: [SourceFile], others: [SourceFile]) {
        var byFormat: [String: [SourceFile]] = [:]
        var others: [SourceFile] = []
        for file in files {
            if !file.isNote, let format = try FormatRegister.format(of: file) {
                byFormat[format.about.name, default: []].append(file)
            } else {
                others.append(file)
            }
        }
        guard let (name, known) = byFormat.first else {
            throw CorpusError(
                .unknownFormat,
                "no format knows \(files.count == 1 ? "this file" : "any file in it"): name one with --format "
                    + "(\(FormatRegister.names.joined(separator: ", "))); `columns` reads any JSON Lines, JSON, CSV or TSV once "
                    + "--column says what its columns hold, see docs/corpora.md",
                file: origin)
        }
        guard byFormat.count == 1 else {
            let names = byFormat.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value[0].path))" }
            throw CorpusError(
                .unknownFormat,
                "holds files of several formats: \(names.joined(separator: ", ")): name one with --format, or give the "
                    + "files one by one", file: origin)
        }
        return (try FormatRegister.format(named: name), known, others)
    }

    /// SHA-256 over the manifest and the files, with their paths: the same for the same bytes, wherever they lie.
    func contentHash(_ hashes: [SourceFile: FileFacts]) -> String {
        var lines = manifestHash.map { ["\($0.sha256)  \($0.name)"] } ?? ["\(manifestDigest)  manifest"]
        var seen: Set<SourceFile> = []
        for file in units.flatMap({ $0.parts.map(\.file) }) where seen.insert(file).inserted {
            lines.append("\(hashes[file]?.sha256 ?? "")  \(file.path)")
        }
        return ContentHash(of: lines.map { $0 + "\n" }.joined()).hex
    }

    /// What decides, beside the files, what is stored.
    private var manifestDigest: String {
        let text = (try? CanonicalJSON.text(manifest)) ?? ""
        return ContentHash(
            parts: [
                "manifest": text, "format": format.about.name, "replies": options.replies.rawValue,
                "columns": options.columns.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
                    separator: ","),
                "detokenise": String(options.detokenise), "split": options.split?.rawValue ?? "",
                "kind": options.kind?.rawValue ?? "",
            ]
        ).hex
    }
}

/// Hash and size of a file on disk.
struct FileFacts: Sendable {
    let sha256: String
    let bytes: Int

    /// Of every file that units are read from.
    static func of(_ units: [SourceUnit]) throws(CorpusError) -> [SourceFile: FileFacts] {
        var byURL: [URL: FileFacts] = [:]
        var facts: [SourceFile: FileFacts] = [:]
        for file in units.flatMap({ $0.parts.map(\.file) }) {
            if let known = byURL[file.url] {
                facts[file] = known
                continue
            }
            let path = file.url.path(percentEncoded: false)
            guard let sha256 = try? ContentHash(ofFileAt: path).hex,
                let bytes = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber
            else { throw CorpusError(.unreadable, "the file cannot be read: may you read it?", file: file.path) }
            let found = FileFacts(sha256: sha256, bytes: bytes.intValue)
            byURL[file.url] = found
            facts[file] = found
        }
        return facts
    }
}

extension SourceFile {
    /// Whether its name says that it is about the data rather than data: a licence, a notice, a README.
    var isNote: Bool {
        let name = self.name.uppercased()
        return ["README", "LICENSE", "LICENCE", "NOTICE", "COPYING", "CHANGELOG", "DATALICENSE"].contains {
            name.hasPrefix($0)
        }
    }
}
