import Foundation

/// The folder of an exported build: written whole or not at all, and compared byte by byte.
struct ExportFolder {
    /// The folder.
    let url: URL

    /// A folder that need not exist yet.
    init(_ url: URL) {
        // Renaming would replace a link instead of the folder that it points to.
        self.url = url.resolvingSymlinksInPath()
    }

    /// Refuses a folder that holds anything a build did not write, so that a wrong path costs nobody their files.
    ///
    /// - Throws: `BuildError` of code `foreignFolder` with the first such files.
    func checkReplaceable() throws(BuildError) {
        let present = try paths()
        guard !present.isEmpty else { return }
        let owned = ownedPaths()
        let foreign = present.filter { !owned.contains($0) }
        guard !foreign.isEmpty else { return }
        let named =
            foreign.prefix(5).joined(separator: ", ") + (foreign.count > 5 ? " and \(foreign.count - 5) more" : "")
        throw BuildError(
            .foreignFolder, "holds files that no build wrote: move them away or name another folder: \(named)",
            file: url.relativePath)
    }

    /// Puts these files, and no others, in the folder; nothing happens where they are there already.
    ///
    /// They are written beside it first, and the folder is then renamed into place.
    ///
    /// - Returns: whether anything changed.
    /// - Throws: `BuildError` of code `foreignFolder` or `io`; the folder is then as it was.
    func write(_ files: [DatasetExport.File]) throws(BuildError) -> Bool {
        try checkReplaceable()
        if try differences(from: files).isEmpty { return false }
        let name = url.lastPathComponent
        let parent = url.deletingLastPathComponent()
        let new = parent.appending(path: ".\(name).braid-new")
        let old = parent.appending(path: ".\(name).braid-old")
        let manager = FileManager.default
        do {
            try manager.createDirectory(at: parent, withIntermediateDirectories: true)
            for leftover in [new, old] where manager.fileExists(atPath: leftover.path) {
                try manager.removeItem(at: leftover)
            }
            for file in files {
                let target = new.appending(path: file.path)
                try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.bytes).write(to: target)
            }
            guard manager.fileExists(atPath: url.path) else {
                try manager.moveItem(at: new, to: url)
                return true
            }
            try manager.moveItem(at: url, to: old)
            do {
                try manager.moveItem(at: new, to: url)
            } catch {
                try manager.moveItem(at: old, to: url)
                throw error
            }
            try manager.removeItem(at: old)
        } catch {
            try? manager.removeItem(at: new)
            throw BuildError(
                .io,
                "cannot be written (\(error.localizedDescription)): check the folder's permissions and the space left",
                file: url.relativePath)
        }
        return true
    }

    /// How the folder differs from what it should hold, by path.
    ///
    /// - Throws: `BuildError` of code `io` where the folder cannot be listed.
    func differences(from files: [DatasetExport.File]) throws(BuildError) -> [ExportDifference] {
        var differences: [ExportDifference] = []
        let expected = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        let present = try paths()
        for path in Set(present).union(expected.keys).sorted() {
            guard let bytes = expected[path] else {
                differences.append(ExportDifference(path: path, kind: .unexpected))
                continue
            }
            guard present.contains(path), let data = try? Data(contentsOf: url.appending(path: path)) else {
                differences.append(ExportDifference(path: path, kind: .missing))
                continue
            }
            if data.elementsEqual(bytes) { continue }
            differences.append(
                ExportDifference(path: path, kind: .changed(line: Self.firstOtherLine([UInt8](data), bytes))))
        }
        return differences
    }

    /// The first line in which two texts differ, from 1.
    private static func firstOtherLine(_ one: [UInt8], _ other: [UInt8]) -> Int {
        1 + zip(one, other).prefix { $0 == $1 }.count { $0.0 == 0x0A }
    }

    /// All files in the folder, relative to it and sorted; none where there is no folder.
    private func paths() throws(BuildError) -> Set<String> {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: url.path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else {
            throw BuildError(.io, "is a file: name a folder to write to", file: url.relativePath)
        }
        do {
            return Set(
                try manager.subpathsOfDirectory(atPath: url.path).filter { path in
                    var isFolder: ObjCBool = false
                    let full = url.appending(path: path).path
                    return manager.fileExists(atPath: full, isDirectory: &isFolder) && !isFolder.boolValue
                        && !path.hasSuffix(".DS_Store")
                })
        } catch {
            throw BuildError(
                .io, "cannot be listed (\(error.localizedDescription)): check its permissions", file: url.relativePath)
        }
    }

    /// The files that the build in the folder says it wrote.
    private func ownedPaths() -> Set<String> {
        guard let data = try? Data(contentsOf: url.appending(path: BuildManifest.fileName)),
            let manifest = try? JSONDecoder().decode(Listing.self, from: data),
            manifest.format == BuildManifest.formatName
        else { return [] }
        return Set(
            (manifest.files + (manifest.tables ?? [])).map(\.path) + [
                BuildManifest.fileName, DatasetCard.fileName, CroissantMetadata.fileName,
            ])
    }

    /// As much of a manifest as all versions of it have.
    private struct Listing: Decodable {
        struct File: Decodable {
            let path: String
        }
        let format: String
        let files: [File]
        let tables: [File]?
    }
}

/// One file in which an exported folder differs from what the store's corpora give.
public struct ExportDifference: Hashable, Sendable, CustomStringConvertible {
    /// How it differs.
    public enum Kind: Hashable, Sendable {
        /// The file is not there.
        case missing
        /// The file should not be there.
        case unexpected
        /// The bytes differ, first in this line.
        case changed(line: Int)
    }

    /// The file's path in the folder.
    public let path: String
    /// How it differs.
    public let kind: Kind

    /// `path:line: message`.
    public var description: String {
        switch kind {
        case .missing: "\(path): is missing"
        case .unexpected: "\(path): is not part of the build"
        case .changed(let line): "\(path):\(line): differs from here on"
        }
    }
}
