-- What operators write by SQL. Stores never write these columns, and keep what
-- stands in them: an import adds rows of its own, and a change of a price or of a
-- model touches other columns only.
COMMENT ON COLUMN model_versions.version IS
  'Empty for the rows that benchmarks refer to. Operators may add rows of the same precision with a name of their own '
  'for the weights, such as a commit; benchmarks do not refer to those.';
COMMENT ON COLUMN model_versions.format IS
  'The format of the weights, such as safetensors. Written by operators: no report says it.';
COMMENT ON COLUMN model_versions.artifact_uri IS
  'Where the weights are, such as s3://weights/llama. Written by operators: no report says it.';
COMMENT ON COLUMN inference_frameworks.capabilities IS
  'What this version can do, such as prefix-caching. Written by operators: no report says it.';
COMMENT ON COLUMN inference_frameworks.default_config IS
  'The settings that deployments of this version start from. Written by operators.';
COMMENT ON COLUMN hardware_prices.instance IS
  'Empty for the price that plans use. Operators may add a row for each instance type of a provider.';
