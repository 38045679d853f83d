import BenchmarkStore
import Foundation
import GRDB

/// Databases as earlier versions of Braid left them, with rows in every table.
///
/// Their tables come from the frozen migrations, their rows from SQL in the columns that the tables had then.
enum EarlierSchema {
    /// The newest version that has rows here.
    static let newest = 4

    static func make(_ version: Int, at path: String) throws {
        let connection = try DatabaseQueue(path: path)
        try connection.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            for migration in BenchmarkDatabase.schemaMigrations.prefix(version) { try db.execute(sql: migration) }
            for sql in rows(version) { try db.execute(sql: sql) }
            // Views of then, which need not fit the tables of now.
            try db.execute(
                sql: "CREATE VIEW clusters AS SELECT cluster FROM \(version == 1 ? "documents" : "examples")")
            try db.execute(sql: "PRAGMA application_id = \(0x4272_6169); PRAGMA user_version = \(version)")
        }
        try connection.close()
    }

    private static func rows(_ version: Int) -> [String] {
        [corpora, version == 1 ? documents1 : documents2, builds, runs, version < 4 ? scores1 : scores4]
            + (version >= 2 ? [rows2] : []) + (version >= 3 ? [rows3] : []) + (version >= 4 ? [rows4] : [])
    }

    private static func hash(_ digit: String) -> String { String(repeating: digit, count: 64) }

    private static let corpora = """
        INSERT INTO corpora (id, name, version, title, description, licence, citation, language, origin, manifest,
                content_hash, ingested_at)
            VALUES (3, 'village', '1.0.0', 'Village', 'Talk of a village.', 'Apache-2.0', '', 'en', 'project',
                '{"languages":[{"code":"es","name":"Spanish"}]}', '\(hash("a"))', '2025-03-01T08:00:00Z');
        INSERT INTO corpus_files (id, corpus_id, path, kind, sha256, bytes, records, rejected)
            VALUES (5, 3, 'dialogues.jsonl', 'dialogue', '\(hash("b"))', 9007199254740993, 2, 2);
        INSERT INTO rejects (id, corpus_file_id, line, record, reason)
            VALUES (1, 5, 3, '{"id":', 'is not JSON'), (4, 5, NULL, 'é 🙂 it''s', 'is empty');
        """

    private static let documents1 = """
        INSERT INTO documents (id, corpus_id, key, kind, topic, turns, text, speaker, text_hash, cluster) VALUES
            (2, 3, 'd-1', 'dialogue', 'market', '[{"speaker":"Ilse","text":"Zoë?"}]', 'Ilse: Zoë?', NULL,
                '\(hash("1"))', 'c-1'),
            (8, 3, 'd-2', 'message', '', NULL, 'Send it,' || char(10) || 'please.', 'Ilse', '\(hash("2"))', 'c-2');
        """

    private static let documents2 = """
        INSERT INTO documents (id, corpus_id, key, kind, topic, turns, text, speaker, text_hash, split, file, record)
            VALUES
            (2, 3, 'd-1', 'dialogue', 'market', '[{"speaker":"Ilse","text":"Zoë?"}]', 'Ilse: Zoë?', NULL,
                '\(hash("1"))', 'train', 'dialogues.jsonl', 1),
            (8, 3, 'd-2', 'message', '', NULL, 'Send it,' || char(10) || 'please.', 'Ilse', '\(hash("2"))', NULL, '',
                NULL);
        """

    private static let builds = """
        INSERT INTO document_texts (id, document_id, role, variant_kind, variant, text, origin) VALUES
            (1, 2, 'summary', 'source', '', 'A question.', 'project'),
            (6, 2, 'summary', 'language', 'es', 'Una pregunta.', 'model:tiny'),
            (9, 8, 'rewrite', 'tone', 'casual', 'Send it?', 'person');
        INSERT INTO builds (id, name, seed, parameters, content_hash, braid_version, built_at)
            VALUES (2, 'main', -7, '{"test":3}', '\(hash("c"))', '0.1.0', '2025-03-02T08:00:00Z');
        INSERT INTO build_corpora (build_id, corpus_id) VALUES (2, 3);
        INSERT INTO settings (id, build_id, name, kind, family, main, auxiliary, target_kind, target, target_label,
                instruction, position) VALUES
            (1, 2, 'summarize', 'task', 'summarize', 'summarize', NULL, NULL, NULL, NULL, 'Summarise.', 0),
            (4, 2, 'summarize+translate/es', 'composition', 'summarize+translate', 'summarize', 'translate/es',
                'language', 'es', 'Spanish', 'Summarise in Spanish.', 1);
        INSERT INTO examples (id, build_id, setting_id, document_id, split, input, reference, reference_origin,
                position) VALUES
            (1, 2, 1, 2, 'train', 'Ilse: Zoë?', 'A question.', 'project', 0),
            (3, 2, 4, 8, 'test', 'Send it.', 'Envíalo.', 'model:tiny', 0);
        INSERT INTO models (id, name, architecture, file_name, sha256, bytes, parameters, file_type, added_at)
            VALUES (1, 'tiny', 'llama', 'tiny.gguf', '\(hash("d"))', 4000, 1000, 'F32', '2025-03-03T08:00:00Z');
        INSERT INTO adapters (id, model_id, build_id, recipe_hash, task, kind, rank, alpha, seed, path, sha256, recipe,
                parameters, bytes, train_examples, train_tokens, steps, seconds, first_loss, last_loss,
                validation_loss, created_at)
            VALUES (7, 1, 2, '\(hash("e"))', 'summarize', 'lora', 4, 8.0, 1, 'Adapters/a', '\(hash("f"))', '{}', 64,
                256, 1, 12, 1, 0.5, 2.25, 1.125, NULL, '2025-03-04T08:00:00Z');
        INSERT INTO training_steps (adapter_id, step, loss, learning_rate, gradient_norm, tokens, seconds)
            VALUES (7, 0, 2.25, 0.0001, 3.5, 6, 0.25), (7, 1, 0.1, 1e-300, 0.30000000000000004, 6, 0.25);
        """

    private static let runs = """
        INSERT INTO methods (id, name, title, family, reference, parameters, position)
            VALUES (1, 'linear', 'Linear', 'data-free merge', '', '{"weights":[0.5,0.5]}', 0);
        INSERT INTO runs (id, run_key, profile_name, profile_hash, profile_text, model_id, build_id, seed,
                braid_version, commit_hash, machine, threads, cpu, system, precision, decoding, started_at, finished_at)
            VALUES (1, 'run-1', 'smoke', '\(hash("0"))', 'version: 1', 1, 2, 7, '0.1.0', 'unknown', '{}', 2, 'cpu',
                'Linux', 'f32', '{}', '2025-03-05T08:00:00Z', NULL);
        INSERT INTO cells (id, run_id, method_id, setting_id, adapter_id, extra_parameters, composition_bytes, passes,
                training_tokens, training_seconds, expected)
            VALUES (5, 1, 1, 4, 7, 0, 256, 1, 12, 0.5, 1);
        INSERT INTO predictions (id, cell_id, example_id, text, intermediate, prompt_tokens, generated_tokens, finish,
                seconds, created_at)
            VALUES (6, 5, 3, '', 'Send it.', 9, 0, 'none', 0.125, '2025-03-05T08:00:01Z');
        """

    private static let scores1 = """
        INSERT INTO metrics (signature, name, direction, scale, description)
            VALUES ('rougeL|version:braid-1', 'rougeL', 'higher', 'fraction', 'Longest common subsequence.');
        INSERT INTO scores (id, prediction_id, metric, signature, value)
            VALUES (2, 6, 'rougeL', 'rougeL|version:braid-1', 0.1);
        """

    private static let scores4 = """
        INSERT INTO metrics (id, signature, name, direction, scale, description)
            VALUES (4, 'rougeL|version:braid-1', 'rougeL', 'higher', 'fraction', 'Longest common subsequence.');
        INSERT INTO prediction_scores (prediction_id, metric_id, value) VALUES (6, 4, 0.1);
        """

    private static let rows2 = """
        INSERT INTO document_texts (id, document_id, role, variant_kind, variant, position, text, origin)
            VALUES (11, 2, 'summary', 'source', '', 1, 'Where is Zoë?', 'person');
        UPDATE examples SET cluster = 'c-' || document_id;
        INSERT INTO further_references (example_id, position, text, origin) VALUES (3, 1, 'Mándalo.', 'person');
        INSERT INTO build_exclusions (build_id, document_id, reason) VALUES (2, 8, 'repeats d-1');
        INSERT INTO duplicate_pairs (build_id, first_id, second_id, texts, similarity) VALUES (2, 2, 8, 'spoken', 0.75);
        INSERT INTO annotations (request_hash, model, request, answer, created_at)
            VALUES ('\(hash("9"))', 'tiny', '{}', 'Una pregunta.', '2025-03-01T08:00:00Z');
        """

    private static let rows3 = """
        INSERT INTO validation_losses (adapter_id, epoch, step, loss) VALUES (7, 1, 2, 1.5);
        INSERT INTO searches (id, model_id, build_id, recipe_hash, method, scope, unit, split, examples, budget, recipe,
                chosen, created_at)
            VALUES (3, 1, 2, '\(hash("8"))', 'linear', 'setting', 'summarize+translate/es', 'train', 1, 2, '{}', 1,
                '2025-03-05T08:00:00Z');
        INSERT INTO search_evaluations (search_id, number, parameters, loss, penalty, tokens, seconds)
            VALUES (3, 0, '{}', NULL, 0, 0, 0.5), (3, 1, '{"density":0.5}', 2.5, 0.01, 12, 0.5);
        UPDATE cells SET search_id = 3;
        """

    private static let rows4 = """
        INSERT INTO cell_totals (cell_id, predictions, seconds, generated_tokens) VALUES (5, 1, 0.125, 0);
        INSERT INTO standings (cell_id, level, metric_id, documents, clusters, mean, standard_error) VALUES
            (5, 'setting', 4, 1, 1, 0.1, NULL), (5, 'family', 4, 1, 1, 0.1, NULL), (5, 'target', 4, 1, 1, 0.1, NULL);
        """
}
