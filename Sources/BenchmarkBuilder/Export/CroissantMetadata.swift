import BenchmarkStore
import Foundation

/// Metadata of an export in the Croissant format 1.0 (MLCommons), from which tools load the records.
///
/// Every file of examples is a FileObject with its hash and size. The JSON Lines files of a setting are a FileSet and a
/// RecordSet, whose field `split` refers to the list of splits; comma-separated values repeat them and have none.
struct CroissantMetadata {
    /// The metadata's name in every exported folder.
    static let fileName = "croissant.json"

    private let document: JSONValue

    /// The metadata of an export.
    init(
        _ contents: ExportContents, _ manifest: BuildManifest, build: DatasetExport.File, _ publication: Publication
    ) {
        let files =
            manifest.files.map { Self.fileObject($0.path, Self.jsonLines, $0.bytes, $0.sha256) }
            + (manifest.tables ?? []).map { Self.fileObject($0.path, "text/csv", $0.bytes, $0.sha256) }
            + [Self.fileObject(build.path, "application/json", build.bytes.count, ContentHash(of: build.bytes).hex)]
        let settings = contents.settings.map(\.record)
        var members: [String: JSONValue] = [
            "@context": Self.context, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": .text("Braid: \(contents.plan.parameters.name)"),
            "description": .text(DatasetCard.description(of: contents)),
            "version": .text(Self.version(of: contents, manifest)),
            "keywords": .list(DatasetCard.tags.map(JSONValue.text)),
            "isLiveDataset": false,
            "distribution": .list(files + settings.map { Self.fileSet($0, manifest) }),
            "recordSet": .list([Self.splits(in: manifest)] + settings.map(Self.recordSet)),
        ]
        members["license"] = .texts(
            contents.corpora.map { HubLicence($0.licence).url ?? $0.licence }.filter { !$0.isEmpty }
                .withoutRepetitions)
        members["citeAs"] = JSONValue.text(
            contents.corpora.map(\.citation).filter { !$0.isEmpty }.joined(separator: "\n"))
        members["inLanguage"] = .texts(contents.languages)
        members["rai:machineAnnotationTools"] = .texts(
            contents.references.map(\.origin).filter { $0.hasPrefix("model:") }.map { String($0.dropFirst(6)) })
        members["url"] = publication.url.map(JSONValue.text)
        members["datePublished"] = publication.date.map(JSONValue.text)
        members["creator"] = publication.creator.map { ["@type": "sc:Organization", "name": .text($0)] }
        document = .object(members)
    }

    /// The text of `croissant.json`: sorted keys, indented, one line end at the end.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(document)) + [0x0A]
    }

    private static let jsonLines = "application/jsonlines"

    /// The corpus's version where there is one corpus that numbers them so, with the content hash as what was built.
    private static func version(of contents: ExportContents, _ manifest: BuildManifest) -> String {
        let versions = contents.corpora.map(\.version)
        let parts = (versions.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let isNumbered =
            versions.count == 1 && parts.count == 3
            && parts.allSatisfy { part in UInt32(part).map { String($0) == part } ?? false }
        return "\(isNumbered ? versions[0] : "0.0.0")+\(manifest.contentHash.prefix(12))"
    }

    private static func fileObject(_ path: String, _ format: String, _ bytes: Int, _ sha256: String) -> JSONValue {
        [
            "@type": "cr:FileObject", "@id": .text(path), "name": .text(path), "contentUrl": .text(path),
            "contentSize": .text("\(bytes) B"), "encodingFormat": .text(format), "sha256": .text(sha256),
        ]
    }

    /// Listed by name, and not contained in anything: a set of files in the folder of the metadata.
    private static func fileSet(_ setting: SettingRecord, _ manifest: BuildManifest) -> JSONValue {
        let paths = Split.allCases.map { DatasetExport.path(of: setting.name, $0) }
        let present = Set(manifest.files.map(\.path))
        return [
            "@type": "cr:FileSet", "@id": .text(fileSetID(setting)), "name": .text(fileSetID(setting)),
            "encodingFormat": .text(jsonLines),
            "includes": .list(paths.filter(present.contains).map(JSONValue.text)),
        ]
    }

    private static func fileSetID(_ setting: SettingRecord) -> String { "\(setting.configName)-files" }

    private static func splits(in manifest: BuildManifest) -> JSONValue {
        let kinds: [Split: String] = [
            .train: "cr:TrainingSplit", .validation: "cr:ValidationSplit", .test: "cr:TestSplit",
        ]
        let present = Split.allCases.filter { split in
            manifest.settings.contains { $0.examples[split.rawValue] ?? 0 > 0 }
        }
        return [
            "@type": "cr:RecordSet", "@id": "splits", "name": "splits", "dataType": "cr:Split",
            "key": ["@id": "splits/name"],
            "field": [
                ["@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"],
                ["@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": "sc:URL"],
            ],
            "data": .list(
                present.map { ["splits/name": .text($0.rawValue), "splits/url": .text(kinds[$0] ?? "")] }),
        ]
    }

    private static func recordSet(_ setting: SettingRecord) -> JSONValue {
        let name = setting.configName
        let fields = ExampleColumn.allCases.map { column in
            var members: [String: JSONValue] = [
                "@type": "cr:Field", "@id": .text("\(name)/\(column.rawValue)"), "name": .text(column.rawValue),
                "description": .text(column.meaning), "dataType": "sc:Text",
                "source": [
                    "fileSet": ["@id": .text(fileSetID(setting))], "extract": ["column": .text(column.rawValue)],
                ],
            ]
            if column.isList { members["repeated"] = true }
            if column == .split { members["references"] = ["field": ["@id": "splits/name"]] }
            return JSONValue.object(members)
        }
        return [
            "@type": "cr:RecordSet", "@id": .text(name), "name": .text(name),
            "description": .text("\(setting.name): \(setting.instruction)"), "key": ["@id": .text("\(name)/id")],
            "field": .list(fields),
        ]
    }

    /// The context that Croissant 1.0 prescribes.
    private static let context: JSONValue = {
        let terms = [
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet",
            "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
            "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField",
            "transform",
        ]
        var members = Dictionary(terms.map { ($0, JSONValue.text("cr:\($0)")) }) { first, _ in first }
        members["@language"] = "en"
        members["@vocab"] = "https://schema.org/"
        members["sc"] = "https://schema.org/"
        members["cr"] = "http://mlcommons.org/croissant/"
        members["rai"] = "http://mlcommons.org/croissant/RAI/"
        members["dct"] = "http://purl.org/dc/terms/"
        members["conformsTo"] = "dct:conformsTo"
        members["data"] = ["@id": "cr:data", "@type": "@json"]
        members["examples"] = ["@id": "cr:examples", "@type": "@json"]
        members["dataType"] = ["@id": "cr:dataType", "@type": "@vocab"]
        return .object(members)
    }()
}
