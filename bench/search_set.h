#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "libs/domain/catalog.h"

/// Models to search among, and what people ask for.
namespace loadline::bench {

/// 10,000 models: all families in all sizes and variants. Always the same.
std::vector<domain::Model> SearchableModels();

/// A family, a size and a variant, such as `harbor 70b instruct`; where
/// `misspelled`, the family lacks a letter.
std::string AnySearch(std::mt19937_64& random, bool misspelled);

}  // namespace loadline::bench
