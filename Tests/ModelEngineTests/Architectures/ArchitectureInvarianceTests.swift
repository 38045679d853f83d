import ModelEngine
import Synchronization
import Testing

@Suite("Architectures: the same bits whatever the batch, the chunks and the threads")
struct ArchitectureInvarianceTests {
    /// All logits by request and step.
    private func logits(_ generator: Generator, _ requests: [GenerationRequest]) throws -> [Int: [[Float]]] {
        let rows = Mutex<[Int: [[Float]]]>([:])
        var generator = generator
        generator.onLogits = { id, row in rows.withLock { $0[id, default: []].append(row) } }
        try generator.generate(requests) { _ in }
        return rows.withLock { $0 }
    }

    private func requests(_ architecture: TinyArchitecture, _ model: LanguageModel) throws -> [GenerationRequest] {
        let adapters = try [
            nil, PreparedAdapter(architecture.lora(), for: model.configuration),
            PreparedAdapter(TinyModel.randomAdapter(model.configuration, rank: 17, seed: 2), for: model.configuration),
        ]
        return TinyModel.prompts((0..<9).map { 1 + $0 * 13 % 70 }, seed: 31).enumerated().map {
            GenerationRequest(
                id: $0.offset, prompt: $0.element, adapter: adapters[$0.offset * 5 % 3], maximumNewTokens: 12)
        }
    }

    @Test(
        "Logits behind each new token", arguments: TinyArchitecture.allCases,
        [(1, 32, 40), (2, 1, 3), (2, 4, 16), (2, 32, 1000)])
    func steps(architecture: TinyArchitecture, batch: (threads: Int, sequences: Int, rows: Int)) throws {
        let reference = try architecture.load(threads: 1)
        let model = try architecture.load(threads: batch.threads)
        let batched = try logits(
            Generator(model, maximumSequences: batch.sequences, maximumRows: batch.rows), requests(architecture, model))
        for request in try requests(architecture, reference) {
            let alone = try #require(logits(Generator(reference), [request])[request.id])
            let together = try #require(batched[request.id])
            try #require(alone.count == together.count && !alone.isEmpty)
            for (step, (left, right)) in zip(together, alone).enumerated() {
                #expect(firstDifference(left, right) == nil, "request \(request.id), step \(step)")
            }
        }
    }

    @Test("A longer sequence begins with the logits of its beginning", arguments: TinyArchitecture.allCases)
    func prefixes(architecture: TinyArchitecture) throws {
        let generator = Generator(try architecture.load())
        let tokens = TinyModel.prompts([70], seed: 4)[0]
        let whole = try generator.logits(of: tokens)
        for count in [1, 15, 16, 17, 25, 33, 64, 69] {
            let part = try generator.logits(of: Array(tokens.prefix(count)))
            #expect(firstDifference(part, Array(whole[..<(count * 300)])) == nil, "\(count) tokens")
        }
    }

    @Test("Gradients with 1, 2 and 3 threads", arguments: TinyArchitecture.allCases)
    func gradients(architecture: TinyArchitecture) throws {
        var expected: (loss: Double, gradients: TrainableAdapter)?
        for threads in [1, 2, 3] {
            let session = try TrainingSession(
                Trainer(architecture.load(threads: threads)), TrainableAdapter(training: architecture.lora()),
                options: TrainingOptions(maximumRows: 64))
            let loss = session.accumulateGradients(TinyArchitecture.examples)
            let gradients = session.gradients
            if let expected { #expect(loss == expected.loss && gradients == expected.gradients, "\(threads) threads") }
            expected = (loss, gradients)
        }
    }
}

extension KernelTests {
    @Suite("Architectures: the same bits with every back end")
    struct ArchitectureBackEndTests {
        @Test("Logits and gradients", arguments: TinyArchitecture.allCases)
        func agree(architecture: TinyArchitecture) throws {
            let model = try architecture.load()
            let trainer = try Trainer(model)
            let lora = try architecture.lora()
            let adapter = try PreparedAdapter(lora, for: model.configuration)
            let tokens = TinyModel.prompts([45], seed: 6)[0]
            func outcome(_ backEnd: BackEnd) throws -> (logits: [Float], gradients: TrainableAdapter) {
                try backEnd.run {
                    let session = try TrainingSession(
                        trainer, TrainableAdapter(training: lora), options: TrainingOptions())
                    session.accumulateGradients(TinyArchitecture.examples)
                    return (try Generator(model).logits(of: tokens, adapter: adapter), session.gradients)
                }
            }
            let expected = try outcome(.plain)
            for backEnd in BackEnd.available {
                let found = try outcome(backEnd)
                #expect(firstDifference(found.logits, expected.logits) == nil, "\(backEnd)")
                #expect(found.gradients == expected.gradients, "\(backEnd)")
            }
        }
    }
}
