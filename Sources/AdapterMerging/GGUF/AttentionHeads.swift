import ModelEngine

/// How many heads a model's attention has: what decides the order of q's and k's rows in the llama family's files.
public struct AttentionHeads: Sendable, Equatable {
    /// Heads of the queries.
    public var queries: Int
    /// Heads of the keys and values; fewer where heads share them.
    public var keyValues: Int

    /// The numbers that a model may have.
    public static let range = 1...65_536

    /// Numbers of heads, each within `range`.
    public init(queries: Int, keyValues: Int) {
        self.queries = queries
        self.keyValues = keyValues
    }

    /// The heads of a model.
    public init(_ configuration: ModelConfiguration) {
        self.init(queries: configuration.heads, keyValues: configuration.keyValueHeads)
    }

    /// The heads whose rows a layer gives; nil where no layout reorders them.
    func count(for projection: Projection) -> Int? {
        switch projection {
        case .query: queries
        case .key: keyValues
        default: nil
        }
    }
}

/// The order of the rows within each head: as Hugging Face has it, and with its two halves interleaved.
///
/// Row half·D/2 + i of a head of D rows is row 2i + half of the same head in the interleaved order.
///
/// Source: llama.cpp, `LlamaModel.permute` of its converter, which moves the rows of W and hence those of B.
enum HeadRows {
    /// Rows as llama.cpp's converter stores them, from Hugging Face's order; `width` numbers a row.
    static func interleaved(_ rows: [Float], width: Int, heads: Int) -> [Float] {
        moved(rows, width: width, heads: heads) { size, row in row % 2 * (size / 2) + row / 2 }
    }

    /// Rows in Hugging Face's order, from llama.cpp's.
    static func halved(_ rows: [Float], width: Int, heads: Int) -> [Float] {
        moved(rows, width: width, heads: heads) { size, row in row % (size / 2) * 2 + row / (size / 2) }
    }

    /// - Parameter source: Which row of a head of that many rows comes to a place.
    private static func moved(
        _ rows: [Float], width: Int, heads: Int, source: (Int, Int) -> Int
    ) -> [Float] {
        let size = rows.count / width / heads
        var result: [Float] = []
        result.reserveCapacity(rows.count)
        for head in 0..<heads {
            for row in 0..<size {
                let start = (head * size + source(size, row)) * width
                result += rows[start..<start + width]
            }
        }
        return result
    }
}
