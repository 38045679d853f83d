import BenchmarkBuilder
import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct CroissantMetadataTests {
    private typealias Object = [String: Any]

    private func export(
        _ publication: Publication = Publication(), licence: String = "CC-BY-4.0"
    ) throws -> (metadata: Object, files: [String: Data], report: ExportReport) {
        let store = try TestStore()
        try store.database.insertCorpus(.odd(licence: licence))
        _ = try BenchmarkBuilder.build(
            BuildParameters(name: "test", corpora: ["odd"], annotations: ["someone"]), in: store.database)
        let folder = store.folder.path("out")
        let report = try BenchmarkBuilder.export(
            "test", from: store.database, to: folder, publication: publication, isAllowed: true)
        let files = try TestStore.files(in: folder)
        let data = try #require(files["croissant.json"])
        return (try #require(try JSONSerialization.jsonObject(with: data) as? Object), files, report)
    }

    /// Every `@id` that is defined, and every one that is referred to.
    private func ids(_ value: Any, _ defined: inout [String], _ used: inout [String]) {
        if let object = value as? Object {
            if let id = object["@id"] as? String {
                if object["@type"] == nil { used.append(id) } else { defined.append(id) }
            }
            for (key, member) in object where key != "@context" { ids(member, &defined, &used) }
        } else if let list = value as? [Any] {
            for member in list { ids(member, &defined, &used) }
        }
    }

    @Test func namesEverythingOnceAndRefersToNothingElse() throws {
        let metadata = try export().metadata
        var (defined, used): ([String], [String]) = ([], [])
        ids(metadata, &defined, &used)
        #expect(defined.count == Set(defined).count && defined.count > 150)
        #expect(Set(used).subtracting(defined).isEmpty)
    }

    @Test func listsEveryFileWithItsHashAndSize() throws {
        let (metadata, files, report) = try export()
        let distribution = try #require(metadata["distribution"] as? [Object])
        let objects = distribution.filter { $0["@type"] as? String == "cr:FileObject" }
        let expected = Set(files.keys).subtracting(["README.md", "croissant.json"])
        #expect(Set(objects.compactMap { $0["contentUrl"] as? String }) == expected)
        for object in objects {
            let path = try #require(object["contentUrl"] as? String)
            let data = try #require(files[path])
            #expect(object["@id"] as? String == path && object["contentSize"] as? String == "\(data.count) B")
            #expect(object["sha256"] as? String == ContentHash(of: data).hex)
            let format = ["jsonl": "application/jsonlines", "csv": "text/csv", "json": "application/json"]
            #expect(object["encodingFormat"] as? String == format[String(path.split(separator: ".").last ?? "")])
        }
        let sets = distribution.filter { $0["@type"] as? String == "cr:FileSet" }
        #expect(sets.count == report.manifest.settings.count)
        #expect(sets.flatMap { $0["includes"] as? [String] ?? [] }.sorted() == report.manifest.files.map(\.path))
    }

    @Test func hasARecordSetASettingWithEveryColumn() throws {
        let (metadata, _, report) = try export()
        let sets = try #require(metadata["recordSet"] as? [Object])
        #expect(sets.compactMap { $0["@id"] as? String }.first == "splits")
        #expect(
            sets.dropFirst().compactMap { $0["@id"] as? String }
                == report.manifest.settings.map { $0.name.replacing("+", with: "-").replacing("/", with: "-") })
        let splits = try #require(sets[0]["data"] as? [[String: String]])
        #expect(splits.map { $0["splits/name"] } == ["train", "validation", "test"])
        for set in sets.dropFirst() {
            let fields = try #require(set["field"] as? [Object])
            #expect(fields.compactMap { $0["name"] as? String } == ExportedRow.columns)
            let repeated = fields.filter { $0["repeated"] as? Bool == true }.compactMap { $0["name"] as? String }
            #expect(repeated == ["further_references", "further_origins"])
            for field in fields {
                let extract = (field["source"] as? Object)?["extract"] as? [String: String]
                #expect(extract == ["column": field["name"] as? String ?? ""])
                #expect((field["references"] != nil) == (field["name"] as? String == "split"))
            }
        }
    }

    @Test func saysWhatIsTrueOfTheCorporaAndWhatThePublisherSays() throws {
        let (plain, _, report) = try export()
        #expect(plain["conformsTo"] as? String == "http://mlcommons.org/croissant/1.0")
        #expect(plain["license"] as? [String] == ["https://spdx.org/licenses/CC-BY-4.0.html"])
        #expect((plain["citeAs"] as? String)?.hasPrefix("Nobody") == true)
        // The corpus numbers its version 1, which is none of the form that the format asks for.
        #expect(plain["version"] as? String == "0.0.0+\(report.manifest.contentHash.prefix(12))")
        #expect(plain["inLanguage"] as? [String] == ["en", "es", "nl"])
        #expect(plain["rai:machineAnnotationTools"] as? [String] == ["someone"])
        #expect(["url", "datePublished", "creator"].allSatisfy { plain[$0] == nil })
        let said = try export(
            Publication(url: "https://example.org/test", creator: "Example Lab", date: "2026-01-31"),
            licence: "LicenseRef-Ours"
        ).metadata
        #expect(said["url"] as? String == "https://example.org/test")
        #expect(said["datePublished"] as? String == "2026-01-31")
        #expect(said["creator"] as? [String: String] == ["@type": "sc:Organization", "name": "Example Lab"])
        #expect(said["license"] as? [String] == ["LicenseRef-Ours"])
    }
}
