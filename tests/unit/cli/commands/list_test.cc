#include <nlohmann/json.hpp>

#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class List : public CommandTest {
 protected:
  // Pages of `size` models each; all but the last one have a token.
  void GivePages(int count, int size) {
    for (int page = 0; page < count; ++page) {
      auto& answer = services.catalog.models.answers.emplace_back();
      for (int i = 0; i < size; ++i) {
        answer.add_models()->set_model_hf_repo("acme/m" + std::to_string(page) + "-" + std::to_string(i));
      }
      if (page + 1 < count) answer.set_next_page_token("after-" + std::to_string(page));
    }
  }

  const std::vector<catalog_api::ListModelsRequest>& Requests() const { return services.catalog.models.requests; }
};

TEST_F(List, FetchesPagesUntilTheLimit) {
  GivePages(3, 2);
  const auto run = Loadline({"list", "models", "--limit", "4"});
  ASSERT_THAT(Requests(), SizeIs(2));
  EXPECT_EQ(Requests()[0].page_size(), 4);
  EXPECT_EQ(Requests()[1].page_size(), 4) << "a token is for the same page size";
  EXPECT_EQ(Requests()[1].page_token(), "after-0");
  EXPECT_THAT(run.out, HasSubstr("acme/m1-1"));
  EXPECT_THAT(run.out,
              HasSubstr("4 listed; more follow. Raise --limit (0 lists all), or go on with --page-token after-1"));
}

TEST_F(List, LimitZeroFetchesEverything) {
  GivePages(3, 2);
  const auto run = Loadline({"list", "models", "--limit", "0"});
  EXPECT_THAT(Requests(), SizeIs(3));
  EXPECT_EQ(Requests()[0].page_size(), 1000);
  EXPECT_THAT(run.out, HasSubstr("acme/m2-1"));
  EXPECT_THAT(run.out, Not(HasSubstr("more follow")));
}

TEST_F(List, JsonIsOneAnswerWithTheRowsOfAllPages) {
  GivePages(3, 2);
  const auto json = nlohmann::json::parse(Loadline({"list", "models", "--limit", "0", "-o", "json"}).out);
  EXPECT_THAT(json["models"], SizeIs(6));
  EXPECT_EQ(json["next_page_token"], "");
}

TEST_F(List, RowsBeyondTheLimitAreDropped) {
  GivePages(2, 3);
  const auto json = nlohmann::json::parse(Loadline({"list", "models", "--limit", "4", "-o", "json"}).out);
  EXPECT_THAT(json["models"], SizeIs(4));
  EXPECT_EQ(json["next_page_token"], "") << "the rows that were dropped would be skipped";
}

TEST_F(List, APageTokenContinues) {
  GivePages(1, 2);
  Loadline({"list", "models", "--page-token", "after-7"});
  EXPECT_EQ(Requests()[0].page_token(), "after-7");
}

TEST_F(List, AFailureOnALaterPagePrintsNoHalfList) {
  GivePages(2, 2);
  services.catalog.models.answers.pop_back();  // The first page again and again, until the store fails.
  services.catalog.models.failure = grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");
  const auto run = Loadline({"list", "models"});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(List, NothingIsSaidToBeNothing) {
  EXPECT_EQ(Loadline({"list", "quarantined"}).out, "There are none.\n");
  EXPECT_EQ(Loadline({"list", "benchmarks"}).out, "There are none.\n");
}

TEST_F(List, FiltersReachTheStore) {
  Loadline({"list", "benchmarks", "--model", "acme/sail", "--hardware", "H100", "--hardware-count", "2", "--framework",
            "vllm", "--framework-version", "0.11.0", "--precision", "fp8", "--input-tokens", "512", "--output-tokens",
            "256"});
  const auto& filter = services.benchmarks.list.requests.at(0).filter();
  EXPECT_EQ(filter.model_hf_repo(), "acme/sail");
  EXPECT_EQ(filter.hardware(), "H100");
  EXPECT_EQ(filter.hardware_count(), 2);
  EXPECT_EQ(filter.framework(), "vllm");
  EXPECT_EQ(filter.framework_version(), "0.11.0");
  EXPECT_EQ(filter.precision(), "fp8");
  EXPECT_EQ(filter.shape().input_tokens(), 512);
  EXPECT_EQ(filter.shape().output_tokens(), 256);
}

TEST_F(List, FiltersOfModelsReachTheStore) {
  Loadline({"list", "models", "--architecture", "llama", "--tag", "moe,fp8", "--tag", "chat", "--use-case", "rag"});
  EXPECT_EQ(Requests().at(0).architecture(), "llama");
  EXPECT_THAT(Requests().at(0).tags(), ElementsAre("moe", "fp8", "chat"));
  EXPECT_EQ(Requests().at(0).use_case(), "rag");
}

TEST_F(List, AbsentFiltersAreAbsent) {
  Loadline({"list", "configurations"});
  const auto& filter = services.benchmarks.configurations.requests.at(0).filter();
  EXPECT_FALSE(filter.has_shape());
  EXPECT_FALSE(filter.has_hardware_count());
}

TEST_F(List, AViolationNamesTheArgument) {
  services.benchmarks.list.failure = rpc::ToGrpcStatus(base::InvalidArgument("page_token", "belongs to another list"));
  const auto run = Loadline({"list", "benchmarks", "--page-token", "x"});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error, "error: --page-token: belongs to another list\n");
}

