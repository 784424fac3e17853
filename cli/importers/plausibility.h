#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Removes TTFT and ITL of a run without streaming: there the first token comes
/// with the last, so TTFT says nothing.
void DropStreamingLatencies(ImportedRow& row);

/// Looks at a row as a whole. Where TTFT is E2E although several tokens came,
/// nothing was streamed, and DropStreamingLatencies is done. Warns, without
/// refusing, where output tokens/s differ from rate x length by more than a
/// tenth, where E2E differs from TTFT + (length - 1) x ITL by more than a
/// quarter, and where outputs are more than twice as long as was asked for.
void CheckPlausibility(ImportedRow& row);

}  // namespace loadline::cli
