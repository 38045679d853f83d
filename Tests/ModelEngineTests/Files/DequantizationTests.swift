import Foundation
import ModelEngine
import TestSupport
import Testing

struct DequantizationTests {
    private struct Golden: Decodable {
        struct Tensor: Decodable {
            var name: String
            var type: String
            var shape: [Int]
            var offset: Int
            var count: Int
        }
        var model: String
        var values: String
        var tensors: [Tensor]
    }

    private static func floats(_ data: Data) -> [UInt32] {
        stride(from: 0, to: data.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(data[data.startIndex + start + $1]) << (8 * UInt32($1)) }
        }
    }

    @Test func everyTypeIsExactToTheBit() throws {
        let golden = try Fixtures.json(Golden.self, "tiny/quantised.json")
        let values = Self.floats(try Fixtures.data("tiny/\(golden.values)"))
        let file = try GGUFFile(contentsOf: Fixtures.url("tiny/\(golden.model)"))
        #expect(Set(golden.tensors.map(\.type)) == Set(GGUFType.readable.map(\.description)))
        for expected in golden.tensors {
            let tensor = try file.tensor(expected.name)
            #expect(tensor.type.description == expected.type)
            #expect(tensor.shape == expected.shape)
            let bits = try file.dequantized(expected.name).map(\.bitPattern)
            #expect(bits == Array(values[expected.offset..<expected.offset + expected.count]), "\(expected.name)")
        }
    }

    @Test(arguments: GGUFType.readable)
    func someRowsAreThoseOfTheWhole(_ type: GGUFType) throws {
        let file = try GGUFFile(contentsOf: Fixtures.url("tiny/quantised.gguf"))
        let tensor = try file.tensor(type.description)
        let whole = try file.dequantized(type.description)
        for rows in [0..<1, 2..<5, 5..<6, 0..<6, 3..<3] {
            var part = [Float](repeating: 77, count: 6 * 96 + 1)
            try part.withUnsafeMutableBufferPointer { try file.dequantize(tensor, rows: rows, into: $0) }
            #expect(part[0..<rows.count * 96].elementsEqual(whole[rows.lowerBound * 96..<rows.upperBound * 96]))
            #expect(part[(rows.count * 96)...].allSatisfy { $0 == 77 })
        }
    }

    #if !(os(macOS) && arch(x86_64))
        @Test func everyHalfIsConvertedExactly() throws {
            var builder = GGUFBuilder()
            builder.tensors = [("halves", [65_536], GGUFType.f16.rawValue, 0)]
            builder.data = (0...UInt16.max).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            let halves = try builder.open(in: ScratchFolder()).dequantized("halves")
            for bits in 0...UInt16.max {
                let expected = Float(Float16(bitPattern: bits))
                let value = halves[Int(bits)]
                #expect(value.isNaN == expected.isNaN)
                if !expected.isNaN { #expect(value.bitPattern == expected.bitPattern, "\(bits)") }
            }
        }
    #endif

    @Test func typesHaveTheSizesOfTheFormat() {
        // Bits per element, as the type names promise or as ggml states them.
        let bits: [GGUFType: Double] = [
            .f32: 32, .f16: 16, .bf16: 16, .q4_0: 4.5, .q4_1: 5, .q5_0: 5.5, .q5_1: 6, .q8_0: 8.5, .q2_K: 2.625,
            .q3_K: 3.4375, .q4_K: 4.5, .q5_K: 5.5, .q6_K: 6.5625, .iq4_NL: 4.5, .iq4_XS: 4.25, .tq2_0: 2.0625,
            .mxfp4: 4.25,
        ]
        for (type, expected) in bits {
            #expect(Double(type.bytesPerBlock * 8) / Double(type.blockSize) == expected, "\(type)")
        }
        #expect(Set(GGUFType.allCases.map(\.description)).count == GGUFType.allCases.count)
    }
}
