extension Schema {
    /// What schema version 2 adds: official splits, several references, near-duplicates by build, and a model's texts.
    ///
    /// Clusters of near-duplicates depend on the corpora that are looked at together, so they belong to a build's
    /// examples and no longer to a document.
    static let tables2 = """
        ALTER TABLE examples ADD COLUMN cluster TEXT NOT NULL DEFAULT '';
        UPDATE examples SET cluster = (SELECT cluster FROM documents WHERE documents.id = document_id);

        DROP INDEX documents_by_cluster;
        ALTER TABLE documents DROP COLUMN cluster;
        ALTER TABLE documents ADD COLUMN split TEXT CHECK (split IN ('train', 'validation', 'test'));
        ALTER TABLE documents ADD COLUMN file TEXT NOT NULL DEFAULT '';
        ALTER TABLE documents ADD COLUMN record INTEGER CHECK (record >= 1);

        CREATE TABLE texts_with_position (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('summary', 'reply', 'translation', 'rewrite')),
            variant_kind TEXT NOT NULL CHECK (variant_kind IN ('source', 'language', 'tone')),
            variant TEXT NOT NULL CHECK ((variant = '') = (variant_kind = 'source')),
            position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
            text TEXT NOT NULL CHECK (text <> ''),
            origin TEXT NOT NULL,
            UNIQUE (document_id, role, variant_kind, variant, position)
        ) STRICT;
        INSERT INTO texts_with_position (id, document_id, role, variant_kind, variant, text, origin)
            SELECT id, document_id, role, variant_kind, variant, text, origin FROM document_texts;
        DROP TABLE document_texts;
        ALTER TABLE texts_with_position RENAME TO document_texts;

        CREATE TABLE further_references (
            example_id INTEGER NOT NULL REFERENCES examples ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 1),
            text TEXT NOT NULL CHECK (text <> ''),
            origin TEXT NOT NULL,
            PRIMARY KEY (example_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE build_exclusions (
            build_id INTEGER NOT NULL REFERENCES builds ON DELETE CASCADE,
            document_id INTEGER NOT NULL REFERENCES documents,
            reason TEXT NOT NULL CHECK (reason <> ''),
            PRIMARY KEY (build_id, document_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX build_exclusions_by_document ON build_exclusions (document_id);

        CREATE TABLE duplicate_pairs (
            build_id INTEGER NOT NULL REFERENCES builds ON DELETE CASCADE,
            first_id INTEGER NOT NULL REFERENCES documents,
            second_id INTEGER NOT NULL REFERENCES documents,
            texts TEXT NOT NULL CHECK (texts IN ('spoken', 'sources', 'crossed')),
            similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1),
            PRIMARY KEY (build_id, first_id, second_id, texts)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX duplicate_pairs_by_first ON duplicate_pairs (first_id);
        CREATE INDEX duplicate_pairs_by_second ON duplicate_pairs (second_id);

        CREATE TABLE annotations (
            request_hash TEXT NOT NULL PRIMARY KEY
                CHECK (length(request_hash) = 64 AND request_hash NOT GLOB '*[^0-9a-f]*'),
            model TEXT NOT NULL CHECK (model <> ''),
            request TEXT NOT NULL CHECK (json_valid(request)),
            answer TEXT NOT NULL CHECK (answer <> ''),
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z')
        ) STRICT, WITHOUT ROWID;
        """
}
