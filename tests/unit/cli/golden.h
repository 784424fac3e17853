#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cli/output/table.h"
#include "cli/output/text.h"
#include "libs/base/environment.h"
#include "libs/testing/temp_dir.h"

namespace loadline::cli {

/// Expects `text` to be what tests/golden/cli/<name>.txt holds, and no wider
/// than a table may be. With UPDATE_GOLDEN=1 in the environment the file is
/// written instead: look at the difference before you commit it.
inline void ExpectGolden(const std::string& name, const std::string& text) {
  for (const auto& line : SplitLines(text)) EXPECT_LE(DisplayWidth(line), Table::kMaxWidth) << line;
  const auto path = std::filesystem::path(LOADLINE_SOURCE_DIR) / "tests/golden/cli" / (name + ".txt");
  if (base::FromProcess("UPDATE_GOLDEN")) {
    std::ofstream(path, std::ios::binary) << text;
  }
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing; run with UPDATE_GOLDEN=1 to write it";
  EXPECT_EQ(text, testing::ReadFile(path)) << "differs from " << path << "; run with UPDATE_GOLDEN=1 to rewrite it";
}

}  // namespace loadline::cli
