import BenchmarkStore
import Foundation

/// Braid's own format: a folder with a manifest, `corpus.json`, and JSON Lines files; or a pack, one file with both.
///
/// A pack's first line is the manifest without `files`, and every record says its `kind`. Nothing is dropped in silence:
/// every line that is not kept has a problem of its own, and all problems of a corpus are collected before anyone decides
/// what to do with them.
public struct NativeCorpus: SourceFormat {
    /// The label of a pack's only file.
    private static let packLabel = "pack"

    public static let about = FormatDescription(
        name: "braid-corpus", title: "Braid's own corpus folder, or a pack in one file",
        yields: "dialogues, conversations, sentences and messages with translations and tones",
        layout: """
            A folder with `corpus.json` and JSON Lines files, described in `Corpora/README.md`; or one JSON Lines file whose \
            first line is the manifest, without `files`, and whose records each have a `kind`.
            """)

    private let targets: SourceTargets

    public init(_ options: SourceOptions) {
        targets = SourceTargets(languages: options.languages ?? [], tones: options.tones ?? [])
    }

    public static func recognises(_ probe: FileProbe) -> Bool {
        probe.firstObjectKeys.isSuperset(of: ["format", "formatVersion", "name", "languages", "tones"])
    }

    /// The corpus that files make where one of them is a manifest or a pack; nil otherwise.
    static func source(
        _ files: [SourceFile], origin: String, _ options: SourceOptions
    ) throws(CorpusError) -> CorpusSource? {
        if let manifest = files.first(where: { $0.path == ManifestReader.fileName }) {
            return try folder(files, manifest: manifest, origin: origin, options)
        }
        guard files.count == 1, let file = files.first, !file.isNote,
            options.format == nil || options.format == about.name
        else { return nil }
        let probe = FileProbe(file: file, head: try file.head())
        guard recognises(probe), let line = probe.firstLine else { return nil }
        let bytes = Array(line.utf8)
        let (manifest, problems) = ManifestReader.read(bytes, file: file.path, isPack: true)
        guard let manifest else { throw CorpusError(refusing: origin, for: problems) }
        return CorpusSource(
            origin: origin, format: NativeCorpus.self, manifest: manifest, options: completed(options, by: manifest),
            units: [SourceUnit([SourceUnit.Part(packLabel, file)])], passedOver: [], problems: problems,
            manifestHash: nil)
    }

    private static func folder(
        _ files: [SourceFile], manifest file: SourceFile, origin: String, _ options: SourceOptions
    ) throws(CorpusError) -> CorpusSource {
        let bytes = try file.open().readAll()
        var (manifest, problems) = ManifestReader.read(bytes, file: ManifestReader.fileName, isPack: false)
        guard let manifest else { throw CorpusError(refusing: origin, for: problems) }
        var units: [SourceUnit] = []
        for entry in manifest.files {
            guard let file = files.first(where: { $0.path == entry.path }) else {
                problems.append(
                    CorpusProblem(
                        .missingFile, file: entry.path,
                        message: "the manifest names this file, but it cannot be read: add it or take it out"))
                continue
            }
            units.append(SourceUnit([SourceUnit.Part(entry.kind.rawValue, file)]))
        }
        return CorpusSource(
            origin: origin, format: NativeCorpus.self, manifest: manifest, options: completed(options, by: manifest),
            units: units,
            passedOver: files.filter { file in
                file.path != ManifestReader.fileName && !units.contains { $0.file == file }
            }, problems: problems,
            manifestHash: (ManifestReader.fileName, ContentHash(of: bytes).hex))
    }

    private static func completed(_ options: SourceOptions, by manifest: CorpusManifest) -> SourceOptions {
        var options = options
        options.languages = manifest.languages
        options.tones = manifest.tones
        return options
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let targets = targets
        let label = unit.parts[0].label
        guard label == Self.packLabel else {
            let kind = DocumentKind(rawValue: label) ?? .dialogue
            return try JSONLines.read(unit.file, into: sink) { object, fields in
                RecordReader.read(object, kind: kind, targets: targets, fields: &fields).map { [$0] } ?? []
            }
        }
        try JSONLines.read(unit.file, into: sink, skippingLines: 1) { object, fields in
            guard let name = fields.text("kind", of: object, oneLine: true) else { return [] }
            guard let kind = DocumentKind(rawValue: name) else {
                let known = DocumentKind.allCases.map(\.rawValue).joined(separator: ", ")
                fields.note(.badValue, at: "kind", "kind is \"\(name)\": it must be one of \(known)")
                return []
            }
            return RecordReader.read(object, kind: kind, targets: targets, fields: &fields).map { [$0] } ?? []
        }
    }
}

extension ArraySlice<UInt8> {
    /// The bytes after a UTF-8 byte order mark, if there is one.
    var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self
    }
}
