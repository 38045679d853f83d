import ModelEngine
import Testing

@Suite("Generation")
struct GeneratorTests {
    /// Results by id, in the order of ids.
    private func generate(
        _ generator: Generator, _ requests: [GenerationRequest], shouldStop: () -> Bool = { false }
    ) throws -> [GenerationResult] {
        var results: [GenerationResult] = []
        try generator.generate(requests, shouldStop: shouldStop) { results.append($0) }
        return results.sorted { $0.id < $1.id }
    }

    /// What two results must share: all but the time.
    private func outcome(_ result: GenerationResult) -> [Int] {
        [result.id, result.promptTokens, result.finish == .stop ? 1 : 0] + result.tokens.map(Int.init)
    }

    /// 32 prompts of many lengths under three adapters and none, mixed.
    private func requests(_ model: LanguageModel) throws -> [GenerationRequest] {
        let lengths = (0..<32).map { [1, 2, 5, 15, 16, 17, 31, 33, 47, 64, 90][$0 % 11] }
        let adapters = try [
            nil, PreparedAdapter(TinyModel.lora(), for: model.configuration),
            PreparedAdapter(TinyModel.randomAdapter(model.configuration, rank: 3, seed: 1), for: model.configuration),
            PreparedAdapter(
                TinyModel.randomAdapter(model.configuration, rank: 17, projections: [.value, .down], seed: 2),
                for: model.configuration),
        ]
        return TinyModel.prompts(lengths, seed: 1).enumerated().map { index, prompt in
            GenerationRequest(
                id: index, prompt: prompt, adapter: adapters[index * 7 % 4], maximumNewTokens: 8 + index % 5 * 9)
        }
    }

    @Test("Each new token is the largest logit of the whole sequence so far, until a stop token or the limit")
    func greedy() throws {
        let model = try TinyModel.load()
        let generator = Generator(model)
        let stops = model.tokenizer.endOfTurnTokens
        let requests = try requests(model)
        let results = try generate(generator, requests)
        #expect(results.map(\.id) == Array(0..<32))
        #expect(Set(results.map { $0.tokens }).count > 10, "the tiny model says too much alike for this test")
        for (request, result) in zip(requests, results) {
            #expect(result.promptTokens == request.prompt.count)
            #expect(result.seconds > 0)
            #expect(result.tokens.allSatisfy { !stops.contains($0) })
            var expected = result.tokens
            switch result.finish {
            case .length: #expect(result.tokens.count == request.maximumNewTokens)
            case .stop:
                #expect(result.tokens.count < request.maximumNewTokens)
                expected.append(-1)
            }
            let logits = try generator.logits(of: request.prompt + result.tokens, adapter: request.adapter)
            for (step, token) in expected.enumerated() {
                let first = (request.prompt.count - 1 + step) * 300
                let row = logits[first..<first + 300]
                let best = Int32((row.indices.max { row[$0] < row[$1] } ?? first) - first)
                #expect(token == -1 ? stops.contains(best) : token == best, "request \(request.id), step \(step)")
            }
        }
    }

    @Test(
        "A result does not depend on the batch, the chunks or the threads",
        arguments: [(1, 1, 2), (1, 32, 33), (2, 1, 3), (2, 2, 7), (2, 5, 16), (2, 32, 40), (2, 32, 1000)])
    func independent(threads: Int, sequences: Int, rows: Int) throws {
        let reference = try TinyModel.load(threads: 1)
        let alone = Generator(reference)
        let expected = try requests(reference).map { try generate(alone, [$0])[0] }
        let model = try TinyModel.load(threads: threads)
        let generator = Generator(model, maximumSequences: sequences, maximumRows: rows)
        let requests = try requests(model)
        for order in [requests, requests.reversed()] {
            let results = try generate(generator, order)
            #expect(results.map(outcome) == expected.map(outcome))
        }
    }

    @Test("Prompts in flight do not disturb each other where all are the same")
    func copies() throws {
        let model = try TinyModel.load()
        let prompt = TinyModel.prompts([21], seed: 2)[0]
        let requests = (0..<40).map { GenerationRequest(id: $0, prompt: prompt, maximumNewTokens: 12) }
        let results = try generate(Generator(model), requests)
        #expect(results.count == 40)
        #expect(Set(results.map { $0.tokens }).count == 1)
    }

    @Test("A stop token ends the text and is not part of it")
    func stopToken() throws {
        // An adapter cannot reach the head, so prompts are tried until one ends by itself.
        let model = try TinyModel.load()
        let requests = TinyModel.prompts((0..<64).map { 1 + $0 % 40 }, seed: 3).enumerated().map {
            GenerationRequest(id: $0.offset, prompt: $0.element, maximumNewTokens: 60)
        }
        let results = try generate(Generator(model), requests)
        let stopped = try #require(results.first { $0.finish == .stop && !$0.tokens.isEmpty })
        #expect(stopped.tokens.count < 60)
        // With exactly as many tokens allowed as come before the stop token, the limit is what ends it.
        var request = requests[stopped.id]
        request.maximumNewTokens = stopped.tokens.count
        let limited = try generate(Generator(model), [request])[0]
        #expect(limited.tokens == stopped.tokens)
        #expect(limited.finish == .length)
        request.maximumNewTokens += 1
        #expect(try generate(Generator(model), [request])[0].finish == .stop)
    }

