#include "services/planner/api/rejection_token.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <charconv>

#include "libs/wire/page_token.h"

namespace loadline::planner {
namespace {

constexpr char kField[] = "rejection_page_token";
constexpr char kSeparator = ' ';

// The same bytes for the same request: maps have no order otherwise.
std::string Fingerprint(v1::PlanCapacityRequest request) {
  request.clear_rejection_page_token();
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace

std::string RejectionToken(const v1::PlanCapacityRequest& request, const RejectionPage& page) {
  // `after` ends at the first character that is no digit.
  return wire::EncodePageToken(
      {.revision = page.revision, .after = std::to_string(page.after) + kSeparator + page.snapshot_id},
      Fingerprint(request));
}

base::Result<std::optional<RejectionPage>> RejectionPageOf(const v1::PlanCapacityRequest& request) {
  if (request.rejection_page_token().empty()) return std::nullopt;
  LOADLINE_ASSIGN_OR_RETURN(const auto position,
                            wire::DecodePageToken(request.rejection_page_token(), Fingerprint(request), kField));
  RejectionPage page{.revision = position.revision};
  const auto* end = position.after.data() + position.after.size();
  const auto [stop, error] = std::from_chars(position.after.data(), end, page.after);
  if (error != std::errc() || stop == end || *stop != kSeparator || page.after < 0) {
    return base::Fail(base::InvalidArgument(kField, "is damaged; start again without it."));
  }
  page.snapshot_id.assign(stop + 1, end);
  return page;
}

}  // namespace loadline::planner
