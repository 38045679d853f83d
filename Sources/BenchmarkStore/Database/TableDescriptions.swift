extension SchemaDescription {
    static let tableDescriptions: [Relation] = []
}
