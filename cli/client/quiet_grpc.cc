#include "cli/client/quiet_grpc.h"

#include <grpc/support/log.h>

#include "libs/base/environment.h"

namespace loadline::cli {

void QuietGrpc() {
  if (!base::FromProcess("GRPC_VERBOSITY")) gpr_set_log_function([](gpr_log_func_args*) {});
}

}  // namespace loadline::cli