TEST_F(List, EveryListIsPrinted) {
  *services.benchmarks.list.answers.emplace_back().add_benchmarks() = ExampleBenchmark();
  *services.benchmarks.configurations.answers.emplace_back().add_configurations()->mutable_configuration() =
      ExampleBenchmark().configuration();
  *services.benchmarks.quarantined.answers.emplace_back().add_rows()->mutable_benchmark() = ExampleBenchmark();
  services.catalog.hardware.answers.emplace_back().add_hardware()->set_name("H100");
  services.catalog.use_cases.answers.emplace_back().add_use_cases()->set_id("chatbot");
  EXPECT_THAT(Loadline({"list", "benchmarks"}).out, HasSubstr("b-0123456789abcdef01234567"));
  EXPECT_THAT(Loadline({"list", "configurations"}).out, HasSubstr("2× H100, bf16, vllm 0.11.0"));
  EXPECT_THAT(Loadline({"list", "quarantined"}).out, HasSubstr("reports/sail.json"));
  EXPECT_THAT(Loadline({"list", "hardware"}).out, HasSubstr("H100"));
  EXPECT_THAT(Loadline({"list", "use-cases"}).out, HasSubstr("chatbot"));
}

TEST_F(List, GetShowsOneBenchmark) {
  *services.benchmarks.get.answers.emplace_back().mutable_benchmark() = ExampleBenchmark();
  const auto run = Loadline({"get", "b-0123456789abcdef01234567"});
  EXPECT_EQ(services.benchmarks.get.requests.at(0).id(), "b-0123456789abcdef01234567");
  EXPECT_THAT(run.out, HasSubstr("acme/sail-7b-instruct on 2× H100, bf16, vllm 0.11.0"));
}

TEST_F(List, GetOfWhatIsNotThereIsBadInput) {
  services.benchmarks.get.failure =
      rpc::ToGrpcStatus(base::NotFound("BENCHMARK_NOT_FOUND", "There is no benchmark `b-0`.", {}));
  const auto run = Loadline({"get", "b-0"});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error, "error: There is no benchmark `b-0`. See `loadline list benchmarks`.\n");
}

TEST_F(List, SetHardwareSendsWhatWasGiven) {
  services.catalog.upsert.answers.emplace_back().mutable_hardware()->set_name("X1");
  const auto run = Loadline({"hardware", "set", "X1", "--memory-gib", "48", "--price", "aws:spot=1.25", "--price",
                             "own=0.5", "--alias", "x-one"});
  EXPECT_EQ(run.status, 0) << run.error;
  const auto& sent = services.catalog.upsert.requests.at(0).hardware();
  EXPECT_EQ(sent.name(), "X1");
  EXPECT_EQ(sent.memory_gib(), 48);
  ASSERT_EQ(sent.prices_size(), 2);
  EXPECT_EQ(sent.prices(0).provider(), "aws");
  EXPECT_EQ(sent.prices(0).purchase_option(), "spot");
  EXPECT_EQ(sent.prices(0).usd_per_gpu_hour(), 1.25);
  EXPECT_EQ(sent.prices(1).purchase_option(), "on_demand");
  EXPECT_EQ(sent.aliases(0), "x-one");
  EXPECT_THAT(run.out, HasSubstr("X1"));
}

}  // namespace
}  // namespace loadline::cli
