#pragma once

#include <string>

namespace loadline::store::postgres {

/// SQL that gives an empty database one curve, of this model, at revision 1.
inline std::string OneCurve(const std::string& model) {
  return "INSERT INTO models (name) VALUES ('" + model + "');" + R"(
INSERT INTO model_versions (model_id, precision) SELECT id, 'fp16' FROM models;
INSERT INTO hardware_types (name) VALUES ('H100');
INSERT INTO hardware_configs (hardware_type_id, hardware_count) SELECT id, 1 FROM hardware_types;
INSERT INTO inference_frameworks (name, version) VALUES ('vllm', '0.8.4');
INSERT INTO configurations (model_version_id, hardware_config_id, framework_id)
  SELECT v.id, h.id, f.id FROM model_versions v, hardware_configs h, inference_frameworks f;
INSERT INTO curves (configuration_id, input_tokens, output_tokens, created_revision, changed_revision, undated)
  SELECT id, 512, 256, 1, 1, true FROM configurations;
)";
}

/// SQL that gives it one provenance.
inline constexpr char kOneProvenance[] =
    "INSERT INTO provenances (source, origin, confidence_level, format, tool_version, sha256, path, content_hash) "
    "VALUES ('', 'measured', '', '', '', '', '', sha256('none'))";

}  // namespace loadline::store::postgres
