extension ReportPage {
    /// Who wrote the references, by setting where settings differ.
    static func references(_ data: ReportData) -> [ReportBlock] {
        let origins = origins(data)
        guard !origins.isEmpty else { return [] }
        // Settings with the same counts share a row.
        var rows: [(settings: [String], counts: [ReferenceFacts?])] = []
        for setting in data.settings {
            let counts = origins.map { origin in
                data.references.first { $0.setting == setting.name && $0.origin == origin }
            }
            let key = counts.map { [$0?.first ?? 0, $0?.further ?? 0] }
            if let same = rows.firstIndex(where: { $0.counts.map { [$0?.first ?? 0, $0?.further ?? 0] } == key }) {
                rows[same].settings.append(setting.name)
            } else {
                rows.append(([setting.name], counts))
            }
        }
        let table = ReportTable(
            caption: "Examples by the writer of their reference",
            columns: [.init("Setting")] + origins.map { .init(writer($0)) },
            rows: rows.map { row in
                let name =
                    row.settings.count == data.settings.count && row.settings.count > 1
                    ? "each of the \(row.settings.count) settings" : row.settings.joined(separator: ", ")
                return ReportTable.Row([.init(name)] + row.counts.map(referenceCell))
            }, notes: referenceNotes(data))
        return [.heading(level: 2, "References"), .table(table)]
    }

    private static func referenceCell(_ count: ReferenceFacts?) -> ReportTable.Cell {
        guard let count else { return .init("–") }
        return .init(
            NumberText.count(count.first),
            detail: count.further > 0 ? "and \(NumberText.count(count.further)) further" : "")
    }

    private static func referenceNotes(_ data: ReportData) -> [String] {
        var notes: [String] = []
        if data.references.contains(where: { $0.further > 0 }) {
            notes.append(
                """
                Further references stand beside an example's first one; each kind of score takes the one that it finds best.
                """)
        }
        if data.references.contains(where: { $0.origin.hasPrefix("model:") }) {
            notes.append("A reference that a model wrote rewards answers like that model's.")
        }
        return notes
    }

    /// The writers with how many first references each wrote, over all settings.
    static func referenceSummary(_ data: ReportData) -> String {
        let parts = origins(data).map { origin in
            let facts = data.references.filter { $0.origin == origin }
            let further = facts.reduce(0) { $0 + $1.further }
            return "\(NumberText.count(facts.reduce(0) { $0 + $1.first })) \(writer(origin))"
                + (further > 0 ? " and \(NumberText.count(further)) further" : "")
        }
        return parts.isEmpty ? "unknown" : parts.joined(separator: ", ")
    }

    /// The origins that occur: people's first, then the project's, then models' by name.
    private static func origins(_ data: ReportData) -> [String] {
        let order = ["person", "post-edited", "project"]
        return Set(data.references.map(\.origin)).sorted {
            let places = [$0, $1].map { order.firstIndex(of: $0) ?? order.count }
            return places[0] != places[1] ? places[0] < places[1] : $0 < $1
        }
    }

    /// Who wrote a reference, in words.
    static func writer(_ origin: String) -> String {
        switch origin {
        case "project": "written for this project"
        case "person": "written by a person"
        case "post-edited": "written by a machine and corrected by a person"
        default: origin.hasPrefix("model:") ? "written by the model \(origin.dropFirst(6))" : origin
        }
    }
}
