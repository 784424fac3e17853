#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libs/domain/traffic_shape.h"

namespace loadline::store {

/// All rows of one configuration at one shape. `first_row` is for its owner: the JSON
/// backend keeps them from `rows[first_row]` up to the
/// first row of the next curve. Curves are numbered in order of configuration,
/// then shape, so that the smaller number wins a tie.
struct Curve {
  domain::TrafficShape shape = {};
  /// Rank of the configuration.
  std::uint32_t configuration = 0;
  std::uint32_t first_row = 0;
};

/// The nearest curve to an asked shape among those offered, by exactly
/// `domain::Distance`; ties go to the smaller number.
class Nearest {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  Nearest(const domain::TrafficShape& asked, const std::vector<Curve>& curves);

  void Offer(std::uint32_t curve);
  /// False when nothing at this approximate squared distance can win. NaN,
  /// which a tiny `asked` can lead to, always may.
  bool MayWin(double squared) const { return !(squared > limit_); }
  /// About the square of the least distance of shapes within these bounds.
  double SquaredDistanceTo(const domain::TrafficShape& low, const domain::TrafficShape& high) const;

  const std::vector<Curve>& curves() const { return curves_; }
  /// kNone if nothing was offered.
  std::uint32_t curve() const { return curve_; }
  double distance() const { return distance_; }

 private:
  double Squared(double input_difference, double output_difference) const;

  const domain::TrafficShape asked_;
  const std::vector<Curve>& curves_;
  const double input_scale_;
  const double output_scale_;
  std::uint32_t curve_ = kNone;
  double distance_;
  double limit_;
};

/// Curves of different shapes, arranged so that few need to be looked at to
/// find the nearest: a balanced tree of bounding boxes. Immutable.
class ShapeTree {
 public:
  /// `members` are numbers of `curves`.
  ShapeTree(std::vector<std::uint32_t> members, const std::vector<Curve>& curves);

  /// Offers every curve that may win.
  void Search(Nearest& nearest) const;

 private:
  struct Box {
    domain::TrafficShape low = {};
    domain::TrafficShape high = {};
  };
  /// A box's number and the members inside it. Its children are numbered as in
  /// a heap and hold a half each.
  struct Node {
    std::size_t box = 0;
    std::size_t begin = 0;
    std::size_t end = 0;

    bool leaf() const;
    Node left() const { return {2 * box + 1, begin, begin + (end - begin) / 2}; }
    Node right() const { return {2 * box + 2, begin + (end - begin) / 2, end}; }
  };

  Node Root() const { return {0, 0, members_.size()}; }
  Box BoundsOf(const Node& node, const std::vector<Curve>& curves) const;
  void Arrange(const Node& node, const std::vector<Curve>& curves);
  void Search(const Node& node, Nearest& nearest) const;
  double SquaredDistance(const Node& node, const Nearest& nearest) const;

  std::vector<std::uint32_t> members_;
  std::vector<Box> boxes_;
};

}  // namespace loadline::store
