import AdapterMerging
import BenchmarkStore
import Foundation
import ModelEngine

/// The weights of the adapters that a database knows: files beside it, each read only if its hash is the stored one.
///
/// A whole adapter is a PEFT folder. What a method learns for a composition is one safetensors file of the learned
/// numbers alone, kilobytes, whose metadata name the method, its parameters, its seed, and the adapters it starts from
/// with the hashes of their weights; the frozen rest is made again from those.
public struct AdapterArchive: Sendable {
    /// Where the files lie.
    public let folder: URL

    /// The archive in a folder, which is made when the first adapter is written.
    public init(_ folder: URL) { self.folder = folder }

    /// What a learned file starts from.
    struct Origin {
        /// The method's name in the register, and its parameters as JSON.
        let method: String
        let parameters: String
        let seed: UInt64
        /// The adapters that it starts from.
        let parents: [AdapterRecord]
    }

    // MARK: Reading

    /// The adapter of a row, as plain LoRA: learned parts with the frozen rest that they belong to.
    ///
    /// - Throws: `RunError` with `unreadable` where the file is gone or is not the one that was stored, naming it, and
    ///   where an adapter that it starts from is not in the database or has other weights than it was learned on; what
    ///   reading the files throws.
    public func read(_ record: AdapterRecord, in database: BenchmarkDatabase) throws -> LoRAAdapter {
        // A database may come from anyone.
        guard record.path.isPathInsideFolder else {
            throw RunError(
                .unreadable, "the database names a place outside the folder of adapters; run the profile again",
                file: record.path)
        }
        let url = folder.appending(path: record.path)
        guard record.path.hasSuffix(Self.learnedSuffix) else {
            let files = PEFTAdapterFolder(url)
            try check(files.tensorFile, record)
            return try files.read()
        }
        try check(url, record)
        let file = try SafetensorsFile(contentsOf: url)
        var adapter = try start(file, record, in: database)
        try adapter.restore(try file.tensors.map { ($0.name, $0.shape, try file.floats($0.name)) })
        return adapter.merged
    }

    private func check(_ file: URL, _ record: AdapterRecord) throws(RunError) {
        let path = file.path(percentEncoded: false)
        guard let hash = try? ContentHash(ofFileAt: path).hex else {
            throw RunError(
                .unreadable, "the weights of \(record.task) are not there; run the profile again to train them",
                file: path)
        }
        guard hash == record.sha256 else {
            throw RunError(
                .unreadable, "the weights of \(record.task) are not those that were stored; run the profile again",
                file: path)
        }
    }

    private func start(
        _ file: SafetensorsFile, _ record: AdapterRecord, in database: BenchmarkDatabase
    ) throws -> TrainableAdapter {
        let metadata = file.metadata
        guard let name = metadata["method"], let parameters = metadata["parameters"],
            let seed = metadata["seed"].flatMap({ UInt64($0) }), let parents = metadata["parents"],
            let values = try? JSONDecoder().decode([String: ParameterValue].self, from: Data(parameters.utf8))
        else {
            throw RunError(
                .unreadable, "the file does not say what it starts from; run the profile again", file: record.path)
        }
        guard case .learned(let recipe) = try MethodRegister.make(name: name, parameters: .init(values)).recipe else {
            throw RunError(.unreadable, "method '\(name)' learns nothing; run the profile again", file: record.path)
        }
        // Files of the first versions lack the weights' hashes.
        let weights = metadata["parent-weights"]?.split(separator: " ").map(String.init)
        let adapters = try parents.split(separator: " ").enumerated().map { index, hash in
            guard let parent = try database.adapter(model: record.modelID, recipeHash: String(hash)) else {
                throw RunError(
                    .unreadable,
                    "the database has no adapter \(hash.prefix(12)), from which this one starts; run the profile again",
                    file: record.path)
            }
            guard weights.map({ $0.indices.contains(index) && $0[index] == parent.sha256 }) ?? true else {
                throw RunError(
                    .unreadable,
                    "the adapter for \(parent.task) has been trained again with other weights since this one was learned; "
                        + "run the profile again", file: record.path)
            }
            return try read(parent, in: database)
        }
        return try recipe.start(adapters, seed)
    }

    // MARK: Writing

    /// A file that was written.
    struct Written {
        /// Path in the folder.
        let path: String
        let sha256: String
        let bytes: Int
    }

    private static let learnedSuffix = ".safetensors"

    /// Writes a whole adapter as a PEFT folder.
    func write(_ adapter: LoRAAdapter, named name: String, baseModel: String) throws -> Written {
        try Self.make(folder)
        let files = PEFTAdapterFolder(folder.appending(path: name))
        try files.write(adapter, baseModel: baseModel, replacing: true)
        return try written(name, files.tensorFile)
    }

    /// Writes the learned numbers of an adapter alone.
    func writeLearned(_ adapter: TrainableAdapter, from origin: Origin, named name: String) throws -> Written {
        try Self.make(folder)
        let name = name + Self.learnedSuffix
        let url = folder.appending(path: name)
        try SafetensorsWriter.write(
            adapter.trainedTensors,
            metadata: [
                "format": "pt", "method": origin.method, "parameters": origin.parameters, "seed": "\(origin.seed)",
                "parents": origin.parents.map(\.recipeHash).joined(separator: " "),
                "parent-weights": origin.parents.map(\.sha256).joined(separator: " "),
            ], to: url)
        return try written(name, url)
    }

    /// Removes what writers that died left beside the adapters.
    func removeLeftovers() { AsideName.removeAbandoned(in: folder) }

    /// Makes the folder where it is not there.
    static func make(_ folder: URL) throws(RunError) {
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw RunError(
                .unwritable,
                "the folder for adapters cannot be made (\(error.localizedDescription)); check the place's permissions "
                    + "and the space left", file: folder.path(percentEncoded: false))
        }
    }

    private func written(_ name: String, _ file: URL) throws -> Written {
        let path = file.path(percentEncoded: false)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        return Written(path: name, sha256: try ContentHash(ofFileAt: path).hex, bytes: size)
    }
}
