#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Settings by name: `model`, `hardware` (or `gpu`), `hardware_count` (or
/// `gpu_count`), else `tp` times `pp`; `framework`, `framework_version`,
/// `precision`, `prompt_tokens`, `output_tokens`. Empty values are not set.
/// Fails with a violation on the name that is not known, or whose value is no
/// number.
base::Result<ImportOverrides> SettingsByName(const std::map<std::string, std::string>& values);

/// True for the names above. In an expression for paths they name groups.
bool IsSettingName(std::string_view name);
/// "model, hardware, ...".
std::string SettingNames();

/// The settings that a meta.yaml holds: one for each line. Fails with
/// `MALFORMED_YAML`, or as SettingsByName.
base::Result<ImportOverrides> ParseMetaFile(std::string_view text);

/// `settings`, and what they do not say from `further`.
ImportOverrides FilledUp(ImportOverrides settings, const ImportOverrides& further);

}  // namespace loadline::cli
