import AdapterMerging
import ModelEngine
import Testing

/// Every merge refuses what it cannot merge, and says where.
struct MergeErrorTests {
    private static let merges: [(name: String, merge: @Sendable ([LoRAAdapter], [Double]?) throws -> LoRAAdapter)] = [
        ("linear", { try LinearMerge.merge($0, weights: $1) }),
        ("cat", { try Concatenation.merge($0, weights: $1) }),
        ("ties", { try TIES.merge($0, weights: $1, density: 0.5) }),
        ("magnitude-prune", { try MagnitudePruning.merge($0, weights: $1, density: 0.5) }),
        ("dare-linear", { try DARELinear.merge($0, weights: $1, density: 0.5, seed: 1) }),
        ("dare-ties", { try DARETIES.merge($0, weights: $1, density: 0.5, seed: 1) }),
        ("learnable-calibration", { try LearnableCalibration.start($0, weights: $1).merged }),
        (
            "learnable-calibration-plus",
            { try LearnableCalibrationPlus.start($0, weights: $1, rank: 2, seed: 1).merged }
        ),
    ]

    private let first = LoRAAdapter.random(seed: 1)
    private let second = LoRAAdapter.random(seed: 2)

    private func expect(
        _ code: MergeError.Code, key: String? = nil, of adapters: [LoRAAdapter], weights: [Double]? = nil,
        except: String? = nil
    ) {
        for (name, merge) in Self.merges where name != except {
            do {
                _ = try merge(adapters, weights)
                Issue.record("\(name) merged what it should refuse")
            } catch let error as MergeError {
                #expect(error.code == code, "\(name): \(error)")
                #expect(error.key == key, "\(name)")
            } catch {
                Issue.record("\(name) threw \(error)")
            }
        }
    }

    @Test func `an empty list`() { expect(.noAdapters, of: []) }

    @Test func `an adapter without layers`() { expect(.noAdapters, of: [first, LoRAAdapter()]) }

    @Test func `more or fewer weights than adapters`() {
        expect(.weightCount, key: "weights", of: [first, second], weights: [1])
        expect(.weightCount, key: "weights", of: [first, second], weights: [1, 1, 1])
        expect(.weightCount, key: "weights", of: [first, second], weights: [])
    }

    @Test(arguments: [Double.nan, .infinity])
    func `a weight that is no finite number`(_ weight: Double) {
        expect(.notFinite, key: "weights", of: [first, second], weights: [1, weight])
    }

    @Test func `unequal ranks, but for the concatenation`() throws {
        let wide = LoRAAdapter.random(seed: 3, rank: 4)
        expect(.rankMismatch, key: "model.layers.0.self_attn.q_proj", of: [first, wide], except: "cat")
        #expect(try Concatenation.merge([first, wide]).factors[.query(0)]?.rank == 7)
    }

    @Test func `layers of other shapes`() {
        let other = LoRAAdapter.random(seed: 3, inputs: 7)
        expect(.shapeMismatch, key: "model.layers.0.self_attn.q_proj", of: [first, other])
        expect(.shapeMismatch, key: "model.layers.0.self_attn.q_proj", of: [first, .random(seed: 3, outputs: 4)])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `factors or scalings that are no finite numbers`(_ value: Float) {
        for change: (inout LoRAFactors) -> Void in [{ $0.a[3] = value }, { $0.b[0] = value }, { $0.scaling = value }] {
            var broken = second
            if var factors = broken.factors[.down(1)] {
                change(&factors)
                broken.factors[.down(1)] = factors
            }
            expect(.notFinite, key: "model.layers.1.mlp.down_proj", of: [first, broken])
        }
    }

    @Test(arguments: [0, -0.1, 1.01, Double.nan, .infinity])
    func `a density out of range`(_ density: Double) {
        let adapters = [first, second]
        for merge: () throws -> LoRAAdapter in [
            { try TIES.merge(adapters, density: density) }, { try MagnitudePruning.merge(adapters, density: density) },
            { try DARELinear.merge(adapters, density: density, seed: 1) },
            { try DARETIES.merge(adapters, density: density, seed: 1) },
        ] {
            let error = #expect(throws: MergeError.self) { try merge() }
            #expect(error?.code == .badParameter)
            #expect(error?.key == "density")
        }
    }

    @Test func `the message names both adapters and a way out`() {
        let wide = LoRAAdapter.random(seed: 3, rank: 4)
        let error = #expect(throws: MergeError.self) { try LinearMerge.merge([first, wide]) }
        #expect(
            error?.description
                == "'model.layers.0.self_attn.q_proj': adapter 1 has rank 3 here and adapter 2 rank 4; "
                + "train both with one rank, or use 'cat'")
    }
}
