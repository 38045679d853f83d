extension ViewDefinition {
    static let licences = ViewDefinition(
        "licences",
        "One row for each corpus and build that is made of it: the terms, and how much the build has of it.",
        columns: [
            ColumnDescription(
                "build", "Name of the build, as in `provenance`; NULL for a corpus that no build is made of."),
            ColumnDescription("corpus", "Name of the corpus."),
            ColumnDescription("version", "Version of its content."),
            ColumnDescription("title", "Title, one sentence."),
            ColumnDescription("licence", "SPDX identifier of the licence."),
            ColumnDescription("citation", "How to cite it."),
            ColumnDescription("language", "BCP 47 code of the source text."),
            ColumnDescription("origin", "Who wrote the references: `project`, `person` or `model:<name>`."),
            ColumnDescription("content_hash", "SHA-256 over everything that was ingested."),
            ColumnDescription("rejected", "Records of its files that were refused; see `rejects`."),
            ColumnDescription("documents", "Documents of the corpus."),
            ColumnDescription("documents_used", "Those with an example in the build."),
            ColumnDescription("documents_excluded", "Those that the build left out; see `build_exclusions`."),
            ColumnDescription("examples", "Examples of the build that are made of them."),
        ],
        query: """
            SELECT
                builds.name, corpora.name, corpora.version, corpora.title, corpora.licence, corpora.citation,
                corpora.language, corpora.origin, corpora.content_hash,
                (SELECT coalesce(sum(corpus_files.rejected), 0) FROM corpus_files
                    WHERE corpus_files.corpus_id = corpora.id),
                (SELECT count(*) FROM documents WHERE documents.corpus_id = corpora.id),
                (SELECT count(DISTINCT examples.document_id)
                    FROM examples JOIN documents ON documents.id = examples.document_id
                    WHERE examples.build_id = builds.id AND documents.corpus_id = corpora.id),
                (SELECT count(*)
                    FROM build_exclusions JOIN documents ON documents.id = build_exclusions.document_id
                    WHERE build_exclusions.build_id = builds.id AND documents.corpus_id = corpora.id),
                (SELECT count(*)
                    FROM examples JOIN documents ON documents.id = examples.document_id
                    WHERE examples.build_id = builds.id AND documents.corpus_id = corpora.id)
            FROM corpora
            LEFT JOIN build_corpora ON build_corpora.corpus_id = corpora.id
            LEFT JOIN builds ON builds.id = build_corpora.build_id
            """)
}
