extension ViewDefinition {
    static let learningCurves = ViewDefinition(
        "learning_curves",
        "One row for each loss that a training measured: at every step, and on the validation split.",
        columns: [
            ColumnDescription("adapter_id", "Number of the adapter; see `training`, and `adapter_id` in `cells`."),
            ColumnDescription("model", "Name of the base model."),
            ColumnDescription("build", "Name of the build whose examples it saw."),
            ColumnDescription("task", "Task or composition it was trained for."),
            ColumnDescription("kind", "What it is: `lora`, `learnable-calibration` and so on."),
            ColumnDescription("split", "`train` for the examples of one step, `validation` for all of that split."),
            ColumnDescription("step", "Optimiser steps that were done when it was measured; 0 is the start."),
            ColumnDescription("epoch", "Epochs that were complete, for validation; NULL for a step."),
            ColumnDescription("loss", "Mean loss, nats an answer token."),
        ],
        query: """
            SELECT
                adapters.id, models.name, builds.name, adapters.task, adapters.kind, losses.split, losses.step,
                losses.epoch, losses.loss
            FROM (
                SELECT adapter_id, 'train' AS split, step, NULL AS epoch, loss FROM training_steps
                UNION ALL
                SELECT adapter_id, 'validation', step, epoch, loss FROM validation_losses
            ) AS losses
            JOIN adapters ON adapters.id = losses.adapter_id
            JOIN models ON models.id = adapters.model_id
            JOIN builds ON builds.id = adapters.build_id
            """)
}
