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

    private static func isNamedGGUF(_ url: URL) -> Bool { url.pathExtension.lowercased() == "gguf" }
}
