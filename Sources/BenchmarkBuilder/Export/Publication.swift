/// What only those who publish a dataset know; metadata has it where they say it.
public struct Publication: Hashable, Sendable {
    /// The dataset's page.
    public var url: String?
    /// Who publishes it.
    public var creator: String?
    /// When, as `YYYY-MM-DD`.
    public var date: String?

    /// Facts about a publication, as far as they are known.
    public init(url: String? = nil, creator: String? = nil, date: String? = nil) {
        self.url = url
        self.creator = creator
        self.date = date
    }

    /// Refuses what is no web address, and no date.
    ///
    /// - Throws: `BuildError` of code `parameters`.
    func validate() throws(BuildError) {
        if let url, !["https://", "http://"].contains(where: { url.hasPrefix($0) && url.count > $0.count }) {
            throw BuildError(.parameters, "the dataset's page must begin with https://: \"\(url)\"", key: "url")
        }
        if let date {
            let parts = date.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            let isDate =
                parts.map(\.count) == [4, 2, 2] && date.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) }
                && (1...12).contains(Int(parts[1]) ?? 0) && (1...31).contains(Int(parts[2]) ?? 0)
            guard isDate else {
                throw BuildError(.parameters, "the date must be like 2026-01-31: \"\(date)\"", key: "date")
            }
        }
    }
}
