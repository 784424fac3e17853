#include "tests/integration/small_disk.h"

#include <pwd.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace loadline::testing {
namespace {

bool MountAt(const std::string& path, unsigned long flags, int mebibytes) {
  const auto* owner = ::getpwnam("postgres");
  const auto options = "mode=700,uid=" + std::to_string(owner == nullptr ? ::geteuid() : owner->pw_uid) +
                       ",size=" + std::to_string(mebibytes) + "m";
  return ::mount("tmpfs", path.c_str(), "tmpfs", flags, options.c_str()) == 0;
}

}  // namespace

SmallDisk::SmallDisk() : cleanup_("umount --lazy " + folder_.path().string() + "; rmdir " + folder_.path().string()) {}

std::unique_ptr<SmallDisk> SmallDisk::Mount(int mebibytes) {
  std::unique_ptr<SmallDisk> disk(new SmallDisk);
  if (!MountAt(disk->path(), 0, mebibytes)) return nullptr;
  return disk;
}

SmallDisk::~SmallDisk() { ::umount2(path().c_str(), MNT_DETACH); }

void SmallDisk::Grow(int mebibytes) const {
  if (!MountAt(path(), MS_REMOUNT, mebibytes)) throw std::system_error(errno, std::generic_category(), path());
}

}  // namespace loadline::testing