    @Test("A shorter limit gives the beginning of the longer text")
    func lengthLimit() throws {
        let model = try TinyModel.load()
        var request = GenerationRequest(id: 0, prompt: TinyModel.prompts([9], seed: 4)[0], maximumNewTokens: 30)
        let long = try generate(Generator(model), [request])[0]
        for limit in [1, 2, 7] {
            request.maximumNewTokens = limit
            let short = try generate(Generator(model), [request])[0]
            #expect(short.tokens == Array(long.tokens.prefix(limit)))
        }
    }

    @Test("A limit of 0 or less gives no tokens", arguments: [0, -5])
    func noTokens(limit: Int) throws {
        let model = try TinyModel.load()
        let prompts = TinyModel.prompts([4, 6], seed: 5)
        let results = try generate(
            Generator(model),
            [
                GenerationRequest(id: 1, prompt: prompts[0], maximumNewTokens: limit),
                GenerationRequest(id: 2, prompt: prompts[1], maximumNewTokens: 3),
            ])
        #expect(results.map(\.id) == [1, 2])
        #expect(results[0].tokens.isEmpty && results[0].finish == .length && results[0].promptTokens == 4)
        #expect(results[1].tokens.count == 3 || results[1].finish == .stop)
        let only = try generate(
            Generator(model), [GenerationRequest(id: 3, prompt: prompts[0], maximumNewTokens: limit)])
        #expect(only.map(\.id) == [3])
    }

    @Test("No requests, no results")
    func empty() throws {
        #expect(try generate(Generator(TinyModel.load()), []).isEmpty)
    }

    @Test("A prompt may fill the context with its answer, and no more")
    func fullContext() throws {
        let model = try TinyModel.load()
        let prompt = TinyModel.prompts([250], seed: 6)[0]
        let result = try generate(
            Generator(model), [GenerationRequest(id: 0, prompt: prompt, maximumNewTokens: 6)])[0]
        #expect(result.tokens.count == 6 || result.finish == .stop)
        let error = #expect(throws: ModelError.self) {
            _ = try generate(Generator(model), [GenerationRequest(id: 0, prompt: prompt, maximumNewTokens: 7)])
        }
        #expect(error?.code == .badValue)
        #expect(error?.message.contains("256") == true)
    }

    @Test(
        "A bad prompt is an error before any work",
        arguments: [[], [300], [5, -1], [7, 8, 1_000_000], [Int32](repeating: 5, count: 257)] as [[Int32]])
    func badPrompt(prompt: [Int32]) throws {
        let model = try TinyModel.load()
        let good = GenerationRequest(id: 0, prompt: [5, 6], maximumNewTokens: 1)
        var finished = 0
        let error = #expect(throws: ModelError.self) {
            try Generator(model).generate([good, GenerationRequest(id: 1, prompt: prompt, maximumNewTokens: 1)]) { _ in
                finished += 1
            }
        }
        #expect(finished == 0)
        #expect(error?.code == .badValue)
        #expect(error?.file?.hasSuffix("tiny-llama.gguf") == true)
        if let stray = prompt.first(where: { $0 < 0 || $0 >= 300 }) {
            #expect(error?.message.contains("token \(stray) is outside the vocabulary of 300") == true)
        }
        #expect(throws: ModelError.self) { _ = try Generator(model).logits(of: prompt) }
    }

    @Test("Generation can be stopped between steps; what is complete has been handed over")
    func shouldStop() throws {
        let model = try TinyModel.load()
        let requests = TinyModel.prompts([3, 3, 3], seed: 7).enumerated().map {
            GenerationRequest(id: $0.offset, prompt: $0.element, maximumNewTokens: $0.offset == 1 ? 1 : 200)
        }
        var steps = 0
        let results = try generate(Generator(model), requests) {
            steps += 1
            return steps > 3
        }
        #expect(steps == 4)
        #expect(results.filter { $0.finish == .length }.map(\.id) == [1])
        #expect(try generate(Generator(model), requests, shouldStop: { true }).isEmpty)
    }

    @Test("An error of the receiver ends the work and is thrown on; the model stays usable")
    func receiverError() throws {
        struct Full: Error {}
        let model = try TinyModel.load()
        let generator = Generator(model, maximumSequences: 2)
        let requests = TinyModel.prompts([5, 5, 5, 5], seed: 8).enumerated().map {
            GenerationRequest(id: $0.offset, prompt: $0.element, maximumNewTokens: 2)
        }
        var received = 0
        #expect(throws: Full.self) {
            try generator.generate(requests) { _ in
                received += 1
                if received == 2 { throw Full() }
            }
        }
        #expect(received == 2)
        #expect(try generate(generator, requests).count == 4)
    }

    @Test("Results come as they are ready, shorter ones first")
    func orderOfResults() throws {
        let model = try TinyModel.load()
        var order: [Int] = []
        let prompt = TinyModel.prompts([9], seed: 4)[0]
        let requests = [9, 1, 5].map { GenerationRequest(id: $0, prompt: prompt, maximumNewTokens: $0) }
        try Generator(model).generate(requests) { order.append($0.id) }
        #expect(order == [1, 5, 9])
    }
}
