extension SchemaDescription {
    /// The tables in the order of the data's flow.
    static let tableDescriptions = dataTables + evaluationTables

    private static let dataTables: [Relation] = [
        table(
            "corpora", "One row for each ingested source.",
            [
                ("id", "Number of the corpus."),
                ("name", "Name; unique together with the version."),
                ("version", "Version of the content."),
                ("title", "Title, one sentence."),
                ("description", "Description, one sentence."),
                ("licence", "SPDX identifier of the licence."),
                ("citation", "How to cite it."),
                ("language", "BCP 47 code of the source text."),
                ("origin", "Who wrote the references: `project`, `person` or `model:<name>`."),
                ("manifest", "The manifest as JSON."),
                ("content_hash", "SHA-256 over everything that was ingested."),
                ("ingested_at", "When, ISO 8601 in UTC."),
            ]),
        table(
            "corpus_files", "One row for each source file of a corpus.",
            [
                ("id", "Number of the file."),
                ("corpus_id", "Its corpus."),
                ("path", "Path relative to the corpus folder."),
                ("kind", "What it holds."),
                ("sha256", "SHA-256 of its bytes."),
                ("bytes", "Size."),
                ("records", "Records that became documents."),
                ("rejected", "Records that were refused."),
            ]),
        table(
            "rejects", "One row for each source record that was refused.",
            [
                ("id", "Number of the reject."),
                ("corpus_file_id", "Its file."),
                ("line", "Line in the file, from 1; NULL where there are no lines."),
                ("record", "Name of the record or an extract of it."),
                ("reason", "Why it was refused."),
            ]),
        table(
            "documents", "One row for each dialogue, conversation, sentence or message.",
            [
                ("id", "Number of the document."),
                ("corpus_id", "Its corpus."),
                ("key", "Its name in the source; unique in the corpus."),
                ("kind", "`dialogue`, `conversation`, `sentence` or `message`."),
                ("topic", "Topic; may be empty."),
                ("turns", "Turns as a JSON list of objects with speaker and text; NULL for sentences and messages."),
                ("text", "The input as a model sees it."),
                ("speaker", "Who replies in a conversation; NULL otherwise."),
                ("text_hash", "SHA-256 of the normalised text."),
                ("split", "The source's own split: `train`, `validation` or `test`; NULL where it has none."),
                ("file", "The file that it was read from, by its path in the corpus."),
                ("record", "Place of its record in that file, from 1; NULL where that is not known."),
            ]),
        table(
            "document_texts",
            "One row for each reference text: a document's summary, reply, translation or rewrite in one variant.",
            [
                ("id", "Number of the text."),
                ("document_id", "Its document."),
                ("role", "`summary`, `reply`, `translation` or `rewrite`."),
                ("variant_kind", "`source` (plain, source language), `language` or `tone`."),
                ("variant", "Language code or tone; empty for `source`."),
                ("position", "Place among several texts of one variant, from 0."),
                ("text", "The text."),
                ("origin", "Who wrote it: `project`, `person` or `model:<name>`."),
            ]),
        table(
            "builds", "One row for each build of the benchmark.",
            [
                ("id", "Number of the build."),
                ("name", "Name; unique."),
                ("seed", "Seed of the splits."),
                ("parameters", "Parameters as JSON."),
                ("content_hash", "SHA-256 over settings and examples."),
                ("braid_version", "Version of Braid that built it."),
                ("built_at", "When, ISO 8601 in UTC."),
            ]),
        table(
            "build_corpora", "Which corpora a build was made of.",
            [
                ("build_id", "Build."),
                ("corpus_id", "Corpus."),
            ]),
        table(
            "settings", "One row for each task or composition of a build, with its target.",
            [
                ("id", "Number of the setting."),
                ("build_id", "Its build."),
                ("name", "Name, such as `summarize+translate/es`; unique in the build."),
                ("kind", "`task` or `composition`."),
                ("family", "Name without the target, such as `summarize+translate`."),
                ("main", "Main task."),
                ("auxiliary", "Auxiliary task with its target; NULL for a task."),
                ("target_kind", "`language` or `tone`; NULL without a target."),
                ("target", "Language code or tone."),
                ("target_label", "The target for people, such as `Spanish`."),
                ("instruction", "Words that follow the input in the prompt."),
                ("position", "Place in tables, from 0."),
            ]),
        table(
            "examples", "One row for each question of a setting; the prompt is input, empty line, instruction.",
            [
                ("id", "Number of the example."),
                ("build_id", "Its build."),
                ("setting_id", "Its setting."),
                ("document_id", "Its document."),
                ("split", "`train`, `validation` or `test`."),
                ("input", "Input."),
                ("reference", "Reference answer."),
                ("reference_origin", "Who wrote the reference: `project`, `person` or `model:<name>`."),
                ("position", "Order within setting and split, from 0."),
                ("cluster", "Names the document's cluster of near-duplicates, which lies in one split of the build."),
            ]),
        table(
            "further_references", "References of an example beyond the first.",
            [
                ("example_id", "Example."),
                ("position", "Place among the example's references; the first, 0, is in `examples`."),
                ("text", "Reference answer."),
                ("origin", "Who wrote it: `project`, `person` or `model:<name>`."),
            ]),
        table(
            "build_exclusions", "Documents of a build's corpora that were left out of it, and why.",
            [
                ("build_id", "Build."),
                ("document_id", "Document."),
                ("reason", "Why it was left out."),
            ]),
        table(
            "duplicate_pairs",
            "Pairs of a build's documents that share a text, or nearly do; of equal documents, those with the first.",
            [
                ("build_id", "Build."),
                ("first_id", "One document."),
                ("second_id", "The other document."),
                (
                    "texts",
                    "What is alike: `spoken` (the documents), `sources` (summaries or replies), `crossed` (one of each)."
                ),
                ("similarity", "How alike they are, 0 to 1; 1 differs in case, punctuation and blanks at most."),
            ]),
        table(
            "annotations", "Answers of models that were asked for missing references; asking again reads them here.",
            [
                ("request_hash", "SHA-256 of the request, which names it."),
                ("model", "The model's name."),
                ("request", "The request as JSON: messages and options."),
                ("answer", "What the model answered."),
                ("created_at", "When, ISO 8601 in UTC."),
            ]),
    ]

