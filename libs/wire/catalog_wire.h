#pragma once

#include "libs/domain/catalog.h"

namespace loadline::catalog::v1 {
class Hardware;
class Model;
class UseCase;
}  // namespace loadline::catalog::v1

/// domain <-> protobuf for the catalogue; conventions as in benchmark_wire.h.
namespace loadline::wire {

void ToProto(const domain::Model& from, ::loadline::catalog::v1::Model* to);
void ToProto(const domain::Hardware& from, ::loadline::catalog::v1::Hardware* to);
void ToProto(const domain::UseCase& from, ::loadline::catalog::v1::UseCase* to);

domain::Model FromProto(const ::loadline::catalog::v1::Model& from);
/// Unchecked; see domain::Validate.
domain::Hardware FromProto(const ::loadline::catalog::v1::Hardware& from);
/// Fails if the shape or the SLO is not valid.
base::Result<domain::UseCase> FromProto(const ::loadline::catalog::v1::UseCase& from);

}  // namespace loadline::wire
