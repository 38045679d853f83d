extension ViewDefinition {
    static let provenance = ViewDefinition(
        "provenance", "One row for each run: the profile, model, build, corpora and machine behind its numbers.",
        columns: [
            ColumnDescription("run_id", "Run."),
            ColumnDescription("run_key", "Names the run by all that decides its results."),
            ColumnDescription("profile", "Name of the profile."),
            ColumnDescription("profile_hash", "SHA-256 of the profile's text."),
            ColumnDescription("profile_text", "The profile as it was."),
            ColumnDescription("seed", "Seed of the run."),
            ColumnDescription("model", "Name of the base model."),
            ColumnDescription("model_architecture", "Architecture of the base model."),
            ColumnDescription("model_file", "Name of the model's file."),
            ColumnDescription("model_sha256", "SHA-256 of the model's file."),
            ColumnDescription("model_bytes", "Size of the model's file."),
            ColumnDescription("model_parameters", "Number of weights of the model."),
            ColumnDescription("model_file_type", "Main quantisation of the model's file."),
            ColumnDescription("build", "Name of the build."),
            ColumnDescription("build_seed", "Seed of the build."),
            ColumnDescription("build_parameters", "Parameters of the build as JSON."),
            ColumnDescription("build_hash", "SHA-256 of the build's settings and examples."),
            ColumnDescription(
                "corpora",
                "The build's corpora as a JSON list with name, version, title, licence, citation, origin, hash."),
            ColumnDescription("braid_version", "Version of Braid that ran it."),
            ColumnDescription("commit_hash", "Commit of Braid's source; empty when unknown."),
            ColumnDescription("machine", "The machine as JSON."),
            ColumnDescription("threads", "Threads of the engine."),
            ColumnDescription("cpu", "Processor."),
            ColumnDescription("system", "Operating system."),
            ColumnDescription("precision", "Precision of the engine: `f32` or `int8`."),
            ColumnDescription("decoding", "Decoding parameters as JSON."),
            ColumnDescription("started_at", "Start, ISO 8601 in UTC."),
            ColumnDescription("finished_at", "End; NULL while predictions are missing."),
        ],
        query: """
            SELECT
                runs.id, runs.run_key, runs.profile_name, runs.profile_hash, runs.profile_text, runs.seed, models.name,
                models.architecture, models.file_name, models.sha256, models.bytes, models.parameters, models.file_type,
                builds.name, builds.seed, builds.parameters, builds.content_hash,
                (SELECT json_group_array(json_object('name', name, 'version', version, 'title', title, 'licence',
                        licence, 'citation', citation, 'origin', origin, 'content_hash', content_hash))
                    FROM (
                        SELECT corpora.* FROM corpora JOIN build_corpora ON build_corpora.corpus_id = corpora.id
                        WHERE build_corpora.build_id = builds.id ORDER BY corpora.name, corpora.version)),
                runs.braid_version, runs.commit_hash, runs.machine, runs.threads, runs.cpu, runs.system, runs.precision,
                runs.decoding, runs.started_at, runs.finished_at
            FROM runs
            JOIN models ON models.id = runs.model_id
            JOIN builds ON builds.id = runs.build_id
            """)

    static let buildSummary = ViewDefinition(
        "build_summary", "One row for each setting and split of a build: how many examples it has.",
        columns: [
            ColumnDescription("build", "Name of the build."),
            ColumnDescription("setting", "Setting, such as `summarize+translate/es`."),
            ColumnDescription("setting_position", "Place of the setting in tables, from 0."),
            ColumnDescription("kind", "`task` or `composition`."),
            ColumnDescription("family", "Family of the setting."),
            ColumnDescription("split", "`train`, `validation` or `test`."),
            ColumnDescription("examples", "Number of examples, each of another document."),
        ],
        query: """
            SELECT builds.name, settings.name, settings.position, settings.kind, settings.family, examples.split,
                count(*)
            FROM builds
            JOIN settings ON settings.build_id = builds.id
            JOIN examples ON examples.setting_id = settings.id
            GROUP BY builds.name, settings.name, settings.position, settings.kind, settings.family, examples.split
            """)

    static let training = ViewDefinition(
        "training", "One row for each adapter: what it was trained on, how long, and how the loss went.",
        columns: [
            ColumnDescription("adapter_id", "Number of the adapter."),
            ColumnDescription("model", "Name of the base model."),
            ColumnDescription("build", "Name of the build whose examples it saw."),
            ColumnDescription("task", "Task or composition it was trained for."),
            ColumnDescription("kind", "What it is: `lora`, `learnable-calibration` and so on."),
            ColumnDescription("rank", "Rank."),
            ColumnDescription("alpha", "Alpha; the update is scaled by alpha / rank."),
            ColumnDescription("seed", "Seed of the training."),
            ColumnDescription("recipe_hash", "SHA-256 over all that decides the weights."),
            ColumnDescription("sha256", "SHA-256 of the weights file."),
            ColumnDescription("parameters", "Number of trained weights."),
            ColumnDescription("bytes", "Size of the weights file."),
            ColumnDescription("train_examples", "Examples seen."),
            ColumnDescription("train_tokens", "Tokens of all updates; looks at validation examples come on top."),
            ColumnDescription("steps", "Optimiser steps."),
            ColumnDescription("seconds", "Time of all updates."),
            ColumnDescription("first_loss", "Loss of the first step, nats an answer token."),
            ColumnDescription("last_loss", "Loss of the last step."),
            ColumnDescription("validation_loss", "Loss on the validation split; NULL when not measured."),
            ColumnDescription("created_at", "End of the training, ISO 8601 in UTC."),
        ],
        query: """
            SELECT
                adapters.id, models.name, builds.name, adapters.task, adapters.kind, adapters.rank, adapters.alpha,
                adapters.seed, adapters.recipe_hash, adapters.sha256, adapters.parameters, adapters.bytes,
                adapters.train_examples, adapters.train_tokens, adapters.steps, adapters.seconds, adapters.first_loss,
                adapters.last_loss, adapters.validation_loss, adapters.created_at
            FROM adapters
            JOIN models ON models.id = adapters.model_id
            JOIN builds ON builds.id = adapters.build_id
            """)
}
