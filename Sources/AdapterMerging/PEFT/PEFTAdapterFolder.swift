import Foundation
import ModelEngine

/// A LoRA adapter as a folder that Python's PEFT reads and writes.
///
/// The folder holds `adapter_config.json` and `adapter_model.safetensors`. Read are LoRA adapters of the seven
/// projections of a decoder's blocks; ranks and alphas by module (`rank_pattern`, `alpha_pattern`), rank-stabilised
/// scaling, the choice of modules and biases of B (`lora_bias`) are honoured, everything else that would change the
/// answer is refused by name.
///
/// ```swift
/// let adapter = try PEFTAdapterFolder(URL(filePath: "adapters/summarize")).read()
/// try PEFTAdapterFolder(URL(filePath: "adapters/half")).write(LinearMerge.merge([adapter], weights: [0.5]))
/// ```
///
/// Source: the checkpoint format of PEFT 0.21.2.
public struct PEFTAdapterFolder: Sendable {
    /// The folder.
    public let url: URL

    /// The folder at a place; nothing is read yet.
    public init(_ url: URL) { self.url = url }

    /// `adapter_config.json` in the folder.
    public var configurationFile: URL { url.appending(path: "adapter_config.json") }

    /// `adapter_model.safetensors` in the folder.
    public var tensorFile: URL { url.appending(path: "adapter_model.safetensors") }

    /// Reads and checks the adapter.
    ///
    /// - Returns: The adapter; half-precision factors are widened to Float.
    /// - Throws: `MergeError` with `unreadableFile`, `badFormat`, `missingKey`, `unsupportedOption`, `badAdapter` or
    ///   `notFinite`, naming file and key; `ModelError` if the tensor file is missing, cut or malformed.
    public func read() throws -> LoRAAdapter {
        let path = configurationFile.path(percentEncoded: false)
        let file: MappedFile
        do { file = try MappedFile(contentsOf: configurationFile) } catch {
            guard error.code == .truncatedFile else { throw unreadable() }
            throw MergeError(.badFormat, "this is not valid JSON; save the adapter again", file: path)
        }
        guard file.size <= Self.largestConfiguration else {
            throw MergeError(
                .badFormat, "the configuration has \(file.size) bytes; at most \(Self.largestConfiguration) are read",
                file: path)
        }
        let configuration = try PEFTConfiguration(parsing: file.data, file: path)
        try refusePickle()
        let tensors = try SafetensorsFile(contentsOf: tensorFile)
        var shapes: [PEFTTensorName: [Int]] = [:]
        for tensor in tensors.tensors {
            guard let name = PEFTTensorName(tensor.name) else { throw unknownTensor(tensor.name) }
            shapes[name] = tensor.shape
        }
        guard !shapes.isEmpty else {
            throw bad("the file holds no LoRA factors")
        }
        var adapter = LoRAAdapter()
        for site in Set(shapes.keys.map(\.site)).sorted() {
            adapter.factors[site] = try factors(of: site, in: tensors, shapes: shapes, configuration: configuration)
        }
        return adapter
    }

    /// The name under which the folder records its base model; nil where it does not, or has no readable configuration.
    public var baseModel: String? {
        guard let file = try? MappedFile(contentsOf: configurationFile), file.size <= Self.largestConfiguration,
            case .object(let members)? = try? JSONTree(parsing: file.data),
            case .string(let name)? = members["base_model_name_or_path"], !name.isEmpty
        else { return nil }
        return name
    }

    /// Configurations have a few kilobytes, where each of many layers has a rank of its own some hundred.
    private static let largestConfiguration = 1 << 22

    /// Why there is no configuration to read.
    private func unreadable() -> MergeError {
        let files = FileManager.default
        let folder = url.path(percentEncoded: false)
        guard files.fileExists(atPath: folder) else {
            return MergeError(.unreadableFile, "nothing is there; give the folder of a PEFT adapter", file: folder)
        }
        let isModel = files.fileExists(atPath: url.appending(path: "config.json").path(percentEncoded: false))
        return MergeError(
            .unreadableFile,
            "the file cannot be read\(isModel ? ", and the folder looks like a whole model's" : ""); give the folder of "
                + "a PEFT adapter", file: configurationFile.path(percentEncoded: false))
    }

