extension Schema {
    /// What schema version 4 adds: scores that name their metric by number, and standings that are not computed anew.
    ///
    /// `scores` is a view from here on. Each score takes some twenty bytes in place of some two hundred and seventy, and
    /// one tree in place of three. Metrics are never deleted, so nothing has to find the scores of one.
    ///
    /// A cell is settled while it has a row in `cell_totals`: the triggers remove that row with any change that its numbers
    /// depend on. Standings count only while all cells of their run and method are settled; see `Standings`.
    static let tables4 = """
        CREATE TABLE metrics_with_number (
            id INTEGER PRIMARY KEY,
            signature TEXT NOT NULL UNIQUE CHECK (signature <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower')),
            scale TEXT NOT NULL,
            description TEXT NOT NULL
        ) STRICT;
        INSERT INTO metrics_with_number (signature, name, direction, scale, description)
            SELECT signature, name, direction, scale, description FROM metrics ORDER BY name, signature;
        DROP TABLE metrics;
        ALTER TABLE metrics_with_number RENAME TO metrics;

        CREATE TABLE prediction_scores (
            prediction_id INTEGER NOT NULL REFERENCES predictions ON DELETE CASCADE,
            metric_id INTEGER NOT NULL REFERENCES metrics,
            value REAL NOT NULL,
            PRIMARY KEY (prediction_id, metric_id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO prediction_scores (prediction_id, metric_id, value)
            SELECT scores.prediction_id, metrics.id, scores.value
            FROM scores JOIN metrics ON metrics.signature = scores.signature;
        DROP TABLE scores;

        CREATE TABLE cell_totals (
            cell_id INTEGER NOT NULL PRIMARY KEY REFERENCES cells ON DELETE CASCADE,
            predictions INTEGER NOT NULL CHECK (predictions >= 0),
            seconds REAL NOT NULL CHECK (seconds >= 0),
            generated_tokens INTEGER NOT NULL CHECK (generated_tokens >= 0)
        ) STRICT;

        CREATE TABLE standings (
            cell_id INTEGER NOT NULL REFERENCES cells ON DELETE CASCADE,
            level TEXT NOT NULL CHECK (level IN ('setting', 'family', 'target')),
            metric_id INTEGER NOT NULL REFERENCES metrics,
            documents INTEGER NOT NULL CHECK (documents >= 1),
            clusters INTEGER NOT NULL CHECK (clusters >= 1),
            mean REAL NOT NULL,
            standard_error REAL,
            PRIMARY KEY (cell_id, level, metric_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER predictions_inserted AFTER INSERT ON predictions BEGIN
            DELETE FROM cell_totals WHERE cell_id = NEW.cell_id;
        END;
        CREATE TRIGGER predictions_updated AFTER UPDATE ON predictions BEGIN
            DELETE FROM cell_totals WHERE cell_id IN (OLD.cell_id, NEW.cell_id);
        END;
        CREATE TRIGGER predictions_deleted AFTER DELETE ON predictions BEGIN
            DELETE FROM cell_totals WHERE cell_id = OLD.cell_id;
        END;
        CREATE TRIGGER prediction_scores_inserted AFTER INSERT ON prediction_scores BEGIN
            DELETE FROM cell_totals WHERE cell_id = (SELECT cell_id FROM predictions WHERE id = NEW.prediction_id);
        END;
        CREATE TRIGGER prediction_scores_updated AFTER UPDATE ON prediction_scores BEGIN
            DELETE FROM cell_totals WHERE cell_id IN (
                SELECT cell_id FROM predictions WHERE id IN (OLD.prediction_id, NEW.prediction_id));
        END;
        CREATE TRIGGER prediction_scores_deleted AFTER DELETE ON prediction_scores BEGIN
            DELETE FROM cell_totals WHERE cell_id = (SELECT cell_id FROM predictions WHERE id = OLD.prediction_id);
        END;
        CREATE TRIGGER cells_moved AFTER UPDATE OF run_id, method_id, setting_id ON cells BEGIN
            DELETE FROM cell_totals WHERE cell_id IN (
                SELECT id FROM cells WHERE (run_id = OLD.run_id AND method_id = OLD.method_id)
                    OR (run_id = NEW.run_id AND method_id = NEW.method_id));
        END;
        CREATE TRIGGER cells_deleted AFTER DELETE ON cells BEGIN
            DELETE FROM cell_totals WHERE cell_id IN (
                SELECT id FROM cells WHERE run_id = OLD.run_id AND method_id = OLD.method_id);
        END;
        CREATE TRIGGER examples_moved AFTER UPDATE OF document_id, cluster ON examples BEGIN
            DELETE FROM cell_totals WHERE cell_id IN (SELECT id FROM cells WHERE setting_id = NEW.setting_id);
        END;
        CREATE TRIGGER settings_moved AFTER UPDATE OF kind, family, main, target_kind, target, target_label ON settings
        BEGIN
            DELETE FROM cell_totals WHERE cell_id IN (SELECT id FROM cells WHERE setting_id = NEW.id);
        END;
        """
}
