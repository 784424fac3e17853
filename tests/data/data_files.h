#pragma once

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace loadline::test {

/// The text of a file of the repository; empty if it cannot be read.
inline std::string ReadRepositoryFile(const std::string& path) {
  std::ifstream file(std::string(LOADLINE_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A JSON file of the repository, such as "data/models.json".
inline nlohmann::json ReadRepositoryJson(const std::string& path) {
  return nlohmann::json::parse(ReadRepositoryFile(path));
}

}  // namespace loadline::test
