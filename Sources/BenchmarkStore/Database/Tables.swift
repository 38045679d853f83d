extension Schema {
    /// The tables of schema version 1.
    ///
    /// Hashes are lower-case SHA-256 hex, moments ISO 8601 in UTC, JSON columns canonical JSON. A CHECK on a column
    /// that may be NULL says so where its function does not pass NULL on, as `json_valid` in SQLite 3.40.
    static let tables1 = """
        CREATE TABLE corpora (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            version TEXT NOT NULL CHECK (version <> ''),
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            licence TEXT NOT NULL,
            citation TEXT NOT NULL,
            language TEXT NOT NULL,
            origin TEXT NOT NULL,
            manifest TEXT NOT NULL CHECK (json_valid(manifest)),
            content_hash TEXT NOT NULL CHECK (length(content_hash) = 64 AND content_hash NOT GLOB '*[^0-9a-f]*'),
            ingested_at TEXT NOT NULL CHECK (ingested_at GLOB '????-??-??T??:??:??Z'),
            UNIQUE (name, version)
        ) STRICT;

        CREATE TABLE corpus_files (
            id INTEGER PRIMARY KEY,
            corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
            path TEXT NOT NULL CHECK (path <> ''),
            kind TEXT NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            records INTEGER NOT NULL CHECK (records >= 0),
            rejected INTEGER NOT NULL CHECK (rejected >= 0),
            UNIQUE (corpus_id, path)
        ) STRICT;

        CREATE TABLE rejects (
            id INTEGER PRIMARY KEY,
            corpus_file_id INTEGER NOT NULL REFERENCES corpus_files ON DELETE CASCADE,
            line INTEGER CHECK (line >= 1),
            record TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason <> '')
        ) STRICT;
        CREATE INDEX rejects_by_file ON rejects (corpus_file_id);

        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
            key TEXT NOT NULL CHECK (key <> ''),
            kind TEXT NOT NULL CHECK (kind IN ('dialogue', 'conversation', 'sentence', 'message')),
            topic TEXT NOT NULL,
            turns TEXT CHECK (turns IS NULL OR json_valid(turns)),
            text TEXT NOT NULL CHECK (text <> ''),
            speaker TEXT,
            text_hash TEXT NOT NULL CHECK (length(text_hash) = 64 AND text_hash NOT GLOB '*[^0-9a-f]*'),
            cluster TEXT NOT NULL CHECK (cluster <> ''),
            UNIQUE (corpus_id, key)
        ) STRICT;
        CREATE INDEX documents_by_text ON documents (text_hash);
        CREATE INDEX documents_by_cluster ON documents (cluster);

        CREATE TABLE document_texts (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('summary', 'reply', 'translation', 'rewrite')),
            variant_kind TEXT NOT NULL CHECK (variant_kind IN ('source', 'language', 'tone')),
            variant TEXT NOT NULL CHECK ((variant = '') = (variant_kind = 'source')),
            text TEXT NOT NULL CHECK (text <> ''),
            origin TEXT NOT NULL,
            UNIQUE (document_id, role, variant_kind, variant)
        ) STRICT;

        CREATE TABLE builds (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (name <> ''),
            seed INTEGER NOT NULL,
            parameters TEXT NOT NULL CHECK (json_valid(parameters)),
            content_hash TEXT NOT NULL CHECK (length(content_hash) = 64 AND content_hash NOT GLOB '*[^0-9a-f]*'),
            braid_version TEXT NOT NULL,
            built_at TEXT NOT NULL CHECK (built_at GLOB '????-??-??T??:??:??Z')
        ) STRICT;

        CREATE TABLE build_corpora (
            build_id INTEGER NOT NULL REFERENCES builds ON DELETE CASCADE,
            corpus_id INTEGER NOT NULL REFERENCES corpora,
            PRIMARY KEY (build_id, corpus_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX build_corpora_by_corpus ON build_corpora (corpus_id);

        CREATE TABLE settings (
            id INTEGER PRIMARY KEY,
            build_id INTEGER NOT NULL REFERENCES builds ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            kind TEXT NOT NULL CHECK (kind IN ('task', 'composition')),
            family TEXT NOT NULL CHECK (family <> ''),
            main TEXT NOT NULL CHECK (main <> ''),
            auxiliary TEXT CHECK ((auxiliary IS NULL) = (kind = 'task')),
            target_kind TEXT CHECK (target_kind IN ('language', 'tone')),
            target TEXT CHECK ((target IS NULL) = (target_kind IS NULL)),
            target_label TEXT,
            instruction TEXT NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            UNIQUE (build_id, name)
        ) STRICT;

        CREATE TABLE examples (
            id INTEGER PRIMARY KEY,
            build_id INTEGER NOT NULL REFERENCES builds ON DELETE CASCADE,
            setting_id INTEGER NOT NULL REFERENCES settings ON DELETE CASCADE,
            document_id INTEGER NOT NULL REFERENCES documents,
            split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
            input TEXT NOT NULL,
            reference TEXT NOT NULL,
            reference_origin TEXT NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            UNIQUE (setting_id, document_id)
        ) STRICT;
        CREATE UNIQUE INDEX examples_in_order ON examples (setting_id, split, position);
        CREATE INDEX examples_by_build ON examples (build_id);
        CREATE INDEX examples_by_document ON examples (document_id);

        CREATE TABLE models (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            architecture TEXT NOT NULL,
            file_name TEXT NOT NULL,
            sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            parameters INTEGER NOT NULL CHECK (parameters >= 0),
            file_type TEXT NOT NULL,
            added_at TEXT NOT NULL CHECK (added_at GLOB '????-??-??T??:??:??Z')
        ) STRICT;

        CREATE TABLE adapters (
            id INTEGER PRIMARY KEY,
            model_id INTEGER NOT NULL REFERENCES models,
            build_id INTEGER NOT NULL REFERENCES builds,
            recipe_hash TEXT NOT NULL CHECK (length(recipe_hash) = 64 AND recipe_hash NOT GLOB '*[^0-9a-f]*'),
            task TEXT NOT NULL CHECK (task <> ''),
            kind TEXT NOT NULL CHECK (kind <> ''),
            rank INTEGER NOT NULL CHECK (rank >= 0),
            alpha REAL NOT NULL,
            seed INTEGER NOT NULL,
            path TEXT NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
            recipe TEXT NOT NULL CHECK (json_valid(recipe)),
            parameters INTEGER NOT NULL CHECK (parameters >= 0),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            train_examples INTEGER NOT NULL CHECK (train_examples >= 0),
            train_tokens INTEGER NOT NULL CHECK (train_tokens >= 0),
            steps INTEGER NOT NULL CHECK (steps >= 0),
            seconds REAL NOT NULL CHECK (seconds >= 0),
            first_loss REAL NOT NULL,
            last_loss REAL NOT NULL,
            validation_loss REAL,
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
            UNIQUE (model_id, recipe_hash)
        ) STRICT;
        CREATE INDEX adapters_by_build ON adapters (build_id);

        CREATE TABLE training_steps (
            adapter_id INTEGER NOT NULL REFERENCES adapters ON DELETE CASCADE,
            step INTEGER NOT NULL CHECK (step >= 0),
            loss REAL NOT NULL,
            learning_rate REAL NOT NULL,
            gradient_norm REAL NOT NULL,
            tokens INTEGER NOT NULL CHECK (tokens >= 0),
            seconds REAL NOT NULL CHECK (seconds >= 0),
            PRIMARY KEY (adapter_id, step)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE methods (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            title TEXT NOT NULL,
            family TEXT NOT NULL CHECK (family <> ''),
            reference TEXT NOT NULL,
            parameters TEXT NOT NULL CHECK (json_valid(parameters)),
            position INTEGER NOT NULL CHECK (position >= 0),
            UNIQUE (name, parameters)
        ) STRICT;

        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            run_key TEXT NOT NULL UNIQUE CHECK (run_key <> ''),
            profile_name TEXT NOT NULL,
            profile_hash TEXT NOT NULL CHECK (length(profile_hash) = 64 AND profile_hash NOT GLOB '*[^0-9a-f]*'),
            profile_text TEXT NOT NULL,
            model_id INTEGER NOT NULL REFERENCES models,
            build_id INTEGER NOT NULL REFERENCES builds,
            seed INTEGER NOT NULL,
            braid_version TEXT NOT NULL,
            commit_hash TEXT NOT NULL,
            machine TEXT NOT NULL CHECK (json_valid(machine)),
            threads INTEGER NOT NULL CHECK (threads >= 1),
            cpu TEXT NOT NULL,
            system TEXT NOT NULL,
            precision TEXT NOT NULL,
            decoding TEXT NOT NULL CHECK (json_valid(decoding)),
            started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??Z'),
            finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??Z')
        ) STRICT;
        CREATE INDEX runs_by_model ON runs (model_id);
        CREATE INDEX runs_by_build ON runs (build_id);

        CREATE TABLE cells (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            method_id INTEGER NOT NULL REFERENCES methods,
            setting_id INTEGER NOT NULL REFERENCES settings,
            adapter_id INTEGER REFERENCES adapters,
            extra_parameters INTEGER NOT NULL CHECK (extra_parameters >= 0),
            composition_bytes INTEGER NOT NULL CHECK (composition_bytes >= 0),
            passes INTEGER NOT NULL CHECK (passes >= 0),
            training_tokens INTEGER NOT NULL CHECK (training_tokens >= 0),
            training_seconds REAL NOT NULL CHECK (training_seconds >= 0),
            expected INTEGER NOT NULL CHECK (expected >= 0),
            UNIQUE (run_id, method_id, setting_id)
        ) STRICT;
        CREATE INDEX cells_by_method ON cells (method_id);
        CREATE INDEX cells_by_setting ON cells (setting_id);
        CREATE INDEX cells_by_adapter ON cells (adapter_id);

        -- The views tell the methods of a run apart by name.
        CREATE TRIGGER cells_one_method_per_name BEFORE INSERT ON cells
        WHEN EXISTS (
            SELECT 1
            FROM cells
            JOIN methods AS other ON other.id = cells.method_id
            JOIN methods AS new_method ON new_method.id = NEW.method_id
            WHERE cells.run_id = NEW.run_id AND other.name = new_method.name AND other.id <> new_method.id)
        BEGIN
            SELECT RAISE(ABORT, 'a run has one set of parameters for each method name; give the variant its own name');
        END;

        CREATE TABLE predictions (
            id INTEGER PRIMARY KEY,
            cell_id INTEGER NOT NULL REFERENCES cells ON DELETE CASCADE,
            example_id INTEGER NOT NULL REFERENCES examples,
            text TEXT NOT NULL,
            intermediate TEXT,
            prompt_tokens INTEGER NOT NULL CHECK (prompt_tokens >= 0),
            generated_tokens INTEGER NOT NULL CHECK (generated_tokens >= 0),
            finish TEXT NOT NULL CHECK (finish IN ('stop', 'length', 'none')),
            seconds REAL NOT NULL CHECK (seconds >= 0),
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
            UNIQUE (cell_id, example_id)
        ) STRICT;
        CREATE INDEX predictions_by_example ON predictions (example_id);

        CREATE TABLE metrics (
            signature TEXT NOT NULL PRIMARY KEY CHECK (signature <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower')),
            scale TEXT NOT NULL,
            description TEXT NOT NULL,
            UNIQUE (signature, name)
        ) STRICT;

        CREATE TABLE scores (
            id INTEGER PRIMARY KEY,
            prediction_id INTEGER NOT NULL REFERENCES predictions ON DELETE CASCADE,
            metric TEXT NOT NULL,
            signature TEXT NOT NULL,
            value REAL NOT NULL,
            UNIQUE (prediction_id, signature),
            FOREIGN KEY (signature, metric) REFERENCES metrics (signature, name)
        ) STRICT;
        CREATE INDEX scores_by_signature ON scores (signature, metric);
        """
}