    /// A folder with nothing but Python's own format, which runs code when it is read.
    private func refusePickle() throws(MergeError) {
        let pickle = url.appending(path: "adapter_model.bin").path(percentEncoded: false)
        let files = FileManager.default
        guard files.fileExists(atPath: pickle), !files.fileExists(atPath: tensorFile.path(percentEncoded: false)) else {
            return
        }
        throw MergeError(
            .unsupportedOption,
            "the factors are a Python pickle, which is not read; load the adapter with PEFT and save it again with "
                + "save_pretrained(folder, safe_serialization=True)", file: pickle)
    }

    private func factors(
        of site: AdapterSite, in file: SafetensorsFile, shapes: [PEFTTensorName: [Int]],
        configuration: PEFTConfiguration
    ) throws -> LoRAFactors {
        let nameA = PEFTTensorName(site: site, part: .a)
        let nameB = PEFTTensorName(site: site, part: .b)
        guard let shapeA = shapes[nameA] else { throw bad("the factor is missing beside its lora_B", nameA.text) }
        guard let shapeB = shapes[nameB] else { throw bad("the factor is missing beside its lora_A", nameB.text) }
        guard try configuration.targets(site) else {
            throw bad(
                "the configuration's target_modules and layers_to_transform do not include this module", nameA.text)
        }
        let rank = try configuration.rank(of: site)
        guard shapeA.count == 2, shapeA[0] == rank, shapeA[1] > 0 else {
            throw bad("the shape is \(shapeA), but must be [\(rank), inputs] for the configured rank", nameA.text)
        }
        guard shapeB.count == 2, shapeB[1] == rank, shapeB[0] > 0 else {
            throw bad("the shape is \(shapeB), but must be [outputs, \(rank)] for the configured rank", nameB.text)
        }
        return LoRAFactors(
            rank: rank, inputs: shapeA[1], outputs: shapeB[0], a: try values(of: nameA, in: file),
            b: try values(of: nameB, in: file), scaling: try configuration.scaling(of: site),
            bias: try bias(of: site, outputs: shapeB[0], in: file, shapes: shapes, configuration: configuration))
    }

    /// The bias of B; nil for none and for zeros, which add nothing.
    private func bias(
        of site: AdapterSite, outputs: Int, in file: SafetensorsFile, shapes: [PEFTTensorName: [Int]],
        configuration: PEFTConfiguration
    ) throws -> [Float]? {
        let name = PEFTTensorName(site: site, part: .bias)
        guard let shape = shapes[name] else {
            guard configuration.hasBiases else { return nil }
            throw bad("the bias is missing, though the configuration sets lora_bias", name.text)
        }
        guard configuration.hasBiases else {
            throw bad("the file has this bias, but the configuration does not set lora_bias", name.text)
        }
        guard shape == [outputs] else { throw bad("the shape is \(shape), but must be [\(outputs)]", name.text) }
        let values = try values(of: name, in: file)
        return values.allSatisfy { $0 == 0 } ? nil : values
    }

    private func values(of name: PEFTTensorName, in file: SafetensorsFile) throws -> [Float] {
        let values = try file.floats(name.text)
        guard values.allSatisfy(\.isFinite) else {
            throw MergeError(
                .notFinite, "the factor holds NaN or infinite numbers; train the adapter again",
                file: tensorFile.path(percentEncoded: false), key: name.text)
        }
        return values
    }

    private func bad(_ message: String, _ key: String? = nil) -> MergeError {
        MergeError(
            .badAdapter, "\(message); save the adapter again", file: tensorFile.path(percentEncoded: false), key: key)
    }

    private func unknownTensor(_ name: String) -> MergeError {
        let reason =
            if name.contains("lora_magnitude_vector") {
                "the adapter is a DoRA, which is not supported"
            } else if name.contains("lora_embedding_") {
                "the adapter changes embeddings, which is not supported"
            } else {
                "this is not a LoRA factor of a decoder block's projection "
                    + "(base_model.model.model.layers.N.self_attn.q_proj.lora_A.weight)"
            }
        return MergeError(
            .unsupportedOption, reason, file: tensorFile.path(percentEncoded: false), key: name)
    }
}

extension MappedFile {
    /// A copy of the whole file.
    fileprivate var data: Data {
        withBytes { bytes in bytes.withUnsafeBytes { Data($0) } }
    }
}
