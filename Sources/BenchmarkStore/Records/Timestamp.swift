import Foundation
import GRDB

/// A moment in UTC, stored as ISO 8601 text to the second, such as `2026-01-31T09:05:00Z`.
///
/// Text of one fixed shape sorts as time does and reads well in any SQL tool.
public struct Timestamp: RawRepresentable, Codable, Hashable, Sendable, Comparable, CustomStringConvertible,
    DatabaseValueConvertible
{
    /// The ISO 8601 text.
    public let rawValue: String

    /// Takes text as it is stored; the database refuses text of another shape.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The moment, cut to whole seconds.
    public init(_ date: Date) { rawValue = date.formatted(.iso8601) }

    /// The present moment by the system's clock.
    public static func now() -> Timestamp { Timestamp(Date()) }

    /// The ISO 8601 text.
    public var description: String { rawValue }

    /// Whether the left moment is the earlier one.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }
}
