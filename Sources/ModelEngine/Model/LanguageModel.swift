import Foundation

/// A language model ready to generate and to train adapters for: mapped file, packed weights, tokenizer, threads.
///
/// ```swift
/// let model = try LanguageModel(contentsOf: url, threads: 2)
/// let generator = Generator(model)
/// ```
///
/// One step at a time runs on a model; callers on several threads take turns by themselves.
///
/// ## Topics
/// - ``Generator``: many prompts at once, each under its own adapter.
/// - ``Trainer``: gradients of the answer's tokens for LoRA and calibration parameters.
public final class LanguageModel: Sendable {
    /// The model's sizes.
    public let configuration: ModelConfiguration
    /// Text to tokens and back.
    public let tokenizer: Tokenizer
    /// How messages become a prompt.
    public let chatTemplate: ChatTemplate
    /// The file that the model came from.
    public let url: URL
    /// How many numbers the model's tensors hold.
    public var parameterCount: Int { weights.parameterCount }
    /// How the base weights are held and multiplied.
    public let precision: WeightPrecision
    /// Threads that work together.
    public var threads: Int { pool.lanes }

    let gguf: GGUFFile
    let weights: ModelWeights
    let rotary: RotaryTables
    let pool: WorkerPool
    let embedding: GGUFTensor

    /// Maps, checks and packs a GGUF model.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - threads: 0 takes as many as the machine has cores.
    ///   - precision: `int8` for speed; only a `float32` model can be trained.
    /// - Throws: `ModelError` naming the file and what is wrong with it.
    public init(
        contentsOf url: URL, threads: Int = 0, precision: WeightPrecision = .float32
    ) throws(ModelError) {
        self.precision = precision
        self.url = url
        gguf = try GGUFFile(contentsOf: url)
        configuration = try ModelConfiguration(gguf: gguf)
        tokenizer = try Tokenizer(gguf: gguf)
        chatTemplate = try ChatTemplate(gguf: gguf)
        embedding = try gguf.tensor("\(configuration.family.tensors.embedding).weight")
        let lanes = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
        pool = WorkerPool(
            lanes: lanes,
            scratchCount: max(configuration.hiddenSize, configuration.heads * configuration.headSize))
        weights = try ModelWeights(gguf: gguf, configuration: configuration, precision: precision, pool: pool)
        rotary = RotaryTables(configuration)
        gguf.file.releasePages()
    }

    /// Writes the embedding of one token, `[H]`, straight from the mapped file, in the family's scale.
    func embed(_ token: Int32, into target: UnsafeMutablePointer<Float>) {
        let row = Int(token)
        let buffer = UnsafeMutableBufferPointer(start: target, count: configuration.hiddenSize)
        // The type was checked when the weights were packed, so this cannot fail.
        try? gguf.dequantize(embedding, rows: row..<row + 1, into: buffer)
        let scale = configuration.embeddingScale
        if scale != 1 { for index in buffer.indices { buffer[index] *= scale } }
    }

    /// Checks that tokens belong to the vocabulary and fit the context.
    func check(_ tokens: [Int32], upTo limit: Int) throws(ModelError) {
        if let stray = tokens.first(where: { $0 < 0 || Int($0) >= configuration.vocabularySize }) {
            throw ModelError(
                .badValue, "token \(stray) is outside the vocabulary of \(configuration.vocabularySize)",
                file: url.path)
        }
        guard !tokens.isEmpty else {
            throw ModelError(.badValue, "the sequence is empty; it must have at least one token", file: url.path)
        }
        guard limit <= configuration.contextLength else {
            throw ModelError(
                .badValue,
                "a sequence of \(limit) tokens does not fit the model's context of \(configuration.contextLength); "
                    + "shorten the input or lower the limit of new tokens",
                file: url.path)
        }
    }
}
