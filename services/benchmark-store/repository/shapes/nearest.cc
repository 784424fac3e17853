#include "services/benchmark-store/repository/shapes/nearest.h"

#include <algorithm>
#include <limits>

namespace loadline::store {
namespace {

constexpr std::size_t kLeafSize = 32;

// The cheap squared distance multiplies where the exact one divides, and so
// may differ in the last bits: what is within this factor is looked at exactly.
constexpr double kRoundingSlack = 1 + 1e-9;

double Outside(double value, double low, double high) { return std::max({low - value, value - high, 0.0}); }

}  // namespace

Nearest::Nearest(const domain::TrafficShape& asked, const std::vector<Curve>& curves)
    : asked_(asked),
      curves_(curves),
      input_scale_(1 / asked.input_tokens),
      output_scale_(1 / asked.output_tokens),
      distance_(std::numeric_limits<double>::infinity()),
      limit_(std::numeric_limits<double>::infinity()) {}

double Nearest::Squared(double input_difference, double output_difference) const {
  const double input = input_difference * input_scale_;
  const double output = output_difference * output_scale_;
  return input * input + output * output;
}

double Nearest::SquaredDistanceTo(const domain::TrafficShape& low, const domain::TrafficShape& high) const {
  return Squared(Outside(asked_.input_tokens, low.input_tokens, high.input_tokens),
                 Outside(asked_.output_tokens, low.output_tokens, high.output_tokens));
}

void Nearest::Offer(std::uint32_t curve) {
  const auto& shape = curves_[curve].shape;
  const double input_difference = asked_.input_tokens - shape.input_tokens;
  const double output_difference = asked_.output_tokens - shape.output_tokens;
  if (!MayWin(Squared(input_difference, output_difference))) return;
  const double distance = domain::Distance(asked_, shape);
  if (distance > distance_ || (distance == distance_ && curve >= curve_)) return;
  curve_ = curve;
  distance_ = distance;
  limit_ = distance * distance * kRoundingSlack;
}

bool ShapeTree::Node::leaf() const { return end - begin <= kLeafSize; }

ShapeTree::ShapeTree(std::vector<std::uint32_t> members, const std::vector<Curve>& curves)
    : members_(std::move(members)) {
  members_.shrink_to_fit();
  Arrange(Root(), curves);
  boxes_.shrink_to_fit();
}

ShapeTree::Box ShapeTree::BoundsOf(const Node& node, const std::vector<Curve>& curves) const {
  Box box = {curves[members_[node.begin]].shape, curves[members_[node.begin]].shape};
  for (auto member = node.begin; member != node.end; ++member) {
    const auto& shape = curves[members_[member]].shape;
    box.low.input_tokens = std::min(box.low.input_tokens, shape.input_tokens);
    box.low.output_tokens = std::min(box.low.output_tokens, shape.output_tokens);
    box.high.input_tokens = std::max(box.high.input_tokens, shape.input_tokens);
    box.high.output_tokens = std::max(box.high.output_tokens, shape.output_tokens);
  }
  return box;
}

// Splits at the median of the side that spreads over the larger ratio, since
// distances are relative to what is asked.
void ShapeTree::Arrange(const Node& node, const std::vector<Curve>& curves) {
  if (boxes_.size() <= node.box) boxes_.resize(node.box + 1);
  const auto box = BoundsOf(node, curves);
  boxes_[node.box] = box;
  if (node.leaf()) return;
  const bool by_input = box.high.input_tokens * box.low.output_tokens >= box.high.output_tokens * box.low.input_tokens;
  const auto side = by_input ? &domain::TrafficShape::input_tokens : &domain::TrafficShape::output_tokens;
  const auto at = [&](std::size_t member) { return members_.begin() + static_cast<std::ptrdiff_t>(member); };
  std::nth_element(at(node.begin), at(node.left().end), at(node.end),
                   [&](auto a, auto b) { return curves[a].shape.*side < curves[b].shape.*side; });
  Arrange(node.left(), curves);
  Arrange(node.right(), curves);
}

void ShapeTree::Search(Nearest& nearest) const { Search(Root(), nearest); }

double ShapeTree::SquaredDistance(const Node& node, const Nearest& nearest) const {
  return nearest.SquaredDistanceTo(boxes_[node.box].low, boxes_[node.box].high);
}

void ShapeTree::Search(const Node& node, Nearest& nearest) const {
  if (node.leaf()) {
    for (auto member = node.begin; member != node.end; ++member) nearest.Offer(members_[member]);
    return;
  }
  auto near = node.left();
  auto far = node.right();
  double near_distance = SquaredDistance(near, nearest);
  double far_distance = SquaredDistance(far, nearest);
  if (far_distance < near_distance) {
    std::swap(near, far);
    std::swap(near_distance, far_distance);
  }
  if (nearest.MayWin(near_distance)) Search(near, nearest);
  if (nearest.MayWin(far_distance)) Search(far, nearest);
}

}  // namespace loadline::store