    private static let evaluationTables: [Relation] = [
        table(
            "models", "One row for each base model, known by the hash of its file.",
            [
                ("id", "Number of the model."),
                ("name", "Name."),
                ("architecture", "Architecture, such as `llama`."),
                ("file_name", "Name of the file."),
                ("sha256", "SHA-256 of the file; unique."),
                ("bytes", "Size of the file."),
                ("parameters", "Number of weights."),
                ("file_type", "Main quantisation, such as `Q4_1`."),
                ("added_at", "When, ISO 8601 in UTC."),
            ]),
        table(
            "adapters", "One row for each trained adapter or learned part of a method.",
            [
                ("id", "Number of the adapter."),
                ("model_id", "Its base model."),
                ("build_id", "The build whose examples it saw."),
                ("recipe_hash", "SHA-256 over all that decides the weights; unique for the model."),
                ("task", "Task or composition it was trained for."),
                ("kind", "What it is: `lora`, `learnable-calibration` and so on."),
                ("rank", "Rank."),
                ("alpha", "Alpha; the update is scaled by alpha / rank."),
                ("seed", "Seed of the training."),
                ("path", "Where the weights lie."),
                ("sha256", "SHA-256 of the weights file."),
                ("recipe", "The recipe as JSON."),
                ("parameters", "Number of trained weights."),
                ("bytes", "Size of the weights file."),
                ("train_examples", "Examples seen."),
                ("train_tokens", "Tokens of all updates, or of a search's evaluations."),
                ("steps", "Optimiser steps."),
                ("seconds", "Time of all updates, or of a search's evaluations."),
                ("first_loss", "Loss of the first step, nats an answer token."),
                ("last_loss", "Loss of the last step."),
                ("validation_loss", "Loss on the validation split; NULL when not measured."),
                ("created_at", "When, ISO 8601 in UTC."),
            ]),
        table(
            "training_steps", "One row for each optimiser step of a training.",
            [
                ("adapter_id", "Adapter."),
                ("step", "Step, from 0."),
                ("loss", "Mean loss before the update, nats an answer token."),
                ("learning_rate", "Learning rate."),
                ("gradient_norm", "Norm of the gradient before clipping."),
                ("tokens", "Tokens of the batch."),
                ("seconds", "Time of the step."),
            ]),
        table(
            "validation_losses", "One row for each time that a training measured its validation loss.",
            [
                ("adapter_id", "Adapter."),
                ("epoch", "Epochs that were complete."),
                ("step", "Optimiser steps that were done."),
                ("loss", "Mean loss on the validation examples, nats an answer token."),
            ]),
        table(
            "searches", "One row for each search for a method's parameters without gradients; cells share it.",
            [
                ("id", "Number of the search."),
                ("model_id", "Its base model."),
                ("build_id", "The build whose examples it looked at."),
                ("recipe_hash", "SHA-256 over all that decides what is found; unique for the model."),
                ("method", "Name of the method."),
                ("scope", "What shares the choice: `setting`, `family` or `run`."),
                ("unit", "Name of that setting or family; empty for the whole run."),
                ("split", "The split of its examples: `train` or `validation`."),
                ("examples", "Examples that each evaluation looks at."),
                ("budget", "The most evaluations."),
                ("recipe", "The recipe as JSON."),
                ("chosen", "Number of the chosen evaluation; NULL while the search goes on."),
                ("created_at", "When it began, ISO 8601 in UTC."),
            ]),
        table(
            "search_evaluations", "One row for each set of parameters that a search tried.",
            [
                ("search_id", "Search."),
                ("number", "Place in the search, from 0."),
                ("parameters", "The parameters as JSON."),
                ("loss", "Mean negative log-likelihood of the references, nats an answer token; NULL if not finite."),
                ("penalty", "What the search adds to the loss to compare evaluations."),
                ("tokens", "Tokens that the model read."),
                ("seconds", "Time of the evaluation."),
            ]),
        table(
            "methods", "One row for each method with its parameters.",
            [
                ("id", "Number of the method."),
                ("name", "Registered name; unique together with the parameters."),
                ("title", "Name for people."),
                ("family", "Family, such as `data-free merge` or `learned`."),
                ("reference", "Paper it comes from."),
                ("parameters", "Parameters as JSON."),
                ("position", "Place in tables, from 0."),
            ]),
        table(
            "runs", "One row for each evaluation of a profile, with what is needed to do it again.",
            [
                ("id", "Number of the run."),
                ("run_key", "Names the run by all that decides its results; unique."),
                ("profile_name", "Name of the profile."),
                ("profile_hash", "SHA-256 of the profile's text."),
                ("profile_text", "The profile as it was."),
                ("model_id", "Base model."),
                ("build_id", "Build."),
                ("seed", "Seed."),
                ("braid_version", "Version of Braid."),
                ("commit_hash", "Commit of Braid's source; empty when unknown."),
                ("machine", "The machine as JSON."),
                ("threads", "Threads of the engine."),
                ("cpu", "Processor."),
                ("system", "Operating system."),
                ("precision", "`f32` or `int8`."),
                ("decoding", "Decoding parameters as JSON."),
                ("started_at", "Start, ISO 8601 in UTC."),
                ("finished_at", "End; NULL while predictions are missing."),
            ]),
        table(
            "cells", "One row for each method and setting of a run, with what the method costs there.",
            [
                ("id", "Number of the cell."),
                ("run_id", "Its run."),
                ("method_id", "Its method."),
                ("setting_id", "Its setting."),
                ("adapter_id", "Adapter that was trained for this cell; NULL for none."),
                ("extra_parameters", "Parameters beyond the base model and the single-task adapters."),
                ("composition_bytes", "Bytes to store for the setting."),
                ("passes", "Generations for one answer."),
                ("training_tokens", "Tokens of compositional data trained on, without validation."),
                ("training_seconds", "Time of that training."),
                ("expected", "Examples planned: the first so many of the split."),
                ("search_id", "Search that chose the parameters; NULL for none."),
            ]),
        table(
            "predictions", "One row for each answer of a method to an example.",
            [
                ("id", "Number of the prediction."),
                ("cell_id", "Its cell."),
                ("example_id", "Its example; unique in the cell."),
                ("text", "The answer."),
                ("intermediate", "First of two passes; NULL otherwise."),
                ("prompt_tokens", "Tokens read, over all passes."),
                ("generated_tokens", "Tokens written, over all passes."),
                ("finish", "`stop`, `length` or `none`."),
                ("seconds", "Time charged to this example."),
                ("created_at", "When, ISO 8601 in UTC."),
            ]),
        table(
            "metrics", "One row for each metric in an exact variant.",
            [
                ("id", "Number of the metric."),
                ("signature", "Says the variant completely; unique."),
                ("name", "Short name, such as `rougeL`."),
                ("direction", "Which end is better: `higher` or `lower`."),
                ("scale", "`0-100` or `0-1`."),
                ("description", "What it measures."),
            ]),
        table(
            "prediction_scores",
            "One row for each metric of each prediction; the view `scores` has the metrics' names.",
            [
                ("prediction_id", "Its prediction."),
                ("metric_id", "Its metric."),
                ("value", "The score on the metric's scale."),
            ]),
        table(
            "cell_totals", "One row for each cell that has not changed since its standings were computed.",
            [
                ("cell_id", "The cell."),
                ("predictions", "Predictions that it has."),
                ("seconds", "Time charged to them."),
                ("generated_tokens", "Tokens written in them."),
            ]),
        table(
            "standings", "Means behind the views; they count while all cells of their run and method have totals.",
            [
                ("cell_id", "First cell of those that the mean is over."),
                (
                    "level",
                    "Which cells of the method: of one `setting`, of one `family`, of one main task and `target`."
                ),
                ("metric_id", "Its metric."),
                ("documents", "Number of documents behind the mean."),
                ("clusters", "Number of clusters of near-duplicates."),
                ("mean", "Mean over the documents."),
                ("standard_error", "Its standard error; NULL for one cluster."),
            ]),
    ]

    private static func table(_ name: String, _ summary: String, _ columns: [(String, String)]) -> Relation {
        Relation(name: name, isView: false, summary: summary, columns: columns.map { ColumnDescription($0, $1) })
    }
}
