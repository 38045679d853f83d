/// The counts from which chrF++ follows; they add up over texts.
public struct ChrFStatistics: Hashable, SummableStatistics, Codable {
    /// The counts of one n-gram order.
    public struct Order: Hashable, Sendable {
        /// The hypothesis's n-grams.
        public internal(set) var hypothesis: Int
        /// The reference's n-grams.
        public internal(set) var reference: Int
        /// Those that both share, each as often as in the poorer of the two.
        public internal(set) var matches: Int
    }

    /// The orders: characters 1…6, then words 1…2.
    public internal(set) var orders: [Order]

    /// The counts of no text.
    public static let zero = ChrFStatistics(
        orders: Array(repeating: Order(hypothesis: 0, reference: 0, matches: 0), count: orderCount))

    private static let orderCount = ChrF.characterOrders + ChrF.wordOrders

    private init(orders: [Order]) { self.orders = orders }

    /// Counts as stored: hypothesis, reference, matches of each order; nil unless there are 24, none negative.
    public init?(counts: [Int]) {
        guard counts.count == 3 * Self.orderCount, counts.allSatisfy({ $0 >= 0 }) else { return nil }
        orders = stride(from: 0, to: counts.count, by: 3).map {
            Order(hypothesis: counts[$0], reference: counts[$0 + 1], matches: counts[$0 + 2])
        }
    }

    /// The 24 counts to store: hypothesis, reference and matches of each order in turn.
    public var counts: [Int] { orders.flatMap { [$0.hypothesis, $0.reference, $0.matches] } }

    /// Adds the counts of further texts.
    public static func += (left: inout ChrFStatistics, right: ChrFStatistics) {
        for index in left.orders.indices {
            left.orders[index].hypothesis += right.orders[index].hypothesis
            left.orders[index].reference += right.orders[index].reference
            left.orders[index].matches += right.orders[index].matches
        }
    }

    /// chrF++ of these counts, 0…100: F2 of the mean precision and the mean recall over the orders that both sides
    /// have.
    public var score: Double {
        var precision = 0.0
        var recall = 0.0
        var used = 0.0
        for order in orders where order.hypothesis > 0 && order.reference > 0 {
            precision += Double(order.matches) / Double(order.hypothesis)
            recall += Double(order.matches) / Double(order.reference)
            used += 1
        }
        guard precision + recall > 0 else { return 0 }
        precision /= used
        recall /= used
        let weight = 4.0  // β² with β = 2
        return 100 * (1 + weight) * precision * recall / (weight * precision + recall)
    }

    /// Reads the 24 counts.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = ChrFStatistics(counts: try container.decode([Int].self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "chrF++ statistics are 24 counts, none of them negative")
        }
        self = value
    }

    /// Writes the 24 counts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(counts)
    }
}
