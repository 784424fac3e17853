#pragma once

#include <string_view>

namespace loadline::service {

/// Whether only this machine reaches what listens on `listen_address`, a list of
/// host:port. True for what is no such list: nothing listens there.
bool OnlyThisMachine(std::string_view listen_address);

}  // namespace loadline::service
