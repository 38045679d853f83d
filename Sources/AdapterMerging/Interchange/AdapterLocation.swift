import Foundation
import ModelEngine

/// Where an adapter lies, or is to lie, in whichever of the two formats.
public enum AdapterLocation: Sendable {
    /// A folder as PEFT has it.
    case folder(PEFTAdapterFolder)
    /// A LoRA file as llama.cpp has it.
    case file(GGUFAdapterFile)

    /// A place to read: what is a folder is PEFT's, what is a file is llama.cpp's.
    public init(reading url: URL) {
        var isFolder: ObjCBool = false
        let path = url.path(percentEncoded: false)
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let isFile = isThere ? !isFolder.boolValue : Self.isNamedGGUF(url)
        self = isFile ? .file(GGUFAdapterFile(url)) : .folder(PEFTAdapterFolder(url))
    }

    /// A place to write: a file where the name ends in `.gguf`, else a folder.
    public init(writing url: URL) {
        self = Self.isNamedGGUF(url) ? .file(GGUFAdapterFile(url)) : .folder(PEFTAdapterFolder(url))
    }

    /// The folder or file.
    public var url: URL {
        switch self {
        case .folder(let folder): folder.url
        case .file(let file): file.url
        }
    }

    /// Bytes of the factors' file; 0 while it is not there.
    public var bytes: Int {
        let url =
            switch self {
            case .folder(let folder): folder.tensorFile
            case .file(let file): file.url
            }
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
        return (attributes?[.size] as? Int) ?? 0
    }

    /// Refuses to write over what is there, unless that is an adapter of the same format and may be replaced.
    ///
    /// A folder counts as an adapter's where it is empty, or holds one of PEFT's two files and no further folders:
    /// replacing removes everything in it.
    ///
    /// - Throws: `MergeError` with `alreadyExists`.
    public func checkFree(replacing: Bool) throws(MergeError) {
        let path = url.standardizedFileURL.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard replacing else {
            throw MergeError(.alreadyExists, "something is there already; remove it or allow replacing it", file: path)
        }
        guard !isAnAdapter else { return }
        let kind =
            switch self {
            case .folder: "the folder of an adapter alone"
            case .file: "a GGUF adapter"
            }
        throw MergeError(
            .alreadyExists, "what is there is not \(kind), so it is not replaced; remove it or take another place",
            file: path)
    }

    /// Whether what lies at the place is an adapter of the format, and nothing more.
    private var isAnAdapter: Bool {
        switch self {
        case .folder(let folder):
            let contents = try? FileManager.default.contentsOfDirectory(
                at: url, includingPropertiesForKeys: [.isDirectoryKey])
            guard let contents else { return false }
            let names = contents.map(\.lastPathComponent)
            let files = [folder.configurationFile, folder.tensorFile].map(\.lastPathComponent)
            return names.isEmpty
                || names.contains(where: files.contains)
                    && !contents.contains { (try? $0.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? true }
        case .file:
            let metadata = try? GGUFFile(contentsOf: url).metadata
            return (try? metadata?.string("general.type", default: "model")) == "adapter"
        }
    }

    private static func isNamedGGUF(_ url: URL) -> Bool { url.pathExtension.lowercased() == "gguf" }
}
