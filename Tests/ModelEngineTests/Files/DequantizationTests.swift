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

    /// What `quantize` made of plausible weights, and blocks of random bits.
    @Test(arguments: ["tiny/quantised", "quantised/blocks"])
    func everyTypeIsExactToTheBit(_ path: String) throws {
        let golden = try Fixtures.json(Golden.self, "\(path).json")
        let values = Self.floats(try Fixtures.data("\(path).bin"))
        let file = try GGUFFile(contentsOf: Fixtures.url("\(path).gguf"))
        for expected in golden.tensors {
            let tensor = try file.tensor(expected.name)
            #expect(tensor.type.description == expected.type)
            #expect(tensor.shape == expected.shape)
            let bits = try file.dequantized(expected.name).map(\.bitPattern)
            try #require(bits.count == expected.count)
            let wrong = bits.indices.filter { bits[$0] != values[expected.offset + $0] }
            let first = wrong.first.map { index in
                "element \(index): \(Float(bitPattern: bits[index])), not \(Float(bitPattern: values[expected.offset + index]))"
            }
            #expect(wrong.isEmpty, "\(expected.name): \(wrong.count) of \(bits.count) differ, first \(first ?? "")")
        }
        if path == "quantised/blocks" {
            #expect(golden.tensors.map(\.type).sorted() == GGUFType.readable.map(\.description).sorted())
        }
    }

    @Test(arguments: GGUFType.readable)
    func someRowsAreThoseOfTheWhole(_ type: GGUFType) throws {
        let file = try GGUFFile(contentsOf: Fixtures.url("quantised/blocks.gguf"))
        let tensor = try file.tensor(type.description)
        let (columns, whole) = (tensor.columns, try file.dequantized(type.description).map(\.bitPattern))
        for rows in [0..<1, 2..<5, 7..<8, 0..<8, 3..<3] {
            var part = [Float](repeating: 77, count: 8 * columns + 1)
            try part.withUnsafeMutableBufferPointer { try file.dequantize(tensor, rows: rows, into: $0) }
            let expected = whole[rows.lowerBound * columns..<rows.upperBound * columns]
            #expect(part[..<(rows.count * columns)].map(\.bitPattern).elementsEqual(expected))
            #expect(part[(rows.count * columns)...].allSatisfy { $0 == 77 })
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
