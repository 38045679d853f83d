extension Schema {
    /// What schema version 3 adds: searches without gradients with every evaluation, and validation losses of trainings.
    ///
    /// A search is known by its model and recipe, as an adapter is, so several cells and runs may share one.
    static let tables3 = """
        CREATE TABLE validation_losses (
            adapter_id INTEGER NOT NULL REFERENCES adapters ON DELETE CASCADE,
            epoch INTEGER NOT NULL CHECK (epoch >= 0),
            step INTEGER NOT NULL CHECK (step >= 0),
            loss REAL NOT NULL,
            PRIMARY KEY (adapter_id, step)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE searches (
            id INTEGER PRIMARY KEY,
            model_id INTEGER NOT NULL REFERENCES models,
            build_id INTEGER NOT NULL REFERENCES builds,
            recipe_hash TEXT NOT NULL CHECK (length(recipe_hash) = 64 AND recipe_hash NOT GLOB '*[^0-9a-f]*'),
            method TEXT NOT NULL CHECK (method <> ''),
            scope TEXT NOT NULL CHECK (scope IN ('setting', 'family', 'run')),
            unit TEXT NOT NULL CHECK ((unit = '') = (scope = 'run')),
            split TEXT NOT NULL CHECK (split IN ('train', 'validation')),
            examples INTEGER NOT NULL CHECK (examples >= 1),
            budget INTEGER NOT NULL CHECK (budget >= 1),
            recipe TEXT NOT NULL CHECK (json_valid(recipe)),
            chosen INTEGER CHECK (chosen >= 0),
            created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
            UNIQUE (model_id, recipe_hash)
        ) STRICT;
        CREATE INDEX searches_by_build ON searches (build_id);

        CREATE TABLE search_evaluations (
            search_id INTEGER NOT NULL REFERENCES searches ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 0),
            parameters TEXT NOT NULL CHECK (json_valid(parameters)),
            loss REAL,
            penalty REAL NOT NULL CHECK (penalty >= 0),
            tokens INTEGER NOT NULL CHECK (tokens >= 0),
            seconds REAL NOT NULL CHECK (seconds >= 0),
            PRIMARY KEY (search_id, number)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE cells ADD COLUMN search_id INTEGER REFERENCES searches;
        CREATE INDEX cells_by_search ON cells (search_id);
        """
}
