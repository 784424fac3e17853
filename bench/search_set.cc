#include "bench/search_set.h"

#include <fmt/format.h>

#include <array>

namespace loadline::bench {
namespace {

constexpr std::array kFamilies = {"harbor",  "lantern", "meridian", "compass",   "sextant",  "tiller",  "anchor",
                                  "capstan", "galleon", "trawler",  "monsoon",   "estuary",  "lagoon",  "current",
                                  "beacon",  "mariner", "schooner", "spinnaker", "longboat", "bowsprit"};
constexpr std::array kVariants = {"base",      "instruct", "chat",    "coder", "math",  "vision", "audio",
                                  "reasoning", "preview",  "distill", "long",  "mini",  "turbo",  "guard",
                                  "embed",     "agent",    "thinker", "draft", "legal", "medical"};
constexpr int kSizes = 25;

std::string SizeOf(int size) { return fmt::format("{}b", 3 * size + 1); }

template <typename Names>
std::string AnyOf(const Names& names, std::mt19937_64& random) {
  return names[random() % names.size()];
}

}  // namespace

std::vector<domain::Model> SearchableModels() {
  std::vector<domain::Model> models;
  for (const auto* family : kFamilies) {
    for (int size = 0; size < kSizes; ++size) {
      for (const auto* variant : kVariants) {
        models.push_back({.name = fmt::format("{}-ai/{}-2-{}-{}", family, family, SizeOf(size), variant),
                          .parameters_billion = 3.0 * size + 1,
                          .architecture = family,
                          .tags = {variant}});
      }
    }
  }
  return models;
}

std::string AnySearch(std::mt19937_64& random, bool misspelled) {
  auto family = AnyOf(kFamilies, random);
  if (misspelled) family.erase(family.size() - 2, 1);
  return fmt::format("{} {} {}", family, SizeOf(static_cast<int>(random() % kSizes)), AnyOf(kVariants, random));
}

}  // namespace loadline::bench
