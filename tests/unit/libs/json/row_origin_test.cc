#include "libs/json/row_origin.h"

#include <gmock/gmock.h>

#include <ostream>

namespace loadline::json {
namespace {

using domain::Origin;

struct Statement {
  const char* object;
  std::optional<Origin> origin;
};

void PrintTo(const Statement& statement, std::ostream* out) { *out << statement.object; }

class StatedOriginOf : public ::testing::TestWithParam<Statement> {};

TEST_P(StatedOriginOf, IsTheOneThatTheWordsSay) {
  EXPECT_EQ(StatedOrigin(nlohmann::json::parse(GetParam().object)), GetParam().origin);
}

INSTANTIATE_TEST_SUITE_P(
    RowOrigin, StatedOriginOf,
    ::testing::Values(
        Statement{R"({})", std::nullopt}, Statement{R"({"source": "our cluster"})", std::nullopt},
        Statement{R"({"estimated": true})", Origin::kEstimated}, Statement{R"({"estimated": false})", std::nullopt},
        Statement{R"({"estimated": "true"})", Origin::kEstimated},
        Statement{R"({"estimated": true, "estimation_method": "scaling_interpolation_v2"})", Origin::kInterpolated},
        Statement{R"({"interpolated": true})", Origin::kInterpolated},
        Statement{R"({"simulated": true})", Origin::kSimulated},
        Statement{R"({"source": "BLIS simulator"})", Origin::kSimulated},
        Statement{R"({"generation_method": "BLIS"})", Origin::kSimulated},
        Statement{R"({"source": "Synthetic"})", Origin::kSynthetic},
        Statement{R"({"method": "scaling_interpolation_v2"})", Origin::kInterpolated},
        // What a description says is prose: BLIS files speak of "synthetic data".
        Statement{R"({"description": "Synthetic data", "generation_method": "BLIS simulated"})", Origin::kSimulated},
        Statement{R"({"source": 7, "method": null})", std::nullopt}, Statement{R"([1])", std::nullopt}));

}  // namespace
}  // namespace loadline::json
